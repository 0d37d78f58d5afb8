"""Block disks: those that the blueprint states for a host, and those that a runnable brings with it."""

from collections.abc import Sequence
from typing import Final, get_args

from provisioner.errors import Problems, nearest
from provisioner.plan import default, hosts, names, reach
from provisioner.plan.fields import Section
from provisioner.plan.model import HostGroup, Volume, VolumeKind
from provisioner.plan.readers import absolute_path, choice, integer, size_gib, text
from provisioner.resolve.model import Field, Runnable, RunnableVolume

FOLDER: Final = "/var/lib/monkd/volumes"
KINDS: Final[tuple[VolumeKind, ...]] = get_args(VolumeKind)
LOCAL: Final = "local"
"""A runnable's volume of this kind is a folder on the host's own disk, and nothing in the plan."""


def build(section: Section, groups: Sequence[HostGroup], zones: tuple[str, ...]) -> tuple[Volume, ...]:
    """The blueprint's volumes, each on the host it names."""
    return tuple(_volume(name, volume, groups, zones) for name, volume in section.sections())


def of_runnables(
    runnables: Sequence[Runnable], groups: Sequence[HostGroup], zones: tuple[str, ...], problems: Problems
) -> tuple[Volume, ...]:
    """The disks that runnables bring: each on the first host where its runnable may be."""
    return tuple(
        _runnable_volume(runnable, volume, groups, zones, problems)
        for runnable in runnables
        for volume in runnable.volumes.values()
        if volume.kind.lower() != LOCAL
    )


def runnable_volume_name(runnable: str, volume: str) -> str:
    """The plan's name of a disk that a runnable brings: `shop-db-data`."""
    return names.slug(f"{runnable}/{volume}")


def _volume(name: str, volume: Section, groups: Sequence[HostGroup], zones: tuple[str, ...]) -> Volume:
    volume.only("kind", "size", "hosts", "host", "path", "backup")
    volume.require("size", "hosts")
    names.check(name, volume.place, volume.problems)
    group = _group(volume, groups)
    number = volume.read("host", integer("a host number", 1, hosts.MOST), default=1)
    if group is not None and number > group.maximum:
        message = f"expected a host of {group.name}, 1 to {group.maximum}, found {number}"
        volume.problems.error("missing-reference", volume.place_of("host"), message)
    return Volume(
        name=name,
        kind=volume.read("kind", choice(KINDS), default=default.DISK_KIND),
        size_gib=volume.read("size", size_gib(1, 16384), default=1),
        host=hosts.host_name(group.name, number) if group else "",
        zone=hosts.zone_of(group, number, zones) if group else zones[0],
        path=volume.read("path", absolute_path, default=f"{FOLDER}/{name}"),
        backup_days=_backup_days(volume),
        place=volume.place,
    )


def _group(volume: Section, groups: Sequence[HostGroup]) -> HostGroup | None:
    """The group that `hosts` names; None after a problem."""
    known = {group.name: group for group in groups}
    name = volume.read("hosts", text, default="")
    if name and name not in known:
        close = nearest(name, known)
        hint = f"did you mean {close}?" if close else f"host groups are {', '.join(known) or 'none'}"
        volume.problems.error("missing-reference", volume.place_of("hosts"), f'no host group "{name}"', hint=hint)
    return known.get(name)


def _backup_days(volume: Section) -> int:
    """Days for which daily snapshots are kept. Other rhythms are refused: the plan has daily ones only."""
    backup = volume.section("backup")
    if "backup" not in volume:
        return 0
    backup.only("every", "kind", "rotation-days", "start-time", "start-day")
    for key in (key for key in ("start-time", "start-day") if key in backup):
        message = "the time of a snapshot is the cloud's choice so far"
        backup.problems.error("capability", backup.place_of(key), message, hint=f"leave {key} out")
    kind = backup.read("kind", choice(("hour", "day", "week")), default="day")
    every = backup.read("every", integer("a number of days", 1, 365), default=1)
    if kind != "day" or every != 1:
        message = f"expected a snapshot every day, found every: {every}, kind: {kind}, a rhythm that is not there so far"
        backup.problems.error("capability", backup.place, message, hint="every: 1, kind: day")
    return backup.read("rotation-days", integer("a number of days", 1, 365), default=default.ROTATION_DAYS)


def _runnable_volume(
    runnable: Runnable, volume: RunnableVolume, groups: Sequence[HostGroup], zones: tuple[str, ...], problems: Problems
) -> Volume:
    kind: VolumeKind = "HDD" if volume.kind.upper() == "HDD" else "SSD"
    if volume.kind.upper() not in KINDS:
        close = nearest(volume.kind.upper(), KINDS) or nearest(volume.kind.lower(), (LOCAL,))
        message = f'expected SSD, HDD or local, found "{volume.kind}"'
        problems.error("unknown-choice", volume.place, message, hint=f"did you mean {close}?" if close else "")
    group, number = next(iter(reach.hosts_by_affinity(runnable.affinity, groups)), ("", 1))
    stated = {} if volume.backup is None else {"backup": volume.backup}
    holder = next((one for one in groups if one.name == group), None)
    return Volume(
        name=runnable_volume_name(runnable.name, volume.name),
        kind=kind,
        size_gib=volume.size_gib,
        host=hosts.host_name(group, number) if group else "",
        zone=hosts.zone_of(holder, number, zones) if holder else zones[0],
        path=volume.path,
        backup_days=_backup_days(Section(field=Field(value=stated, place=volume.place), problems=problems)),
        place=volume.place,
    )
