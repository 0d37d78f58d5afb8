"""The ingress: HTTP routes to services, answered on every host of the groups on which a routed workload may run.

All of these hosts know all routes, so a domain may lead to any of them, and to all of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from provisioner.errors import Problems
from provisioner.plan import reach
from provisioner.plan.model import HostGroup, Plan, Volume, Workload
from provisioner.resolve.model import Route, Service

PORT: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """A route with what it leads to: the service of every replica of a runnable."""

    runnable: str
    route: Route
    service: Service

    @property
    def address(self) -> str:
        """What clients ask for, as people read it: `shop.example.com/api`, `*/` for any domain."""
        return f"{self.route.host or '*'}{self.route.prefix}"


def routed(workloads: Sequence[Workload]) -> tuple[Routed, ...]:
    """Every route in the order in which it is tried: those of a domain first, longer paths first."""
    by_runnable = {workload.runnable: workload for workload in workloads}
    found = [
        Routed(runnable=runnable, route=route, service=workload.services[route.service])
        for runnable, workload in by_runnable.items()
        for route in workload.routes
    ]
    return tuple(sorted(found, key=lambda one: (not one.route.host, -len(one.route.prefix), one.address, one.runnable)))


def groups(among: Sequence[HostGroup], volumes: Sequence[Volume], workloads: Sequence[Workload]) -> tuple[HostGroup, ...]:
    """The host groups that answer at `PORT`."""
    names = {group.name for workload in workloads if workload.routes for group in reach.groups_for(workload, among, volumes)}
    return tuple(group for group in among if group.name in names)


def check(plan: Plan, problems: Problems) -> None:
    """No two routes for the same requests, and the port of the ingress for it alone."""
    for one, other in combinations(routed(plan.workloads), 2):
        if (one.route.host, one.route.prefix) == (other.route.host, other.route.prefix):
            message = f"routes of {one.runnable} and {other.runnable} both answer requests to {one.address}"
            problems.error("conflict", other.route.place, message, hint="give one of them another host or path-prefix")
    answering = {group.name for group in groups(plan.groups, plan.volumes, plan.workloads)}
    for workload in _at_its_port(plan):
        shared = [group.name for group in reach.groups_for(workload, plan.groups, plan.volumes) if group.name in answering]
        if shared:
            message = f"{workload.name} takes host port {PORT}/tcp, at which the hosts of {shared[0]} answer ingress routes"
            problems.error("conflict", workload.place, message, hint="give it another host-port, or a route of its own")


def _at_its_port(plan: Plan) -> Iterator[Workload]:
    for workload in plan.workloads:
        ports = (port for container in workload.containers for port in container.ports)
        if any((port.host, port.protocol) == (PORT, "tcp") for port in ports):
            yield workload
