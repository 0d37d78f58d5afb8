"""Sets of machines that could hold everything, by price: all those that no proof rules out."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from provisioner.placement.fleet.bound import Proof
from provisioner.placement.fleet.model import Demand, Floats, Ints, Machines

MOST: Final = 400_000
"""Sets looked at on one level at most."""


def machine_sets(demand: Demand, machines: Machines, proofs: Sequence[Proof], below: int) -> Ints | None:
    """(K, T): how many machines of each type, the cheapest sets first, all cheaper than `below`; None where there are too many.

    Types are decided on one after the other. What a proof still asks for costs at least its cheapest rate of all types left.
    """
    types = worthwhile(demand, machines)
    types = types[np.argsort(-machines.price[types], kind="stable")]
    price = machines.price[types]
    worths, needs = _asked(demand, machines, proofs)
    worths = worths[:, types]
    rate = np.minimum.accumulate(_rates(price, worths)[:, ::-1], axis=1)[:, ::-1]
    sets = np.zeros((1, len(types)), np.int64)
    for number in range(len(types)):
        times = (below - 1 - sets @ price) // price[number]
        rows = np.repeat(np.arange(len(sets)), times + 1)
        if len(rows) > MOST:
            return None
        first = np.repeat(np.cumsum(times + 1) - times - 1, times + 1)
        sets = sets[rows]
        sets[:, number] = np.arange(len(rows)) - first
        paid, left = sets @ price, needs - sets @ worths.T
        rest = rate[:, number + 1] if number + 1 < len(types) else np.where(np.ones(len(needs), np.bool_), np.inf, 0)
        with np.errstate(invalid="ignore"):
            least = np.where(left > 0, left * rest, 0.0).max(axis=1, initial=0.0)
        sets = sets[paid + least < below * (1 - 1e-12)]
    sets = sets[np.lexsort((*sets.T, sets.sum(axis=1), sets @ price))]
    whole = np.zeros((len(sets), len(machines.price)), np.int64)
    whole[:, types] = sets
    return whole


def worthwhile(demand: Demand, machines: Machines) -> Ints:
    """Machine types for which no other one costs no more, has no less useful room and takes as many classes."""
    total = demand.counts @ demand.sizes
    room = np.minimum(machines.room, total)
    kept: list[int] = []
    for one in np.lexsort((np.arange(len(machines.price)), -room.sum(axis=1), machines.price)):
        beaten = any(
            (room[other] >= room[one]).all() and (demand.allowed[:, other] >= demand.allowed[:, one]).all() for other in kept
        )
        if not beaten and (demand.sizes[demand.counts > 0] <= machines.room[one]).all(axis=1).any():
            kept.append(int(one))
    return np.array(sorted(kept), np.int64)


def _asked(demand: Demand, machines: Machines, proofs: Sequence[Proof]) -> tuple[Floats, Floats]:
    """What all sets must hold: (C, T) how much of it each machine can, and (C,) how much there is."""
    total = demand.counts @ demand.sizes
    worths = [np.minimum(machines.room[:, one], total[one]).astype(float) for one in range(len(total))]
    needs = [float(amount) for amount in total]
    return np.array([*worths, *(proof.worth for proof in proofs)]), np.array([*needs, *(proof.total for proof in proofs)])


def _rates(price: Ints, worths: Floats) -> Floats:
    """(C, T): what a unit costs by each type."""
    with np.errstate(divide="ignore"):
        return np.where(worths > 0, price / worths, np.inf)
