"""Moves that would save: hosts that could be closed, or be a cheaper machine, each with what it costs in disruption.

The score is that of `fleet.calm`: the share of the cost saved over the share of the disruption caused, a host counting one
and each workload on it one more. Workloads with volumes never move, nor those that are named to their host.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from provisioner.placement.filters import refusal
from provisioner.placement.fit import fits
from provisioner.placement.loads import loads
from provisioner.placement.mixed import Candidates, cheapest
from provisioner.placement.model import Placement
from provisioner.placement.requests import by_difficulty
from provisioner.placement.score import tightest
from provisioner.placement.size import candidates
from provisioner.placement.slots import Load, copied
from provisioner.plan.model import Plan
from provisioner.prices.offers import Offer
from provisioner.units import HOURS_PER_MONTH, ZERO, Money

WORTH: Final = 0.5
"""Score from which a move is worth its disruption, as in `fleet.calm`."""
TRIED: Final = 64
"""Hosts looked at for each move of an update at most, those that hold least for their size first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What happens to one host, judged on the placement as it is: make the best, then ask again."""

    host: str
    machine: str
    """The cheaper machine that it would become; "" where it would be closed."""
    workloads: Mapping[str, str]
    """Where each of its workloads would be: all of them restart."""
    saves: Money
    """A month."""
    score: float

    @property
    def worth_it(self) -> bool:
        return self.score >= WORTH


def rebalance(plan: Plan, offers: Sequence[Offer], placement: Placement) -> tuple[Move, ...]:
    """Every single move that saves, the best first. Machines that are there already are given up by their owner alone."""
    if any(offer.own for offer in offers):
        return ()
    hosts = tuple(loads(plan, placement).values())
    return _moves(hosts, hosts, candidates(plan, offers), {volume.host for volume in plan.volumes})


def improved(plan: Plan, machines: Candidates, hosts: Sequence[Load], budget: int) -> tuple[Load, ...]:
    """The hosts after the best moves that are worth it, as many as the budget (workloads that restart) allows."""
    disks = {volume.host for volume in plan.volumes}
    current = tuple(hosts)
    while budget > 0:
        tried = sorted(current, key=lambda load: (_fullness(load), load.slot.name))[:TRIED]
        worth = (move for move in _moves(current, tried, machines, disks) if move.worth_it and len(move.workloads) <= budget)
        best = next(worth, None)
        if best is None:
            break
        budget -= len(best.workloads)
        current = _after(current, best, machines)
    return current


def _moves(hosts: Sequence[Load], tried: Sequence[Load], machines: Candidates, disks: set[str]) -> tuple[Move, ...]:
    found = (_move(hosts, load, machines) for load in tried if load.slot.name not in disks)
    return tuple(sorted((move for move in found if move is not None), key=lambda move: (-move.score, move.host)))


def _move(hosts: Sequence[Load], load: Load, machines: Candidates) -> Move | None:
    if any(request.pinned for request in load.requests):
        return None
    slot, group = load.slot, load.slot.group
    is_needed = slot.number <= group.minimum or (group.on_demand_percent and not slot.spot)
    closed = None if is_needed else _elsewhere(hosts, slot.name)
    smaller = cheapest(load, machines[group.name])
    if closed is not None:
        saved, machine, targets = slot.hourly, "", closed
    elif smaller.slot.hourly < slot.hourly:
        saved, machine = slot.hourly - smaller.slot.hourly, smaller.slot.offer.machine
        targets = {name: slot.name for request in load.requests for name in request.members}
    else:
        return None
    cost = sum((one.slot.hourly for one in hosts), ZERO)
    everything = len(hosts) + sum(len(request.members) for one in hosts for request in one.requests)
    score = (saved.nano / cost.nano) / ((1 + len(targets)) / everything)
    return Move(host=slot.name, machine=machine, workloads=targets, saves=saved.times(HOURS_PER_MONTH), score=round(score, 3))


def _elsewhere(hosts: Sequence[Load], name: str) -> dict[str, str] | None:
    """A host for each of the workloads of a host that is closed; None where one of them has none."""
    others = {load.slot.name: load for load in copied(hosts)}
    closing = others.pop(name)
    targets: dict[str, str] = {}
    for request in by_difficulty(closing.requests):
        closing.remove(request)
        feasible = [other for other in others.values() if fits(request, other) and not refusal(request, other)]
        if not feasible:
            return None
        best = max(feasible, key=lambda other: tightest(request, other))
        best.add(request)
        targets |= dict.fromkeys(request.members, best.slot.name)
    return targets


def _after(hosts: Sequence[Load], move: Move, machines: Candidates) -> tuple[Load, ...]:
    after = {load.slot.name: load for load in copied(hosts)}
    load = after[move.host]
    if move.machine:
        after[move.host] = cheapest(load, machines[load.slot.group.name])
        return tuple(after.values())
    for request in [*load.requests]:
        load.remove(request)
        after[move.workloads[request.name]].add(request)
    del after[move.host]
    return tuple(after.values())


def _fullness(load: Load) -> float:
    room = load.slot.capacity
    return load.millicpu / (room.millicpu or 1) + load.memory_mib / (room.memory_mib or 1)
