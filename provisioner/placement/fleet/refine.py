"""A cheaper fleet by packing a few hosts again, over and over: large neighbourhood search, for a fixed number of rounds.

Each round takes some hosts that waste most, looks for cheaper sets of machines that could hold what they hold, and packs
each such set in several random orders at once. A set of equal cost is taken too where it gathers the free room on fewer
hosts, which is what a later round can save. The draws come from a generator whose stream is fixed, so nothing is left to chance.
"""

from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Final

import numpy as np

from provisioner.placement.fleet import repack
from provisioner.placement.fleet.model import Bools, Floats, Ints, Machines
from provisioner.placement.fleet.repack import Bins
from provisioner.placement.fleet.state import Containers, Fleet

ROUNDS: Final = 40
"""For each host there is at first."""
ROUNDS_AT_MOST: Final = 250
ENOUGH: Final = 1.005
"""The cost over the bound at which nothing cheaper is looked for."""
REPACKED: Final = (2, 3, 3, 4, 4)
"""Hosts taken in a round: one of these numbers."""
SETS: Final = 16
"""Sets of machines tried in a round, for each number of machines."""
ORDERS: Final = 8
"""In which each set is packed: one by size, the others by size times noise."""
KNOWN_SETS: Final = 40_000
"""Sets of machines of one size at most: larger sets are not tried where there are more."""
EVEN: Final = 0.3
"""Chance of a host to be taken that wastes nothing, as a share of the average host's."""
GATHERED: Final = 1.0001
"""How much more gathered the free room must be for a set of the same cost."""
SEED: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sets:
    """Sets of S machines: their numbers (P, S), their room (P, D), their price (P,)."""

    machines: Ints
    room: Ints
    price: Ints


@dataclass(slots=True)
class _Search:
    containers: Containers
    catalogue: Machines
    zones: int
    fleet: Fleet
    random: np.random.RandomState
    """The one generator of numpy whose stream is promised never to change."""

    def used(self) -> Ints:
        """(H, D)"""
        used = np.zeros((len(self.fleet.machines), self.catalogue.room.shape[1]), np.int64)
        np.add.at(used, self.fleet.host, self.containers.sizes)
        return used


def refine(containers: Containers, machines: Machines, fleet: Fleet, zones: int, *, enough: int) -> Fleet:
    """A fleet that costs no more. Every container has a host in `fleet`; `enough` is a bound that no fleet is cheaper than."""
    sets = _known_sets(machines)
    search = _Search(containers, machines, zones, fleet, np.random.RandomState(SEED))
    for _ in range(min(ROUNDS * len(fleet.machines), ROUNDS_AT_MOST)):
        if search.fleet.cost(machines) <= enough * ENOUGH:
            break
        _round(search, sets)
    return search.fleet


def _round(search: _Search, sets: list[_Sets]) -> None:
    used = search.used()
    taken = _wasteful(search, used)
    cost = int(search.catalogue.price[search.fleet.machines[taken]].sum())
    tried = [_tried(one, used[taken].sum(axis=0), cost, search.random) for one in sets[max(0, len(taken) - 2) : len(taken) + 1]]
    if not any(map(len, tried)):
        return
    bins = _bins(search, tried, search.fleet.zones[taken])
    fleet, largest = search.fleet, search.catalogue.room.max(axis=0)
    members, pool, _ = repack.pool_of(search.containers, fleet.host, fleet.zones, search.zones, taken)
    packed = repack.pack(pool, bins, repack.orders(pool, largest, len(bins.machines), ORDERS, search.random))
    best = _best(packed.whole, packed.free, bins, search.catalogue)
    if best < 0:
        return
    free = search.catalogue.room[search.fleet.machines[taken]] - used[taken]
    if int(bins.price[best]) < cost or _gathered(packed.free[best], search) > _gathered(free, search) * GATHERED:
        search.fleet = _exchanged(search.fleet, taken, members, bins, packed.where[best], best)


def _known_sets(machines: Machines) -> list[_Sets]:
    """By the number of machines in them, from 1; the largest number is the most that a round takes."""
    kinds, known = range(len(machines.price)), list[_Sets]()
    for size in range(1, max(REPACKED) + 1):
        chosen = np.array(list(combinations_with_replacement(kinds, size)), np.int64)
        known.append(_Sets(machines=chosen, room=machines.room[chosen].sum(axis=1), price=machines.price[chosen].sum(axis=1)))
        if len(chosen) * (len(kinds) + size) // (size + 1) > KNOWN_SETS:
            break
    return known


def _wasteful(search: _Search, used: Ints) -> Ints:
    """Hosts drawn by the price of what they leave free."""
    machines, price = search.fleet.machines, search.catalogue.price
    room = search.catalogue.room[machines][:, :2].clip(1)
    waste = price[machines] * (1 - (used[:, :2] / room).mean(axis=1))
    chance = waste + waste.mean() * EVEN
    count = min(REPACKED[search.random.randint(len(REPACKED))], len(machines))
    even = np.full(len(machines), 1 / len(machines))
    return search.random.choice(len(machines), count, replace=False, p=chance / chance.sum() if chance.sum() else even)


def _tried(sets: _Sets, needed: Ints, cost: int, random: np.random.RandomState) -> Ints:
    """Some of the sets that have the room and cost no more."""
    able = np.flatnonzero((sets.room >= needed).all(axis=1) & (sets.price <= cost))
    return sets.machines[random.choice(able, SETS, replace=False) if len(able) > SETS else able]


def _bins(search: _Search, tried: list[Ints], zones: Ints) -> Bins:
    """(B, S) bins: every set `ORDERS` times, each of its machines in a zone that one of the hosts taken was in."""
    width = max(one.shape[1] for one in tried)
    rows = [np.pad(one, ((0, 0), (0, width - one.shape[1])), constant_values=-1) for one in tried]
    machines = np.repeat(np.concatenate(rows), ORDERS, axis=0)
    there = machines >= 0
    return Bins(
        machines=machines,
        zones=zones[search.random.randint(len(zones), size=machines.shape)],
        room=np.where(there[:, :, None], search.catalogue.room[machines], -1),
        price=np.where(there, search.catalogue.price[machines], 0).sum(axis=1),
    )


def _best(whole: Bools, free: Ints, bins: Bins, catalogue: Machines) -> int:
    """The cheapest packing that holds everything, of equals the one whose free room is most gathered; -1: none holds it."""
    able = np.flatnonzero(whole)
    if len(able) == 0:
        return -1
    cheapest = able[bins.price[able] == bins.price[able].min()]
    return int(cheapest[np.argmax(_spread_squares(free[cheapest], catalogue))])


def _gathered(free: Ints, search: _Search) -> float:
    return float(_spread_squares(free[None], search.catalogue)[0])


def _spread_squares(free: Ints, catalogue: Machines) -> Floats:
    """(B,): the squares of what each bin of `free` (B, S, D) has left."""
    left: Floats = (free.clip(0) / catalogue.room.max(axis=0).clip(1)).sum(axis=2)
    return (left**2).sum(axis=1)


def _exchanged(fleet: Fleet, taken: Ints, members: Ints, bins: Bins, where: Ints, chosen: int) -> Fleet:
    """The fleet with the hosts taken replaced by the bins that hold something."""
    kept = np.setdiff1d(np.arange(len(fleet.machines)), taken)
    number = np.full(len(fleet.machines), -1)
    number[kept] = np.arange(len(kept))
    filled, new = np.unique(where, return_inverse=True)
    host = number[fleet.host]
    host[members] = len(kept) + new
    return Fleet(
        machines=np.concatenate([fleet.machines[kept], bins.machines[chosen, filled]]),
        zones=np.concatenate([fleet.zones[kept], bins.zones[chosen, filled]]),
        host=host,
    )
