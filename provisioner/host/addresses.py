"""Where every host and container is on the overlay, so that adding one never renumbers another.

A host has one /24 of the overlay's range, a container one address of its host's /24:

    10.210.0.0/16, host number 1: 10.210.1.0/24, of which
        .1    the bridge of the containers
        .254  the host itself, which answers names there
        .2 …  containers, the lowest that is free

Numbers are given once and kept with the stack's outputs: what stood before keeps its own, what is new takes what is free.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Final, TypeVar

from provisioner.errors import Problems
from provisioner.host.slots import SLOTS, slotted
from provisioner.placement.model import Placement
from provisioner.plan import overlays
from provisioner.plan.model import Plan, Workload
from provisioner.resolve.model import Container

FIRST: Final = 2
LAST: Final = 253
"""The last bytes that containers have."""

Number = TypeVar("Number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Host to the number of its /24; container (`shop/web/app`, and `shop/web/app@a` of its slots) to its address."""

    hosts: Mapping[str, int] = field(default_factory=dict[str, int])
    containers: Mapping[str, str] = field(default_factory=dict[str, str])


NONE: Final = Addresses()


def allocate(plan: Plan, placement: Placement, last: Addresses, problems: Problems) -> Addresses:
    """Numbers for all that is placed: those of `last` wherever they still hold. A full host or range is a problem."""
    hosts = _hosts(plan, placement, last, problems)
    here: dict[str, list[Workload]] = {}
    for workload in plan.workloads:
        here.setdefault(placement.assignments.get(workload.name, ""), []).append(workload)
    containers: dict[str, str] = {}
    for host, number in hosts.items():
        keys = list(_keys(here.get(host, ())))
        if keys:
            containers |= _containers(host_range(plan, number), keys, last, plan, problems)
    return Addresses(hosts=hosts, containers=containers)


def host_range(plan: Plan, number: int) -> IPv4Network:
    """The /24 of a host."""
    whole = IPv4Network(plan.network.overlay)
    return IPv4Network((int(whole.network_address) + number * 256, 24))


def key(workload: Workload, container: Container, slot: str = "") -> str:
    """What `Addresses.containers` calls a container, or one of its slots."""
    return f"{workload.name}/{container.name}{f'@{slot}' if slot else ''}"


def _hosts(plan: Plan, placement: Placement, last: Addresses, problems: Problems) -> dict[str, int]:
    most = overlays.capacity(plan.network.overlay)
    kept = {host.name: last.hosts[host.name] for host in placement.hosts if 0 < last.hosts.get(host.name, 0) <= most}
    free = _free(range(1, most + 1), kept.values())
    numbered = {host.name: kept.get(host.name) or next(free, 0) for host in placement.hosts}
    if 0 in numbered.values():
        overlays.refuse(plan.network, len(placement.hosts), problems)
    return numbered


def _keys(workloads: Iterable[Workload]) -> Iterator[str]:
    for workload in workloads:
        for container in workload.containers:
            yield key(workload, container)
            if slotted(workload, container):
                yield from (key(workload, container, slot) for slot in SLOTS)


def _containers(subnet: IPv4Network, keys: list[str], last: Addresses, plan: Plan, problems: Problems) -> dict[str, str]:
    stem = str(subnet.network_address).removesuffix("0")
    usable = dict.fromkeys(f"{stem}{number}" for number in range(FIRST, LAST + 1))
    kept = {name: last.containers[name] for name in keys if last.containers.get(name) in usable}
    free = _free(usable, kept.values())
    found = {name: kept.get(name) or next(free, "") for name in keys}
    if "" in found.values():
        message = f"expected at most {len(usable)} addresses of containers on one host, found {len(keys)}"
        problems.error("out-of-range", plan.place, message, hint="spread the workloads over more hosts")
    return found


def _free(numbers: Iterable[Number], taken: Iterable[Number]) -> Iterator[Number]:
    held = set(taken)
    return (number for number in numbers if number not in held)
