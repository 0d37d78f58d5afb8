"""Whether losing any one host, or any one zone, leaves room for what must run, and which loss is the tightest."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from provisioner.placement.filters import refusal
from provisioner.placement.fit import fits
from provisioner.placement.loads import loads
from provisioner.placement.model import Loss, Placement, Survival
from provisioner.placement.requests import Request, by_difficulty
from provisioner.placement.score import tightest
from provisioner.placement.slots import Load, copied
from provisioner.plan.model import Plan, Survive


def survive(plan: Plan, placement: Placement, level: Survive) -> Survival:
    """Lose each host, or each zone, in turn. A volume is lost with its host: what mounts it is stranded."""
    return survival(tuple(loads(plan, placement).values()), level)


def survival(hosts: Sequence[Load], level: Survive) -> Survival:
    """The same, of hosts with what they hold."""
    return Survival(level=level, losses=tuple(_lose(hosts, name, gone) for name, gone in _losses(hosts, level).items()))


def is_survived(hosts: Sequence[Load], level: Survive, doubtful: str) -> bool:
    """Whether every loss is survived; the `doubtful` one is looked at first, and nothing after one that is not."""
    lost = sorted(_losses(hosts, level).items(), key=lambda item: item[0] != doubtful)
    return all(_lose(hosts, name, gone).survived for name, gone in lost)


def _losses(hosts: Sequence[Load], level: Survive) -> Mapping[str, Sequence[str]]:
    """The names of the hosts that each loss takes."""
    lost: dict[str, list[str]] = {}
    for load in hosts:
        lost.setdefault(load.slot.name if level == "host" else load.slot.zone, []).append(load.slot.name)
    return lost


def _lose(hosts: Sequence[Load], name: str, gone: Sequence[str]) -> Loss:
    remaining = {load.slot.name: load for load in copied(hosts)}
    displaced = by_difficulty(request for host in gone for request in remaining.pop(host).requests)
    moves: dict[str, str] = {}
    stranded: dict[str, str] = {}
    spared: dict[str, str] = {}
    for request in displaced:
        apart = replace(request, shares=())  # replicas may be together until the host is back
        host = _host_for(apart, remaining)
        if host is not None:
            host.add(apart)
            moves |= dict.fromkeys(request.members, host.slot.name)
        elif words := _needs_no_place(request, remaining):
            spared |= dict.fromkeys(request.members, words)
        else:
            stranded |= dict.fromkeys(request.members, _why(apart, remaining))
    return Loss(
        name=name,
        moves=moves,
        stranded=stranded,
        spared=spared,
        free_millicpu=sum(max(0, load.free_millicpu) for load in remaining.values()),
        free_memory_mib=sum(load.free_memory_mib for load in remaining.values()),
        fullest=max((_taken(load) for load in remaining.values()), default=1.0),
    )


def _host_for(request: Request, remaining: Mapping[str, Load]) -> Load | None:
    feasible = [load for load in remaining.values() if fits(request, load) and not refusal(request, load)]
    return max(feasible, key=lambda load: tightest(request, load), default=None)


def _needs_no_place(request: Request, remaining: Mapping[str, Load]) -> str:
    """Why a workload without a place is no loss; "" where it is one.

    Replicas that keep off each other's hosts, by their ports, are fewer for a while. Replicas without room are a loss.
    """
    if not request.must_run:
        return "may be down"
    apart = replace(request, shares=())
    refused = all(refusal(apart, load) for load in remaining.values())
    others = all(any(load.replicas(share.runnable) for load in remaining.values()) for share in request.shares)
    return "its other replicas run on" if request.shares and refused and others else ""


def _why(request: Request, remaining: Mapping[str, Load]) -> str:
    if not remaining:
        return "no host remains"
    reasons = {name: refusal(request, load) for name, load in remaining.items()}
    if all(reasons.values()):
        return next(iter(reasons.values()))
    return "no host that remains has room"


def _taken(load: Load) -> float:
    capacity = load.slot.capacity
    return max(load.millicpu / (capacity.millicpu or 1), load.memory_mib / (capacity.memory_mib or 1))
