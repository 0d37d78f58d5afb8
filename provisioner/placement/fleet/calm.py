"""Updates: what can stay stays, what is new takes free room, and few containers move where it saves enough.

A voluntary move is judged as Karpenter's balanced consolidation does: the share of the fleet's cost that it saves, over the
share of the fleet's disruption that it causes, where closing a host counts one and each container on it one more.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from provisioner.placement.fleet.model import Ints, Machines
from provisioner.placement.fleet.spread import settle
from provisioner.placement.fleet.state import NOWHERE, Containers, Fleet, State

WORTH: Final = 0.5
"""Savings over disruption from which a move is worth it."""
TRIED: Final = 64
"""Hosts looked at for each move at most, the emptiest first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Update:
    fleet: Fleet
    forced: tuple[int, ...]
    """Containers that had a host and could not stay."""
    voluntary: tuple[int, ...]
    """Containers moved to save."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Close a host: its containers go to others, and what has no room there to a new, cheaper one."""

    host: int
    containers: tuple[int, ...]
    saves: int
    """Nano-USD an hour."""
    score: float


def update(containers: Containers, machines: Machines, last: Fleet, zones: int, *, budget: int, gone: bool) -> Update:
    """The next fleet. `last.host` is -1 for new containers; `gone` says whether any left.

    Voluntary moves, `budget` containers at most, are made only when something came, went or had to move: unchanged input
    stays as it is.
    """
    state = State(containers, machines, zones, last.machines, last.zones, last.host.copy())
    forced = _overfull(state)
    waiting = np.flatnonzero(state.host < 0)
    if len(waiting) == 0 and not gone:
        return Update(fleet=last, forced=(), voluntary=())
    for host in np.flatnonzero(np.bincount(state.host[state.host >= 0], minlength=len(state.machines)) == 0).tolist():
        state.close(host)
    settle(state, waiting)
    voluntary = _consolidate(state, budget)
    return Update(fleet=state.finished(), forced=tuple(forced), voluntary=tuple(sorted(voluntary)))


def moves(containers: Containers, machines: Machines, fleet: Fleet, zones: int) -> tuple[Move, ...]:
    """Every single move that would save, the best first; each is judged on the fleet as it is."""
    state = State(containers, machines, zones, fleet.machines, fleet.zones, fleet.host.copy())
    found = (_move(state, host, *_pool(state)) for host in range(len(state.machines)))
    return tuple(sorted((move for move in found if move is not None), key=lambda move: (-move.score, move.host)))


def _overfull(state: State) -> list[int]:
    """Take what no longer fits off its host, the largest first, until the rest fits."""
    forced: list[int] = []
    for host in np.flatnonzero((state.free < 0).any(axis=1)).tolist():
        held = np.flatnonzero(state.host == host)
        for container in held[np.lexsort((held, -state.containers.sizes[held].sum(axis=1)))].tolist():
            if (state.free[host] >= 0).all():
                break
            state.take(container)
            forced.append(container)
    return forced


def _consolidate(state: State, budget: int) -> list[int]:
    """Make the best move again and again while the budget lasts; the containers that were moved."""
    moved: list[int] = []
    while True:
        pool = _pool(state)
        tried = (_move(state, host, *pool) for host in _worst(state))
        worth = [move for move in tried if move and move.score >= WORTH and len(move.containers) <= budget - len(moved)]
        if not worth:
            return moved
        best = min(worth, key=lambda move: (-move.score, move.host))
        moved += best.containers
        _apply(state, best)


def _pool(state: State) -> tuple[int, int]:
    """What all hosts cost, and the disruption of closing all."""
    used = np.bincount(state.host[state.host >= 0], minlength=len(state.machines)) > 0
    return int(state.catalogue.price[state.machines[used]].sum()), int(used.sum()) + len(state.containers)


def _worst(state: State) -> list[int]:
    """The hosts that are paid most for what they hold, `TRIED` at most."""
    room = state.catalogue.room[state.machines]
    full = ((room - state.free)[:, :2] / room[:, :2].clip(1)).sum(axis=1)
    held = np.bincount(state.host, minlength=len(full)) > 0
    order = np.lexsort((np.arange(len(full)), full))
    return order[held[order]][:TRIED].tolist()


def _move(state: State, host: int, cost: int, disruption: int) -> Move | None:
    held = np.flatnonzero(state.host == host)
    if len(held) == 0:
        return None
    targets, machine = _evacuate(state, host, held)
    price = state.catalogue.price
    saves = int(price[state.machines[host]]) - (int(price[machine]) if machine >= 0 else 0)
    if targets is None or saves <= 0:
        return None
    score = (saves / cost) / ((1 + len(held)) / disruption)
    return Move(host=host, containers=tuple(held.tolist()), saves=saves, score=score)


def _evacuate(state: State, host: int, held: Ints) -> tuple[dict[int, int] | None, int]:
    """Where each container of the host would go (-1: to a new host), and that new host's machine; the state as it was."""
    targets: dict[int, int] = {}
    for container in held.tolist():
        state.take(container)
    size = state.containers.sizes[held].sum(axis=1)
    for container in held[np.lexsort((held, -size))].tolist():
        allowed = state.may(container)
        allowed[host] = False
        targets[container] = state.tightest(container, allowed)
        if targets[container] >= 0:
            state.put(container, targets[container])
    left = [container for container, target in targets.items() if target < 0]
    for container in held.tolist():
        if targets[container] >= 0:
            state.take(container)
        state.put(container, host)
    if not left:
        return targets, NOWHERE
    fits = np.flatnonzero((state.catalogue.room >= state.containers.sizes[left].sum(axis=0)).all(axis=1))
    if len(fits) == 0:
        return None, NOWHERE
    return targets, int(fits[np.argmin(state.catalogue.price[fits])])


def _apply(state: State, move: Move) -> None:
    targets, machine = _evacuate(state, move.host, np.array(move.containers))
    if targets is None:
        return
    new = state.open(machine, int(state.zones[move.host])) if machine >= 0 else NOWHERE
    for container, target in targets.items():
        state.take(container)
        state.put(container, target if target >= 0 else new)
    state.close(move.host)
