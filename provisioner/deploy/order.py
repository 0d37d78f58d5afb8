"""The order in which hosts receive their bundles. Pure."""

from collections.abc import Mapping
from itertools import pairwise

from provisioner.placement.model import Placement
from provisioner.plan.model import Plan


def host_order(plan: Plan, placement: Placement) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every host with the hosts whose bundles must run first, such that each host comes after those.

    A workload waits for those it `depends` on, so its host waits for theirs. Workloads depend without cycles, but hosts
    may wait for each other (two workloads on each, crosswise): such hosts are brought up together, and what starts on
    them waits for its own dependencies there.

    Hosts that run replicas of one runnable are updated one failure domain after the other, so that a version that does not
    get ready reaches one of them only: zones where the replicas are in several, else hosts.
    """
    needs = _one_domain_at_a_time(_needs(plan, placement), plan, placement)
    reach = {host: _reachable(host, needs) for host in needs}
    direct = {host: tuple(sorted(other for other in others if host not in reach[other])) for host, others in needs.items()}
    order = sorted(needs, key=lambda host: (len({other for other in reach[host] if host not in reach[other]}), host))
    return tuple((host, direct[host]) for host in order)


def _needs(plan: Plan, placement: Placement) -> Mapping[str, frozenset[str]]:
    """Host to the other hosts on which something runs that it waits for directly."""
    found: dict[str, set[str]] = {host.name: set() for host in placement.hosts}
    for workload in plan.workloads:
        here = placement.assignments[workload.name]
        waited = (replica for name in workload.depends.runnables for replica in plan.replicas_of(name))
        there = {placement.assignments[replica.name] for replica in waited}
        found[here] |= there - {here}
    return {host: frozenset(others) for host, others in found.items()}


def _one_domain_at_a_time(needs: Mapping[str, frozenset[str]], plan: Plan, placement: Placement) -> Mapping[str, frozenset[str]]:
    """The same, and each domain waits for the one before it, but where a host of that already waits for this one."""
    found = dict(needs)
    for runnable in dict.fromkeys(workload.runnable for workload in plan.workloads):
        domains = _domains({placement.assignments[one.name] for one in plan.replicas_of(runnable)}, placement)
        for before, after in pairwise(domains):
            for host in after:
                found[host] |= {other for other in before if host not in _reachable(other, found)}
    return found


def _domains(hosts: set[str], placement: Placement) -> list[tuple[str, ...]]:
    """The hosts by zone, in the order of their names; each for itself where all are in one zone."""
    zones: dict[str, list[str]] = {}
    for host in placement.hosts:
        if host.name in hosts:
            zones.setdefault(host.zone, []).append(host.name)
    if len(zones) > 1:
        return [tuple(zones[zone]) for zone in sorted(zones)]
    return [(host,) for names in zones.values() for host in names]


def _reachable(host: str, needs: Mapping[str, frozenset[str]]) -> frozenset[str]:
    seen: set[str] = set()
    waiting = list(needs[host])
    while waiting:
        other = waiting.pop()
        if other not in seen:
            seen.add(other)
            waiting += needs[other]
    return frozenset(seen)
