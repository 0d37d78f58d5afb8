"""Voluntary moves: one or two hosts are closed, what they held goes to others' free room and at most one new, cheaper host.

A move is judged as Karpenter's balanced consolidation judges: the share of the fleet's cost that it saves, over the share of
the fleet's disruption that it causes, where closing a host counts one and each container that moves one more. What came with
this very update runs nowhere yet, so moving it disrupts nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from provisioner.placement.fleet import repack
from provisioner.placement.fleet.model import Bools, Ints
from provisioner.placement.fleet.repack import Bins
from provisioner.placement.fleet.state import NOWHERE, State

WORTH: Final = 0.6
"""Savings over disruption from which a move is worth it: the bench then moves just under 1 % of 1,000 containers an update."""
TRIED: Final = 64
"""Hosts looked at for each move at most, the emptiest first."""
PAIRED: Final = 24
"""Of these, so many are looked at two by two."""
ORDERS: Final = 4
"""In which what a closed host held is packed: one by size, the others by size times noise."""
UNDISRUPTED: Final = 1e-9
SEED: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Move:
    closed: tuple[int, ...]
    containers: Ints
    """All that the closed hosts held."""
    targets: Ints
    """A host for each of them, `NOWHERE` for the new one."""
    machine: int
    """Of the new host, -1: none is opened."""
    zone: int
    disrupted: tuple[int, ...]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Scene:
    """The fleet before a move: what it costs, what closing all of it would disrupt, and which containers are new in it."""

    state: State
    new: Bools
    cost: int
    disruption: int
    random: np.random.RandomState

    def score(self, saves: int, closed: int, disrupted: int) -> float:
        """Far above all others where nothing that runs is disrupted."""
        disruption = (closed + disrupted) / self.disruption if disrupted else UNDISRUPTED
        return (saves / self.cost) / disruption


def consolidate(state: State, is_new: Bools, budget: int) -> list[int]:
    """Make the best move again and again while the budget (containers) lasts; the containers that ran and were moved."""
    is_new, moved = is_new.copy(), list[int]()
    random = np.random.RandomState(SEED)
    while True:
        scene = _scene(state, is_new, random)
        found = (_move(scene, closed, budget - len(moved)) for closed in _closable(state))
        best = max((move for move in found if move is not None), key=lambda move: move.score, default=None)
        if best is None or best.score < WORTH:
            return moved
        _make(state, best)
        moved += best.disrupted
        is_new[list(best.disrupted)] = True


def _scene(state: State, new: Bools, random: np.random.RandomState) -> _Scene:
    running = np.flatnonzero(state.held())
    cost = int(state.catalogue.price[state.machines[running]].sum())
    return _Scene(state=state, new=new, cost=cost, disruption=len(running) + len(state.containers), random=random)


def _closable(state: State) -> Iterator[tuple[int, ...]]:
    """The hosts that hold least for their size, alone and in pairs."""
    room = state.catalogue.room[state.machines]
    full = ((room - state.free)[:, :2] / room[:, :2].clip(1)).sum(axis=1)
    order = np.lexsort((np.arange(len(full)), full))
    emptiest = order[state.held()[order] > 0][:TRIED].tolist()
    yield from ((host,) for host in emptiest)
    yield from combinations(emptiest[:PAIRED], 2)


def _move(scene: _Scene, closed: tuple[int, ...], budget: int) -> _Move | None:
    """The cheapest way found to do without the hosts; None where it costs more than the budget or is not worth it."""
    state = scene.state
    members, pool, held = repack.pool_of(state.containers, state.host, state.zones, state.zone_count, np.array(closed))
    disrupted = tuple(members[~scene.new[members]].tolist())
    price = int(state.catalogue.price[state.machines[list(closed)]].sum())
    if len(disrupted) > budget or scene.score(price, len(closed), len(disrupted)) < WORTH:
        return None
    others = np.flatnonzero((state.held() > 0) & ~np.isin(np.arange(len(state.machines)), closed))
    bins = _bins(state, others, np.unique(state.zones[list(closed)]), price)
    orders = repack.orders(pool, state.catalogue.room.max(axis=0), len(bins.price), ORDERS, scene.random)
    packed = repack.pack(pool, bins, orders, held[others])
    whole = np.flatnonzero(packed.whole)
    if len(whole) == 0:
        return None
    best = int(whole[np.argmin(bins.price[whole])])
    return _Move(
        closed=closed,
        containers=members,
        targets=np.append(others, NOWHERE)[packed.where[best]],
        machine=int(bins.machines[best, -1]),
        zone=int(bins.zones[best, -1]),
        disrupted=disrupted,
        score=scene.score(price - int(bins.price[best]), len(closed), len(disrupted)),
    )


def _bins(state: State, others: Ints, zones: Ints, price: int) -> Bins:
    """What the other hosts have left, and in each set one more bin: none, or a machine cheaper than `price` in one of `zones`."""
    cheaper = np.flatnonzero(state.catalogue.price < price)
    last = np.concatenate([[NOWHERE], np.tile(cheaper, len(zones))])
    last_zone = np.concatenate([zones[:1], np.repeat(zones, len(cheaper))])
    machines = np.repeat(np.column_stack([np.tile(state.machines[others], (len(last), 1)), last]), ORDERS, axis=0)
    in_zone = np.repeat(np.column_stack([np.tile(state.zones[others], (len(last), 1)), last_zone]), ORDERS, axis=0)
    new_room: Ints = np.where(machines[:, -1:, None] >= 0, state.catalogue.room[machines[:, -1:]], -1)
    room: Ints = np.concatenate([np.tile(state.free[others], (len(machines), 1, 1)), new_room], axis=1)
    paid = np.where(machines[:, -1] >= 0, state.catalogue.price[machines[:, -1]], 0)
    return Bins(machines=machines, zones=in_zone, room=room, price=paid)


def _make(state: State, move: _Move) -> None:
    for container in move.containers.tolist():
        state.take(container)
    new = state.open(move.machine, move.zone) if move.machine >= 0 else NOWHERE
    for container, target in zip(move.containers.tolist(), move.targets.tolist(), strict=True):
        state.put(container, target if target >= 0 else new)
    for host in move.closed:
        state.close(host)
