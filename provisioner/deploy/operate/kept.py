"""What containers keep on their host: folders and volumes that outlive them, found in the bundle that was last brought there."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from provisioner.deploy.operate.names import Target, choose
from provisioner.deploy.operate.sites import Site
from provisioner.errors import UsageError, nearest
from provisioner.host.files import FOLDER as FILES
from provisioner.host.model import Bundle, Gate
from provisioner.host.quadlet import entries

PODMAN_VOLUMES: Final = "/var/lib/containers/storage/volumes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A folder on a host and the services of the containers that mount it or a part of it, in start order.

    `name` is the volume of the plan, else the last part of the path.
    """

    site: Site
    name: str
    path: str
    services: tuple[str, ...]


def kept(name: str, wanted: str, among: Sequence[Target]) -> Kept:
    """What `name` keeps: a volume of the plan (`pgdata`), or a runnable or container (`shop/db`), of its first replica.

    `wanted` says which, by name or path, where there are several. Raises `UsageError`.
    """
    sites = {target.site.host: target.site for target in among}
    for site in sites.values():
        for disk in site.bundle.disks:
            if disk.volume == name:
                return _kept(site, disk.volume, disk.path)
    chosen = choose(name, among)
    first = [target for target in chosen if target.gate.workload == chosen[0].gate.workload]
    site = first[0].site
    paths = dict.fromkeys(path for target in first for path in _mounted(site.bundle, target.gate))
    known = {path: _called(site.bundle, path) for path in paths}
    if not known:
        raise UsageError(f"{name} keeps nothing on its host: no container of it mounts a folder that it may write to")
    found = [path for path, called in known.items() if wanted in ("", path, called)]
    if len(found) != 1:
        listed = ", ".join(f"volume={called}" for called in known.values())
        close = nearest(wanted, known.values())
        hint = f"; did you mean {close}?" if close and wanted else ""
        raise UsageError(f"{name} keeps several folders: expected one of {listed}{hint}")
    return _kept(site, known[found[0]], found[0])


def _kept(site: Site, name: str, path: str) -> Kept:
    services = [
        gate.service
        for gate in site.bundle.gates
        if any(_under(mounted, path) or _under(path, mounted) for mounted in _mounted(site.bundle, gate))
    ]
    return Kept(site=site, name=name, path=path, services=tuple(services))


def _mounted(bundle: Bundle, gate: Gate) -> Iterator[str]:
    """Paths on the host that a container may write to. One with slots mounts nothing."""
    text = next((unit.text for unit in bundle.units if unit.name == gate.units[0]), "")
    for entry in entries(text):
        if entry.key != "Volume":
            continue
        source, _, rest = entry.value.strip('"').replace("%%", "%").replace("$$", "$").partition(":")
        options = rest.partition(":")[2].split(",")
        if source.endswith(".volume"):
            yield f"{PODMAN_VOLUMES}/{source.removesuffix('.volume')}/_data"
        elif source != "/" and not source.startswith(f"{FILES}/") and "ro" not in options:
            yield source


def _called(bundle: Bundle, path: str) -> str:
    disks = {disk.path: disk.volume for disk in bundle.disks}
    if path in disks:
        return disks[path]
    last = posixpath.basename(posixpath.dirname(path) if path.startswith(PODMAN_VOLUMES) else path)
    return last or path


def _under(path: str, folder: str) -> bool:
    return posixpath.commonpath((path, folder)) == posixpath.normpath(folder)
