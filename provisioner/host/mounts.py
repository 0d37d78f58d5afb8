"""What a container mounts: folders of the host, disks of the plan, and named Podman volumes."""

import posixpath
from dataclasses import dataclass

from provisioner.host.files import volume_line
from provisioner.host.model import Unit
from provisioner.host.names import disk_service, joined
from provisioner.host.quadlet import Section, prose, unit_text, word
from provisioner.host.scene import Subject
from provisioner.plan.model import Volume
from provisioner.resolve.model import Mount


@dataclass(frozen=True, slots=True, kw_only=True)
class Mounts:
    """`lines` go under `[Container]`, `services` are started first, `prepare` are commands that make missing folders."""

    lines: tuple[tuple[str, str], ...]
    services: tuple[str, ...]
    prepare: tuple[str, ...]
    units: tuple[Unit, ...]
    """`.volume` units of named volumes."""


def mounts(subject: Subject) -> Mounts:
    lines: list[tuple[str, str]] = []
    folders: dict[str, None] = {}
    services: dict[str, None] = {}
    units: dict[str, Unit] = {}
    for mount in subject.container.mounts:
        what = f"mount {mount.container}"
        source = _source(subject, mount)
        if source.startswith("/"):
            folders[source] = None
            services |= dict.fromkeys(disk_service(volume.name) for volume in subject.scene.volumes if _under(source, volume))
        else:
            unit = _named_volume(subject, source)
            units[unit.name] = unit
            source = unit.name
        lines.append(("Volume", volume_line(subject, what, source, mount.container, (mount.options,))))
    return Mounts(
        lines=tuple(lines),
        services=tuple(services),
        prepare=tuple(_make_folder(subject, folder) for folder in folders),
        units=tuple(units.values()),
    )


def _source(subject: Subject, mount: Mount) -> str:
    """The host's side: a path, or below the disk of the plan's volume that the mount names."""
    if not mount.volume or mount.host.startswith("/"):
        return posixpath.normpath(mount.host) if mount.host.startswith("/") else mount.host
    volume = next((one for one in subject.scene.volumes if one.name == mount.volume), None)
    if volume is None:
        there = ", ".join(sorted(one.name for one in subject.scene.volumes)) or "no volume"
        expected = f"expected a volume of {subject.scene.host} ({there})"
        subject.error("unknown-volume", f'mount {mount.container}: {expected}, found "{mount.volume}"')
        return "/"
    return posixpath.normpath(posixpath.join(volume.path, mount.host))


def _under(path: str, volume: Volume) -> bool:
    return posixpath.commonpath((path, volume.path)) == posixpath.normpath(volume.path)


def _named_volume(subject: Subject, source: str) -> Unit:
    """A Podman volume of the workload's own: the same name in another workload is another volume."""
    if not source or "/" in source or source.startswith((".", "~")):
        subject.error("relative-path", f'mount: expected an absolute path or the name of a volume, found "{source}"')
    name = joined(*subject.workload.name.split("/"), source)
    sections = [
        Section(name="Unit", lines=[("Description", prose(f"Volume {source} of {subject.workload.name}"))]),
        Section(name="Volume", lines=[("VolumeName", name), ("Label", word(f"provisioner.workload={subject.workload.name}"))]),
    ]
    return Unit(name=f"{name}.volume", text=unit_text(sections))


def _make_folder(subject: Subject, folder: str) -> str:
    """Podman refuses to mount what does not exist; a file or socket that is there already stays as it is."""
    script = 'test -e "$0" || mkdir -p "$0"'
    return subject.words(f"mount {folder}", ("/bin/sh", "-c", script, folder))
