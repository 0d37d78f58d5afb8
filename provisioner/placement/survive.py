"""Whether losing any one host, or any one zone, leaves room for what must run, and which loss is the tightest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from provisioner.placement.filters import refusal
from provisioner.placement.fit import fits
from provisioner.placement.loads import loads
from provisioner.placement.model import Placement
from provisioner.placement.requests import Request, by_difficulty
from provisioner.placement.score import tightest
from provisioner.placement.slots import Load
from provisioner.plan.model import Plan

Level = Literal["host", "zone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One host or zone gone. What it held goes to the hosts that remain, and nothing else moves."""

    name: str
    moves: Mapping[str, str]
    """Workload to the host that would take it: the proof."""
    stranded: Mapping[str, str]
    """Workloads that no host would take, each with the words why."""
    free_millicpu: int
    """What all hosts that remain would have left, together."""
    free_memory_mib: int
    fullest: float
    """Share of CPU or memory, whichever is greater, taken on the fullest host that remains."""

    @property
    def survived(self) -> bool:
        return not self.stranded


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    level: Level
    losses: tuple[Loss, ...]

    @property
    def proven(self) -> bool:
        """Every loss leaves room. A placement without hosts survives nothing and loses nothing."""
        return all(loss.survived for loss in self.losses)

    @property
    def tightest(self) -> Loss | None:
        """The loss with most stranded, then the one that leaves the fullest host and the least room; names break ties."""
        return min(
            self.losses,
            key=lambda loss: (-len(loss.stranded), -loss.fullest, loss.free_millicpu, loss.free_memory_mib, loss.name),
            default=None,
        )


def survive(plan: Plan, placement: Placement, level: Level) -> Survival:
    """Lose each host, or each zone, in turn. A volume is lost with its host: what mounts it is stranded."""
    names = [host.name for host in placement.hosts]
    if level == "host":
        lost = {name: (name,) for name in names}
    else:
        zones = dict.fromkeys(host.zone for host in placement.hosts)
        lost = {zone: tuple(host.name for host in placement.hosts if host.zone == zone) for zone in zones}
    return Survival(level=level, losses=tuple(_lose(plan, placement, name, hosts) for name, hosts in lost.items()))


def _lose(plan: Plan, placement: Placement, name: str, gone: Sequence[str]) -> Loss:
    remaining = dict(loads(plan, placement))
    displaced = by_difficulty(request for host in gone for request in remaining.pop(host).requests)
    moves: dict[str, str] = {}
    stranded: dict[str, str] = {}
    for request in displaced:
        host = _host_for(request, remaining)
        if host is None:
            stranded[request.name] = _why(request, remaining)
        else:
            host.add(request)
            moves[request.name] = host.slot.name
    return Loss(
        name=name,
        moves=moves,
        stranded=stranded,
        free_millicpu=sum(max(0, load.free_millicpu) for load in remaining.values()),
        free_memory_mib=sum(load.free_memory_mib for load in remaining.values()),
        fullest=max((_taken(load) for load in remaining.values()), default=1.0),
    )


def _host_for(request: Request, remaining: Mapping[str, Load]) -> Load | None:
    feasible = [load for load in remaining.values() if fits(request, load) and not refusal(request, load)]
    return max(feasible, key=lambda load: tightest(request, load), default=None)


def _why(request: Request, remaining: Mapping[str, Load]) -> str:
    if not remaining:
        return "no host remains"
    reasons = {name: refusal(request, load) for name, load in remaining.items()}
    if all(reasons.values()):
        return next(iter(reasons.values()))
    return "no host that remains has room"


def _taken(load: Load) -> float:
    room = load.slot.capacity
    return max(load.millicpu / (room.millicpu or 1), load.memory_mib / (room.memory_mib or 1))
