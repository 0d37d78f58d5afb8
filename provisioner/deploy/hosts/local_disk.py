"""Disks of local hosts: a file each on this machine's own file system, seen by hosts as block devices through loop devices."""

from pathlib import Path
from typing import Final

from provisioner.deploy.hosts import local_process
from provisioner.deploy.hosts.local_state import STATE, Machine, checked, find, locked, machines, save
from provisioner.deploy.hosts.local_tools import attempt, call
from provisioner.errors import HostError

_GIB: Final = 1 << 30


def path(name: str) -> Path:
    return STATE / "disks" / f"{checked(name)}.img"


def create(name: str, size_gib: int) -> Path:
    """An empty disk, whose file takes up what is written to it and no more. One that is there already is refused."""
    file = path(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("xb") as stream:
            stream.truncate(size_gib * _GIB)
    except FileExistsError:
        raise HostError(f"{file} is there already, perhaps with data: import it, or move it away") from None
    return file


def size_gib(name: str) -> int | None:
    """None where there is no such disk."""
    try:
        return path(name).stat().st_size // _GIB
    except FileNotFoundError:
        return None


def grow(name: str, size: int) -> None:
    """Make a disk larger, also under a host that uses it; the file system grows when the host mounts it next."""
    file, before = path(name), size_gib(name)
    if before is None or size < before:
        raise HostError(f"the disk {name} cannot grow to {size} GiB: it has {before or 'vanished'}")
    with file.open("r+b") as stream:
        stream.truncate(size * _GIB)
    for device in _loops(file):
        call("losetup", "--set-capacity", device)


def remove(name: str) -> None:
    """Delete a disk and what is on it; gone is fine. One that a host still has is refused."""
    file = path(name)
    users = [machine.name for machine in machines() if str(file) in machine.disks.values()]
    if users:
        raise HostError(f"the disk {name} is attached to {', '.join(users)}")
    for device in _loops(file):
        call("losetup", "--detach", device)
    file.unlink(missing_ok=True)


def attach(machine: str, disk: str, file: str) -> None:
    """Give a host a disk under its stable path, at once where it runs, and at each boot."""
    with locked():
        found = _machine(machine)
        save(found.with_disks({**found.disks, disk: file}))
    if local_process.running(found):
        major, minor = _numbers(local_process.loop_device(file))
        device = local_process.device_path(disk)
        script = 'mkdir -p "${1%/*}" && { [ -b "$1" ] || mknod "$1" b "$2" "$3"; }'
        done = local_process.enter(found, "/bin/sh", "-c", script, "sh", device, major, minor)
        if done.returncode:
            raise HostError(f"{machine}: {device} could not be made: {done.stderr.strip()}")


def detach(machine: str, disk: str) -> None:
    """Take a disk away from a host: what uses it there is stopped in order, then its mount. One that stays mounted is refused."""
    with locked():
        found = _machine(machine)
        device = local_process.device_path(disk)
        if local_process.running(found) and local_process.enter(found, "/bin/sh", "-c", _LET_GO, "sh", device, disk).returncode:
            raise HostError(f"{machine} has the disk {disk} mounted, and does not let go of it")
        save(found.with_disks({name: file for name, file in found.disks.items() if name != disk}))


_LET_GO: Final = """
systemctl stop "provisioner-disk@$2.service" 2>/dev/null
if findmnt --source "$1" >/dev/null; then exit 3; fi
umount "$1" 2>/dev/null
rm -f "$1"
"""


def _machine(name: str) -> Machine:
    found = find(name)
    if found is None:
        raise HostError(f"there is no host {name} on this machine")
    return found


def _loops(file: Path) -> list[str]:
    return call("losetup", "--noheadings", "--output", "NAME", "--associated", str(file)).split()


def _numbers(device: str) -> tuple[str, str]:
    found = attempt("lsblk", "--noheadings", "--nodeps", "--output", "MAJ:MIN", device).stdout.strip()
    major, _, minor = found.partition(":")
    return major, minor
