"""What the last deployment left, and what may not change about it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any, cast

from provisioner.clouds.contract import Cloud
from provisioner.errors import Problems
from provisioner.host.addresses import NONE, Addresses
from provisioner.placement.model import PlacedHost
from provisioner.plan.model import Plan, Volume
from provisioner.units import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A volume as it was deployed."""

    kind: str
    size_gib: int
    zone: str
    host: str = ""
    slot: str = ""
    """Where it was plugged in there, as its cloud says it; "" where that says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Workload to host, host to machine type and to the GiB of its own disk, volume to disk, and addresses on the overlay.

    Empty before the first deployment.
    """

    placement: Mapping[str, str] = field(default_factory=dict[str, str])
    machines: Mapping[str, str] = field(default_factory=dict[str, str])
    roots: Mapping[str, int] = field(default_factory=dict[str, int])
    disks: Mapping[str, Disk] = field(default_factory=dict[str, Disk])
    addresses: Addresses = NONE
    proven: Mapping[str, Money] = field(default_factory=dict[str, Money])
    """What the hosts cannot cost less than an hour, by what that was proven of."""


NOTHING = Standing()


def read(outputs: Mapping[str, Any]) -> Standing:
    """From a stack's outputs: empty before the first deployment. Numbers come back as floats."""
    placement = cast("Mapping[str, Any]", outputs.get("placement") or {})
    disks = cast("Mapping[str, Any]", outputs.get("volumes") or {})
    hosts = cast("Mapping[str, Any]", outputs.get("hosts") or {})
    return Standing(
        placement={name: str(host) for name, host in placement.get("workloads", placement).items()},
        machines={name: str(host["machine"]) for name, host in hosts.items()},
        roots={name: int(host["disk_gib"]) for name, host in hosts.items() if "disk_gib" in host},
        disks={name: _disk(disk) for name, disk in disks.items()},
        addresses=_addresses(cast("Mapping[str, Any]", outputs.get("overlay") or {})),
        proven={claim: Money.parse(str(bound)) for claim, bound in placement.get("proven", {}).items()},
    )


def check_disks(plan: Plan, cloud: Cloud, standing: Standing) -> Problems:
    """Refuse what would replace a disk, and with it what is on it: no cloud shrinks one or moves it to another zone."""
    problems = Problems()
    for volume in plan.volumes:
        disk = standing.disks.get(volume.name)
        if disk is None:
            continue
        for words in _losses(volume, disk, cloud):
            hint = "give it another name, copy the data, then remove the old one"
            problems.error("data-loss", volume.place, f"the volume {volume.name} holds data: {words}", hint=hint)
    return problems


def check_roots(plan: Plan, hosts: Iterable[PlacedHost], cloud: Cloud, standing: Standing, renewed: Iterable[str]) -> Problems:
    """Refuse another size of a host's own disk where only a new host has it: it would go with all that lies on it."""
    problems = Problems()
    groups = {group.name: group for group in plan.groups}
    for host in (host for host in hosts if host.group in groups and host.name not in renewed):
        group, before = groups[host.group], standing.roots.get(host.name, 0)
        if not before or group.disk_gib == before or (group.disk_gib > before and cloud.grows_roots):
            continue
        message = f"hosts/{group.name}/disk: {host.name} has a disk of {before} GiB, and only a new host has {group.disk_gib}"
        hint = f"provisioner:renew: [{host.name}, …] makes hosts anew, without what lies on their own disks"
        problems.error("root-disk", group.place, message, hint=hint)
    return problems


def plugged(plan: Plan, standing: Standing) -> Mapping[str, str]:
    """Volume to where it is plugged in, for those that stay on their host: it stays there, whatever else comes or goes."""
    before = {name: disk for name, disk in standing.disks.items() if disk.slot}
    stay = (volume.name for volume in plan.volumes if volume.name in before and before[volume.name].host == volume.host)
    return {name: before[name].slot for name in stay}


def moved(plan: Plan, standing: Standing) -> Mapping[str, str]:
    """Volume to the host that it leaves in this deployment."""
    before = {name: disk.host for name, disk in standing.disks.items() if disk.host}
    return {volume.name: before[volume.name] for volume in plan.volumes if before.get(volume.name, volume.host) != volume.host}


def check_moves(plan: Plan, machines: Mapping[str, str], cloud: Cloud, standing: Standing) -> Problems:
    """Refuse, where disks are parts of hosts, a move from a host that goes, and hosts that trade disks with each other.

    `machines` has the machine of every host that there will be. A disk that cannot leave its machine holds its host there.
    """
    problems = Problems() if cloud.moves_disks else _left_behind(plan, machines, standing)
    gone = moved(plan, standing) if cloud.attaches_with_hosts else dict[str, str]()
    there, circle = (
        frozenset(machines),
        _circle([(volume.host, gone[volume.name]) for volume in plan.volumes if volume.name in gone]),
    )
    for volume in (volume for volume in plan.volumes if volume.name in gone):
        message = f"the volume {volume.name} moves from {gone[volume.name]} to {volume.host}"
        if gone[volume.name] not in there:
            words = f"{message}: {cloud.label} detaches it only from a host that stays"
            problems.error("volume-move", volume.place, words, hint=f"keep {gone[volume.name]} until the volume has moved")
        elif gone[volume.name] in circle and volume.host in circle:
            words = f"{message}, which gives one in turn: {cloud.label} moves one after the other"
            problems.error("volume-move", volume.place, words, hint="move one volume in each deployment")
    return problems


def _left_behind(plan: Plan, machines: Mapping[str, str], standing: Standing) -> Problems:
    problems = Problems()
    for volume in plan.volumes:
        disk = standing.disks.get(volume.name)
        there, here = standing.machines.get(disk.host if disk else "", ""), machines.get(volume.host, "")
        if there and there != here:
            message = f"the volume {volume.name} holds data on {there}, and {volume.host} would be on {here}"
            hint = f"keep {there} for {volume.host}; or copy the data, and give the volume another name"
            problems.error("data-loss", volume.place, message, hint=hint)
    return problems


def _circle(waits: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Hosts that wait for each other; none where all can be brought into an order."""
    order = TopologicalSorter[str]()
    for host, giver in waits:
        order.add(host, giver)
    try:
        order.prepare()
    except CycleError as error:
        return frozenset(error.args[1])
    return frozenset()


def _losses(volume: Volume, disk: Disk, cloud: Cloud) -> list[str]:
    found: list[str] = []
    if volume.size_gib < disk.size_gib:
        found.append(f"expected at least the {disk.size_gib} GiB that it has, found {volume.size_gib}")
    if volume.zone != disk.zone and cloud.moves_disks:  # else its machine is what counts
        found.append(f"expected the zone {disk.zone} that it is in, found {volume.zone}")
    if volume.kind != disk.kind and not cloud.retypes_volumes:
        found.append(f"expected the kind {disk.kind} that it is of, which {cloud.label} cannot change, found {volume.kind}")
    return found


def _disk(found: Mapping[str, Any]) -> Disk:
    return Disk(
        kind=str(found["kind"]),
        size_gib=int(found["size_gib"]),
        zone=str(found["zone"]),
        host=str(found.get("host") or ""),
        slot=str(found.get("slot") or ""),
    )


def _addresses(found: Mapping[str, Any]) -> Addresses:
    hosts = cast("Mapping[str, Any]", found.get("hosts") or {})
    containers = cast("Mapping[str, Any]", found.get("containers") or {})
    return Addresses(
        hosts={name: int(number) for name, number in hosts.items()},
        containers={name: str(address) for name, address in containers.items()},
    )
