"""What each workload asks of a host, gathered from the plan once. Workloads that share a host are one request."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from provisioner.errors import Place
from provisioner.plan import reach
from provisioner.plan.model import Plan, Workload
from provisioner.resolve.model import Needs, Port


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A runnable with several replicas: how many of them may be together."""

    runnable: str
    replicas: int
    per_host: int
    per_zone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One workload, or several that share a host. `host` and `tag` are what its affinity asks for; a name wins over a tag."""

    name: str
    """The first of `members`."""
    members: tuple[str, ...]
    needs: Needs
    volumes: Mapping[str, str]
    """The hosts of the volumes it mounts, by the volumes' names."""
    host: str
    tag: str
    resident: bool
    ignore_pressure: bool
    spot: bool
    """Whether it may be on a host that the cloud may take back."""
    ports: tuple[Port, ...]
    replica: int
    shares: tuple[Share, ...]
    """Of the runnables whose replicas it is; none where each has one replica."""
    must_run: bool
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
    companies: dict[tuple[str, ...], list[Workload]] = {}
    for workload in sorted(plan.workloads, key=lambda workload: workload.name):
        companies.setdefault(tuple(sorted((workload.name, *workload.affinity.together))), []).append(workload)
    return tuple(request(company, plan) for company in companies.values())


def request(company: Sequence[Workload], plan: Plan) -> Request:
    """Of workloads that share a host, whose affinity the plan has made one."""
    first = company[0]
    mounted = {name for workload in company for name in workload.volumes}
    allowed = [reach.groups_for(workload, plan.groups, plan.volumes) for workload in company]
    return Request(
        name=first.name,
        members=tuple(workload.name for workload in company),
        needs=together([workload.needs for workload in company]),
        volumes={volume.name: volume.host for volume in plan.volumes if volume.name in mounted},
        host=first.affinity.name,
        tag="" if first.affinity.name else first.affinity.tag,
        resident=any(workload.affinity.resident for workload in company),
        ignore_pressure=all(workload.affinity.ignore_pressure for workload in company),
        spot=all(workload.affinity.spot for workload in company),
        ports=tuple(port for one in company for container in one.containers for port in container.ports if port.host is not None),
        replica=first.replica,
        shares=tuple(_share(workload) for workload in company if workload.replicas > 1),
        must_run=any(workload.must_run for workload in company),
        freedom=min(_freedom(workload, plan) for workload in company),
        groups=tuple(sorted(group.name for group in allowed[0] if all(group in groups for groups in allowed))),
        place=first.place,
    )


def together(needs: Sequence[Needs]) -> Needs:
    """Of what shares a host."""
    return Needs(
        millicpu=sum(one.millicpu for one in needs),
        memory_mib=sum(one.memory_mib for one in needs),
        gpu=sum(one.gpu for one in needs),
        arch=next((one.arch for one in needs if one.arch), ""),
        stated=all(one.stated for one in needs),
    )


def by_difficulty(requests: Iterable[Request]) -> tuple[Request, ...]:
    """The least free first; among equals those that want a host alone, then the largest; names break ties.

    Size is the sum of the shares of all CPU and of all memory asked for, in integers.
    """
    listed = tuple(requests)
    all_cpu = sum(request.needs.millicpu for request in listed) or 1
    all_memory = sum(request.needs.memory_mib for request in listed) or 1

    def key(request: Request) -> tuple[bool, bool, bool, int, int, int, str]:
        size = request.needs.millicpu * all_memory + request.needs.memory_mib * all_cpu
        pinned = request.freedom > 1
        return (pinned, not request.resident, request.spot, -request.needs.gpu, request.freedom, -size, request.name)

    return tuple(sorted(listed, key=key))


def _share(workload: Workload) -> Share:
    return Share(
        runnable=workload.runnable,
        replicas=workload.replicas,
        per_host=workload.max_per_host,
        per_zone=workload.max_per_zone,
    )


def _freedom(workload: Workload, plan: Plan) -> int:
    if reach.pinned_hosts(workload, plan.volumes):
        return 1
    return sum(group.maximum for group in reach.groups_for(workload, plan.groups, plan.volumes))
