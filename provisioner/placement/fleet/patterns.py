"""Patterns: ways to fill one host of each machine type, keeping the shares of CPU and memory that are left in balance."""

from typing import Final, NamedTuple

import numpy as np

from provisioner.placement.fleet.model import FREE, Demand, Filled, Floats, Ints, Machines

BATCH: Final = 3
"""Of a class that fits n times, n / BATCH are added at once; then the balance is looked at again."""


class Order(NamedTuple):
    """What comes next into a host: the class with the greatest `value ** worth * balance ** (2 ** squared)`.

    `balance` is the cosine between what a container takes of the machine and what is left of it.
    """

    worth: float
    squared: int


def fill(values: Floats, demand: Demand, machines: Machines, limit: Ints, order: Order) -> Filled:
    """One host of every type, filled greedily. `limit` (J,) is how many containers there are to take from."""
    present = np.flatnonzero(limit > 0)
    sizes, types = demand.sizes[present], np.arange(len(machines.price))
    room = np.maximum(machines.room, 1).astype(float)
    left = np.where(demand.allowed[present].T, np.minimum(limit, demand.limits)[present], 0)
    rivals = demand.rivals[present]
    shut, has_rivals = (rivals != FREE)[:, None] & (rivals[:, None] == rivals[None]), bool((rivals != FREE).any())
    rest, counts = machines.room.copy(), np.zeros((len(types), len(present)), np.int64)
    weight = np.maximum(values[present], 1e-9) ** order.worth
    share = sizes[None] / room[:, None]
    direction = share / np.sqrt((share**2).sum(axis=2, keepdims=True))
    # One resource after the other: numpy is several times slower over a last axis of two.
    towards = [np.ascontiguousarray(direction[:, :, resource]) for resource in range(sizes.shape[1])]
    asked = [(resource, size, size == 0) for resource, size in enumerate(sizes.T.copy()) if size.any()]
    while True:
        fits = left
        for resource, size, free_of_it in asked:
            times = rest[:, resource, None] // np.maximum(size, 1)
            fits = np.minimum(fits, np.where(free_of_it, left, times) if free_of_it.any() else times)
        if not fits.any():
            break
        free = rest / room
        free = free / np.maximum(np.sqrt((free**2).sum(axis=1, keepdims=True)), 1e-12)
        balance = sum(free[:, resource, None] * part for resource, part in enumerate(towards))
        for _ in range(order.squared):
            balance = balance * balance
        chosen = np.where(fits > 0, weight * balance, -1.0).argmax(axis=1)
        quantity = fits[types, chosen]
        quantity = np.where(quantity > BATCH, quantity // BATCH, np.minimum(quantity, 1))
        counts[types, chosen] += quantity
        left[types, chosen] -= quantity
        if has_rivals:
            left[shut[chosen] & (quantity > 0)[:, None]] = 0
        rest -= quantity[:, None] * sizes[chosen]
    full = np.zeros((len(types), len(limit)), np.int64)
    full[:, present] = counts
    return Filled(machines=types, counts=full)
