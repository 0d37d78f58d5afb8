"""What the last deployment left, and what may not change about it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from provisioner.clouds.contract import Cloud
from provisioner.errors import Problems
from provisioner.plan.model import Plan, Volume


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A volume as it was deployed."""

    kind: str
    size_gib: int
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Workload to host, host to machine type, volume to disk. Empty before the first deployment."""

    placement: Mapping[str, str] = field(default_factory=dict[str, str])
    machines: Mapping[str, str] = field(default_factory=dict[str, str])
    disks: Mapping[str, Disk] = field(default_factory=dict[str, Disk])


NOTHING = Standing()


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


def _losses(volume: Volume, disk: Disk, cloud: Cloud) -> list[str]:
    found: list[str] = []
    if volume.size_gib < disk.size_gib:
        found.append(f"expected at least the {disk.size_gib} GiB that it has, found {volume.size_gib}")
    if volume.zone != disk.zone:
        found.append(f"expected the zone {disk.zone} that it is in, found {volume.zone}")
    if volume.kind != disk.kind and not cloud.retypes_volumes:
        found.append(f"expected the kind {disk.kind} that it is of, which {cloud.label} cannot change, found {volume.kind}")
    return found
