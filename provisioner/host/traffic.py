"""Who runs where and who talks to whom, worked out once for all hosts of a placed plan.

A host is told of those that it talks to: what its bundle holds grows with its own connections, and neither a host nor a
replica more elsewhere is a change of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from provisioner.placement.model import Placement
from provisioner.plan import routes
from provisioner.plan.model import Plan, Workload

Workloads = tuple[Workload, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """`here` has the workloads of each host, in start order; `replicas` those of each runnable, by number; `clients` those
    that connect to a runnable. `routed` are those that HTTP routes lead to, `answering` the hosts that answer the routes.
    """

    assignments: Mapping[str, str]
    here: Mapping[str, Workloads]
    replicas: Mapping[str, Workloads]
    clients: Mapping[str, Workloads]
    routed: Workloads
    answering: tuple[str, ...]

    def near(self, host: str) -> Mapping[str, Workloads]:
        """By runnable: every replica of what the host's workloads connect to, and else those that run here."""
        own: dict[str, Workloads] = {}
        for workload in self.here.get(host, ()):
            own[workload.runnable] = (*own.get(workload.runnable, ()), workload)
        return {**own, **{target: self.replicas[target] for target in self._targets(host)}}

    def peers(self, host: str) -> frozenset[str]:
        """The other hosts, on which a connection or a route of this one's workloads begins or ends."""
        return frozenset(self._hosts_beyond(host)) - {host}

    def _targets(self, host: str) -> Iterator[str]:
        """Runnables; entities run nowhere."""
        for workload in self.here.get(host, ()):
            yield from (one.target for one in workload.connections.values() if one.target in self.replicas)

    def _hosts_beyond(self, host: str) -> Iterator[str]:
        for target in self._targets(host):
            yield from self._hosts_of(self.replicas[target])
        for workload in self.here.get(host, ()):
            yield from self._hosts_of(self.clients.get(workload.runnable, ()))
            yield from self.answering if workload.routes else ()
        if host in self.answering:
            yield from self._hosts_of(self.routed)

    def _hosts_of(self, workloads: Iterable[Workload]) -> Iterator[str]:
        return (self.assignments[one.name] for one in workloads)


def traffic(plan: Plan, placement: Placement) -> Traffic:
    here, replicas, clients = (dict[str, list[Workload]]() for _ in range(3))
    for workload in plan.workloads:
        here.setdefault(placement.assignments.get(workload.name, ""), []).append(workload)
        replicas.setdefault(workload.runnable, []).append(workload)
        for target in {connection.target for connection in workload.connections.values()}:
            clients.setdefault(target, []).append(workload)
    return Traffic(
        assignments=placement.assignments,
        here=_frozen(here),
        replicas=_frozen(replicas),
        clients=_frozen(clients),
        routed=tuple(workload for workload in plan.workloads if workload.routes),
        answering=_answering(plan, placement),
    )


def _answering(plan: Plan, placement: Placement) -> tuple[str, ...]:
    """Those of the groups on which a routed workload may run."""
    groups = {group.name for group in routes.groups(plan.groups, plan.volumes, plan.workloads)}
    return tuple(host.name for host in placement.hosts if host.group in groups)


def _frozen(found: Mapping[str, list[Workload]]) -> dict[str, Workloads]:
    return {name: tuple(workloads) for name, workloads in found.items()}
