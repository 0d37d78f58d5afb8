"""Moves that would save: hosts that could be closed, or be a cheaper machine, each with what it costs in disruption.

The score is that of `fleet.calm`: the share of the cost saved over the share of the disruption caused, a host counting one
and each workload on it one more. Workloads with volumes never move here, nor those that are named to their host.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from provisioner.placement.filters import refusal
from provisioner.placement.fit import fits
from provisioner.placement.loads import loads
from provisioner.placement.mixed import cheapest
from provisioner.placement.model import Placement
from provisioner.placement.requests import by_difficulty
from provisioner.placement.score import tightest
from provisioner.placement.size import candidates
from provisioner.placement.slots import Load
from provisioner.plan.model import Plan
from provisioner.prices.offers import Offer
from provisioner.units import HOURS_PER_MONTH, Money

WORTH = 0.5
"""Score from which a move is worth its disruption, as in `fleet.calm`."""


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
    """Every single move that saves, the best first."""
    machines = candidates(plan, offers)
    found = (_move(plan, placement, name, machines) for name in (host.name for host in placement.hosts))
    return tuple(sorted((move for move in found if move is not None), key=lambda move: (-move.score, move.host)))


def _move(plan: Plan, placement: Placement, name: str, machines: Mapping[str, tuple[Offer, ...]]) -> Move | None:
    current = dict(loads(plan, placement))
    load = current.pop(name)
    disks = {volume.host for volume in plan.volumes}
    if name in disks or any(request.pinned for request in load.requests):
        return None
    closed = _elsewhere(load, current) if load.slot.number > load.slot.group.minimum else None
    smaller = cheapest(load, machines[load.slot.group.name])
    if closed is not None:
        saved, machine, targets = load.slot.hourly, "", closed
    elif smaller.slot.hourly < load.slot.hourly:
        saved = load.slot.hourly - smaller.slot.hourly
        machine, targets = smaller.slot.offer.machine, {request.name: name for request in load.requests}
    else:
        return None
    everything = len(placement.hosts) + len(placement.assignments)
    score = (saved.nano / placement.cost.nano) / ((1 + len(targets)) / everything)
    return Move(host=name, machine=machine, workloads=targets, saves=saved.times(HOURS_PER_MONTH), score=round(score, 3))


def _elsewhere(load: Load, others: Mapping[str, Load]) -> dict[str, str] | None:
    """A host for each of the workloads; None where one of them has none."""
    targets: dict[str, str] = {}
    for request in by_difficulty(load.requests):
        feasible = [other for other in others.values() if fits(request, other) and not refusal(request, other)]
        if not feasible:
            return None
        best = max(feasible, key=lambda other: tightest(request, other))
        best.add(request)
        targets[request.name] = best.slot.name
    return targets
