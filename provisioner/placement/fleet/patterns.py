"""Patterns: ways to fill one host of each machine type, keeping the shares of CPU and memory that are left in balance."""

from typing import Final, NamedTuple

import numpy as np

from provisioner.placement.fleet.model import Demand, Filled, Floats, Ints, Machines

BATCH: Final = 3
"""Of a class that fits n times, n / BATCH are added at once; then the balance is looked at again."""


class Order(NamedTuple):
    """What comes next into a host: the class with the greatest `value ** worth * balance ** match`.

    `balance` is the cosine between what a container takes of the machine and what is left of it.
    """

    worth: float
    match: float


def fill(values: Floats, demand: Demand, machines: Machines, limit: Ints, order: Order) -> Filled:
    """One host of every type, filled greedily. `limit` (J,) is how many containers there are to take from."""
    present = np.flatnonzero(limit > 0)
    sizes, types = demand.sizes[present], np.arange(len(machines.price))
    room = np.maximum(machines.room, 1).astype(float)
    left = np.where(demand.allowed[present].T, np.minimum(limit, demand.most)[present], 0)
    rest, counts = machines.room.copy(), np.zeros((len(types), len(present)), np.int64)
    weight = np.maximum(values[present], 1e-9) ** order.worth
    share = sizes[None] / room[:, None]
    direction = share / np.sqrt((share**2).sum(axis=2, keepdims=True))
    taking = sizes > 0
    safe = np.where(taking, sizes, 1)
    while True:
        fits = np.where(taking, rest[:, None] // safe, demand_limit(limit)).min(axis=2)
        fits = np.minimum(fits, left)
        if not fits.any():
            break
        free = rest / room
        balance = np.einsum("tjd,td->tj", direction, free / np.maximum(np.sqrt((free**2).sum(axis=1)), 1e-12)[:, None])
        chosen = np.where(fits > 0, weight * balance**order.match, -1.0).argmax(axis=1)
        quantity = fits[types, chosen]
        quantity = np.where(quantity > BATCH, quantity // BATCH, np.minimum(quantity, 1))
        counts[types, chosen] += quantity
        left[types, chosen] -= quantity
        rest -= quantity[:, None] * sizes[chosen]
    full = np.zeros((len(types), len(limit)), np.int64)
    full[:, present] = counts
    return Filled(machines=types, counts=full)


def demand_limit(limit: Ints) -> int:
    """A count that no class reaches."""
    return int(limit.sum()) + 1
