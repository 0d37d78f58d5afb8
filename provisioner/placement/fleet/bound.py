"""Lower bounds: what no set of machines that holds everything can cost less than.

The bound is the dual of the configuration LP. Any prices for the classes prove one, once no machine can hold containers worth
more than the machine costs. What a machine can hold at most is a knapsack: its linear relaxation says it for the machines that
are clearly too dear or too large, and the exact one, over all other machine types in one table, for the rest.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from provisioner.placement.fleet import knapsack
from provisioner.placement.fleet.model import Bools, Demand, Filled, Floats, Ints, Machines, joined, nothing

SCALE: Final = 100_000_000
"""Values are whole numbers in the table, the dearest machine being worth about this: sums are exact and compare exactly."""
GOOD: Final = 0.995
"""Share of a machine's price that a filling must be worth to be handed out."""
NEAR: Final = 0.98
"""Share of its price from which a machine is filled exactly: below, the relaxation says enough."""
CROSSED: Final = 60
"""Classes of which each pair is tried for the relaxation."""
SLACK: Final = 1e-9
"""Relative room for the rounding of floats in the relaxation: it is proven with this much to spare."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proof:
    """What no hosts can do: hold containers worth `total` in all, unless their machines can hold as much together."""

    total: int
    worth: Floats
    """(T,): of containers worth no more can one host of each type hold."""
    filled: Filled
    """The most valuable fillings found."""

    def bound(self, prices: Ints) -> float:
        """Nano-USD an hour that hosts which hold everything cost at least."""
        held = self.worth > 0
        return float((prices[held] / self.worth[held]).min()) * self.total if held.any() else 0.0

    def rules_out(self, sets: Ints) -> Bools:
        """Those of the sets (K, T), each so many machines of each type, that cannot hold everything."""
        return sets @ self.worth < self.total


def prove(values: Floats, demand: Demand, machines: Machines, prices: Floats | None = None) -> Proof:
    """What containers worth `values` (J,) prove, and the fillings worth nearly as much as `prices` (T,), else the machine's."""
    unit = float(machines.price.max()) / SCALE
    whole = np.floor(values / unit).astype(np.int64)
    price = (machines.price if prices is None else prices) / unit
    worth, found, limits = np.zeros(len(price)), [nothing(len(values))], demand.limits
    for types in _alike(demand.allowed):
        usable = np.flatnonzero(demand.allowed[:, types[0]] & (whole > 0) & (demand.counts > 0))
        if len(usable) == 0:
            continue
        sizes, rooms = demand.sizes[usable, :2], machines.room[types, :2]
        worth[types] = relaxed_worth(whole[usable], sizes, rooms, limits[usable]) * (1 + SLACK)
        near = knapsack.affordable(sizes, rooms, worth[types] > NEAR * price[types])
        if near.any():
            good = np.maximum(price[types[near]] * GOOD, 1.0)
            alike = limits[usable], demand.rivals[usable]
            worth[types[near]], room, filled = knapsack.solve(whole[usable], sizes, rooms[near], good, *alike)
            counts = np.zeros((len(room), len(values)), np.int64)
            counts[:, usable] = filled
            found.append(Filled(machines=types[near][room], counts=counts))
    return Proof(total=int(whole @ demand.counts), worth=worth, filled=joined(*found))


def relaxed_worth(values: Ints, sizes: Ints, rooms: Ints, limits: Ints) -> Floats:
    """(T,): the most that could fit into each room if containers could be cut, and there are `limits` (J,) of them.

    Any unit prices of CPU and memory say at most how much: the room at these prices, and what containers are worth beyond
    theirs. The best ones are where two classes are worth exactly their room, so those are tried.
    """
    dense = np.argsort(-values / (sizes / sizes.max(axis=0).clip(1)).sum(axis=1).clip(1e-9), kind="stable")
    tried = dense[np.linspace(0, len(dense) - 1, min(len(dense), CROSSED)).astype(np.int64)]
    corners = _crossings(sizes[tried].astype(float), values[tried].astype(float))
    beyond = np.maximum(values - corners @ sizes.T, 0.0) @ limits
    return (rooms @ corners.T + beyond).min(axis=1)


def volume(demand: Demand, machines: Machines) -> Floats:
    """(J,): each class at the unit prices of CPU and memory that prove most: no machine's room is worth more than its price."""
    room, price = machines.room[:, :2].astype(float), machines.price.astype(float)
    corners = _crossings(room, price)
    corners = corners[(corners @ room.T <= price * (1 + 1e-12)).all(axis=1)]
    total = demand.counts @ demand.sizes[:, :2]
    return demand.sizes[:, :2] @ corners[int(np.argmax(corners @ total))]


def _crossings(rows: Floats, limits: Floats) -> Floats:
    """The unit prices (K, 2), none negative, at which two of `rows @ p == limits` hold, or one and a price is zero."""
    one, two = np.triu_indices(len(rows), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        area = rows[one, 0] * rows[two, 1] - rows[two, 0] * rows[one, 1]
        first = (limits[one] * rows[two, 1] - limits[two] * rows[one, 1]) / area
        second = (rows[one, 0] * limits[two] - rows[two, 0] * limits[one]) / area
        axes = limits[:, None] / rows
    alone = np.concatenate(
        [np.stack([axes[:, 0], np.zeros(len(rows))], axis=1), np.stack([np.zeros(len(rows)), axes[:, 1]], axis=1)]
    )
    crossings = np.concatenate([np.zeros((1, 2)), alone, np.stack([first, second], axis=1)])
    return crossings[np.isfinite(crossings).all(axis=1) & (crossings >= 0).all(axis=1)]


def _alike(allowed: Bools) -> list[Ints]:
    """The machine types that the same classes may use, together."""
    groups: dict[bytes, list[int]] = {}
    for machine in range(allowed.shape[1]):
        groups.setdefault(allowed[:, machine].tobytes(), []).append(machine)
    return [np.array(types) for types in groups.values()]
