"""What each workload asks of a host, gathered from the plan once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from provisioner.errors import Place
from provisioner.plan import reach
from provisioner.plan.model import Plan, Workload
from provisioner.resolve.model import Needs, Port


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One workload. `host` and `tag` are what its affinity asks for; a name wins over a tag."""

    name: str
    needs: Needs
    volumes: Mapping[str, str]
    """The hosts of the volumes it mounts, by the volumes' names."""
    host: str
    tag: str
    resident: bool
    ignore_pressure: bool
    ports: tuple[Port, ...]
    freedom: int
    """How many hosts the plan would let it be on, were all groups at their most."""
    groups: tuple[str, ...]
    """Names of the groups that it may be in."""
    place: Place

    @property
    def pinned(self) -> bool:
        return bool(self.volumes or self.host)


def gather(plan: Plan) -> tuple[Request, ...]:
    """By name, so that the order of the plan's workloads decides nothing."""
    return tuple(_request(workload, plan) for workload in sorted(plan.workloads, key=lambda workload: workload.name))


def by_difficulty(requests: Iterable[Request]) -> tuple[Request, ...]:
    """The least free first; among equals those that want a host alone, then the largest; names break ties.

    Size is the sum of the shares of all CPU and of all memory asked for, in integers.
    """
    listed = tuple(requests)
    all_cpu = sum(request.needs.millicpu for request in listed) or 1
    all_memory = sum(request.needs.memory_mib for request in listed) or 1

    def key(request: Request) -> tuple[bool, bool, int, int, int, str]:
        size = request.needs.millicpu * all_memory + request.needs.memory_mib * all_cpu
        return (request.freedom > 1, not request.resident, -request.needs.gpu, request.freedom, -size, request.name)

    return tuple(sorted(listed, key=key))


def _request(workload: Workload, plan: Plan) -> Request:
    affinity = workload.affinity
    return Request(
        name=workload.name,
        needs=workload.needs,
        volumes={volume.name: volume.host for volume in plan.volumes if volume.name in workload.volumes},
        host=affinity.name,
        tag="" if affinity.name else affinity.tag,
        resident=affinity.resident,
        ignore_pressure=affinity.ignore_pressure,
        ports=tuple(port for container in workload.containers for port in container.ports if port.host is not None),
        freedom=_freedom(workload, plan),
        groups=tuple(sorted(group.name for group in reach.groups_for(workload, plan.groups, plan.volumes))),
        place=workload.place,
    )


def _freedom(workload: Workload, plan: Plan) -> int:
    if reach.pinned_hosts(workload, plan.volumes):
        return 1
    return sum(group.maximum for group in reach.groups_for(workload, plan.groups, plan.volumes))
