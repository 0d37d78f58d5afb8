"""What each workload asks of a host, gathered from the plan once."""

from collections.abc import Iterable
from dataclasses import dataclass

from provisioner.errors import Place
from provisioner.plan import reach
from provisioner.plan.model import Plan, Workload
from provisioner.resolve.model import Needs, Port


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One workload. `pinned` names the only hosts it may be on (none: any); `tag` one that the host must have."""

    name: str
    needs: Needs
    pinned: tuple[str, ...]
    volumes: tuple[str, ...]
    """What pins it; empty where its affinity names the host."""
    tag: str
    resident: bool
    ignore_pressure: bool
    ports: tuple[Port, ...]
    freedom: int
    """How many hosts the plan would let it be on, were all groups at their most."""
    place: Place


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
    pinned = reach.pinned_hosts(workload, plan.volumes)
    affinity = workload.affinity
    return Request(
        name=workload.name,
        needs=workload.needs,
        pinned=pinned,
        volumes=workload.volumes,
        tag="" if affinity.name else affinity.tag,
        resident=affinity.resident,
        ignore_pressure=affinity.ignore_pressure,
        ports=tuple(port for container in workload.containers for port in container.ports if port.host is not None),
        freedom=len(pinned) or sum(group.maximum for group in reach.groups_for(workload, plan.groups, plan.volumes)),
        place=workload.place,
    )
