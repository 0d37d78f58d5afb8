"""Replicas and colocation: how many of each workload there are, how far they are apart, and which share a host."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, get_args

from provisioner.errors import Problems, nearest
from provisioner.plan import hosts, reach
from provisioner.plan.fields import Section
from provisioner.plan.model import HostGroup, Plan, Survive, Volume, Workload
from provisioner.plan.readers import choice, percent
from provisioner.resolve.model import Runnable

HOSTS_PER_SERVICE: Final = 3
"""Hosts that replicas are spread over by default, so that at most a third of them, rounded up, share one."""
MOVES_PERCENT: Final = 2
SURVIVE: Final[tuple[Survive, ...]] = get_args(Survive)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """The blueprint's section `placement`."""

    survive: Survive | None
    moves_percent: int


def build(section: Section) -> Placing:
    section.only("survive", "moves")
    return Placing(
        survive=section.read("survive", choice(SURVIVE), default=SURVIVE[0]) if "survive" in section else None,
        moves_percent=section.read("moves", percent(100), default=MOVES_PERCENT),
    )


def together(runnables: Sequence[Runnable], problems: Problems) -> tuple[Runnable, ...]:
    """The runnables, those that share a host with the same name and tag to their affinity and all of the others named."""
    by_name = {runnable.name: runnable for runnable in runnables}
    for runnable in runnables:
        for other in runnable.affinity.together:
            _check_pair(runnable, other, by_name, problems)
    company = {name: [by_name[one] for one in names] for name, names in _companies(by_name).items()}
    return tuple(_with_company(runnable, company[runnable.name], problems) for runnable in runnables)


def pinned(workloads: Sequence[Workload], volumes: Sequence[Volume], problems: Problems) -> tuple[Workload, ...]:
    """The workloads, those that share a host with a volume's holder named to that volume's host."""
    held = {workload.name: reach.pinned_hosts(workload, volumes) for workload in workloads}
    return tuple(_with_volumes_of_others(workload, held, problems) for workload in workloads)


def spread(plan: Plan, runnables: Sequence[Runnable], problems: Problems) -> Plan:
    """The plan with every replica a workload of its own."""
    stated = {runnable.name: runnable for runnable in runnables}
    found: dict[str, Workload] = {}
    for workload in plan.workloads:
        for one in _replicas(workload, stated[workload.name], plan, problems):
            if one.name in found or (one.name in stated and one.replica > 1):
                message = f"replica {one.replica} of {workload.name} and the runnable {one.name} would have one name"
                problems.error("conflict", workload.place, message, hint="give the runnable another name")
            found[one.name] = one
    return replace(plan, workloads=tuple(found.values()))


def _check_pair(runnable: Runnable, other: str, by_name: Mapping[str, Runnable], problems: Problems) -> None:
    if other not in by_name:
        close = nearest(other, by_name)
        hint = f"did you mean {close}?" if close else f"what runs here is {', '.join(sorted(by_name)[:10])}"
        message = f"{runnable.name} is to share a host with {other}, which does not run here"
        problems.error("missing-reference", runnable.place, message, hint=hint)
    elif by_name[other].replicas != runnable.replicas:
        count = by_name[other].replicas
        message = f"{runnable.name} says replicas: {runnable.replicas} and {other} {count}: they share hosts replica for replica"
        problems.error("conflict", runnable.place, message, hint=f"replicas: {max(count, runnable.replicas)} for both")


def _companies(by_name: Mapping[str, Runnable]) -> Mapping[str, tuple[str, ...]]:
    """For each runnable all that share its host, itself included, by name."""
    company = {name: {name} for name in by_name}
    for name, runnable in by_name.items():
        for other in set(runnable.affinity.together) & set(by_name):
            joined = company[name] | company[other]
            company |= dict.fromkeys(joined, joined)
    return {name: tuple(sorted(members)) for name, members in company.items()}


def _with_company(runnable: Runnable, company: Sequence[Runnable], problems: Problems) -> Runnable:
    if len(company) == 1:
        return runnable
    for key in ("name", "tag"):
        wanted = {str(getattr(one.affinity, key)) for one in company} - {""}
        if len(wanted) > 1 and runnable is company[0]:
            names = " and ".join(one.name for one in company)
            message = f"{names} share a host, and their affinity wants the {key}s {' and '.join(sorted(wanted))}"
            problems.error("conflict", runnable.place, message, hint=f"one {key} for all of them")
    affinity = replace(
        runnable.affinity,
        name=next((one.affinity.name for one in company if one.affinity.name), ""),
        tag=next((one.affinity.tag for one in company if one.affinity.tag), ""),
        together=tuple(one.name for one in company if one is not runnable),
    )
    return replace(runnable, affinity=affinity)


def _with_volumes_of_others(workload: Workload, held: Mapping[str, tuple[str, ...]], problems: Problems) -> Workload:
    hosts_of_company = dict.fromkeys(host for name in (workload.name, *workload.affinity.together) for host in held.get(name, ()))
    if not workload.affinity.together or not hosts_of_company:
        return workload
    if len(hosts_of_company) > 1:
        message = f"{workload.name} shares a host with {' and '.join(workload.affinity.together)}, and they are tied to"
        hint = "put their volumes on one host"
        problems.error("conflict", workload.place, f"{message} {' and '.join(hosts_of_company)}", hint=hint)
        return workload
    return replace(workload, affinity=replace(workload.affinity, name=next(iter(hosts_of_company))))


def _replicas(workload: Workload, runnable: Runnable, plan: Plan, problems: Problems) -> Iterator[Workload]:
    count = runnable.replicas
    slots = tuple(_possible(workload, plan))
    wanted = min(count, HOSTS_PER_SERVICE)
    per_host = runnable.spread.max_per_host or -(-count // max(1, min(wanted, len(slots))))
    per_zone = -(-count // max(1, min(count, len({zone for _, zone in slots})))) if runnable.spread.zones else count
    if count > 1:
        _check_room(workload, runnable, len(slots), per_host, plan.volumes, problems)
    for number in range(1, count + 1):
        suffix = f"/{number}" if number > 1 else ""
        names = tuple(f"{name}{suffix}" for name in workload.affinity.together)
        yield replace(
            workload,
            name=f"{workload.name}{suffix}",
            affinity=replace(workload.affinity, together=names),
            replica=number,
            replicas=count,
            max_per_host=min(per_host, count),
            max_per_zone=per_zone,
            must_run=runnable.survive,
        )


def _check_room(
    workload: Workload, runnable: Runnable, slots: int, per_host: int, volumes: Sequence[Volume], problems: Problems
) -> None:
    """Replicas that no number of hosts would hold are refused; fewer hosts than a default spread wants is a warning."""
    count, pinned = runnable.replicas, reach.pinned_hosts(workload, volumes)
    if pinned and runnable.spread.max_per_host is None:
        why = f"volume {workload.volumes[0]}" if workload.volumes else "its affinity"
        message = f"{workload.name} has {count} replicas to be spread over hosts, and {why} ties them to {pinned[0]}"
        hint = f"one replica, or spread: {{max-per-host: {count}}} to have all of them there"
        problems.error("conflict", workload.place, message, hint=hint)
    elif slots and per_host * slots < count:
        message = f"{workload.name} has {count} replicas, {per_host} on one host at most, and may be on {slots} hosts"
        hint = f"{-(-count // per_host)} hosts, or a larger spread/max-per-host"
        problems.error("conflict", workload.place, message, hint=hint)
    elif slots < min(count, HOSTS_PER_SERVICE):
        message = f"{workload.name} has {count} replicas and may be on {slots} host{'s' * (slots != 1)} only"
        problems.warning("few-hosts", workload.place, message, hint=f"{min(count, HOSTS_PER_SERVICE)} hosts keep a loss small")


def _possible(workload: Workload, plan: Plan) -> Iterator[tuple[str, str]]:
    """Name and zone of every host that it may be on, were all groups at their most."""
    pinned = reach.pinned_hosts(workload, plan.volumes)
    for group in reach.groups_for(workload, plan.groups, plan.volumes):
        yield from _hosts_of(group, pinned, plan.target.zones)


def _hosts_of(group: HostGroup, pinned: Sequence[str], zones: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for number, name in enumerate(hosts.host_names(group), start=1):
        if not pinned or name in pinned:
            yield name, hosts.zone_of(group, number, zones)
