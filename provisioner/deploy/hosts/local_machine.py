"""Hosts on this machine: real systemd under systemd-nspawn, over one shared root file system. They outlive this process."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from provisioner.clouds.local.tools import require
from provisioner.deploy.hosts import local_network, local_process, local_rootfs
from provisioner.deploy.hosts.local_prepare import prepare
from provisioner.deploy.hosts.local_state import Machine, checked, find, locked, save
from provisioner.deploy.hosts.local_tools import attempt, call
from provisioner.errors import HostError

BOOT_SECONDS: Final = 60
STOP_SECONDS: Final = 15
"""What services get to end before the host is switched off under them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A host to be. `user_data` is the cloud-init document that prepares it."""

    name: str
    user_data: str
    stem: str = ""
    hostname: str = ""
    reaches_out: bool = True


def create(wanted: Wanted, progress: Callable[[str], None]) -> Machine:
    """A new host, prepared and booted. One of that name that is there already is booted if it does not run, and kept as it is."""
    require()
    root = local_rootfs.root_file_system(progress)
    with locked():
        machine = find(checked(wanted.name))
        local_network.create_bridge()
        if machine is None:
            machine = _new(wanted, root)
            save(machine)
    boot(machine, wanted.user_data)
    return machine


def boot(machine: Machine, user_data: str = "") -> None:
    """Start a host that does not run, and wait until its systemd has started everything. One that runs is left alone.

    `user_data` prepares a host that was never booted; later boots find it prepared.
    """
    if local_process.running(machine):
        return
    require()
    with locked():
        local_network.create_bridge()
        local_network.connect(machine)
    _mount(machine)
    if not _prepared(machine).exists():
        prepare(machine, user_data)
        _prepared(machine).touch()
    local_process.start(machine)
    _await_boot(machine)


def stop(machine: Machine) -> None:
    """Shut a host down in order, or switch it off where that takes longer than `STOP_SECONDS`. What it holds stays."""
    if local_process.running(machine):
        local_process.enter(machine, "systemctl", "poweroff", "--no-wall")
        if not _until(lambda: not local_process.running(machine), STOP_SECONDS):
            local_process.kill(machine)
    _release(machine)


def kill(machine: Machine) -> None:
    """Switch a host off as a power cut does. `boot` starts it again with what its disks hold."""
    local_process.kill(machine)
    _release(machine)


def remove(machine: Machine, *, gently: bool = True) -> None:
    """End a host and delete all it holds; the files behind its disks stay. Gone already is fine."""
    (stop if gently else kill)(machine)
    if machine.folder.exists():
        shutil.rmtree(machine.folder)
    with locked():
        local_network.remove_bridge()


def _new(wanted: Wanted, root: Path) -> Machine:
    number = local_network.free_number()
    return Machine(
        name=wanted.name,
        number=number,
        address=local_network.address(number),
        root=str(root),
        stem=wanted.stem,
        hostname=wanted.hostname,
        reaches_out=wanted.reaches_out,
    )


def _mount(machine: Machine) -> None:
    if machine.mount.is_mount():
        return
    if not Path(machine.root).is_dir():
        raise HostError(f"{machine.name}: its root file system {machine.root} is gone; delete the host and make it anew")
    upper, work = machine.folder / "upper", machine.folder / "work"
    for folder in (machine.mount, upper, work, machine.folder / "containers"):
        folder.mkdir(parents=True, exist_ok=True)
    options = f"lowerdir={machine.root},upperdir={upper},workdir={work}"
    call("mount", "-t", "overlay", f"provisioner-{machine.name}", "-o", options, str(machine.mount))


def _release(machine: Machine) -> None:
    """Give back what a host that ended held of this machine."""
    if machine.mount.is_mount() and not _until(lambda: attempt("umount", str(machine.mount)).returncode == 0, 5):
        call("umount", "--lazy", str(machine.mount))
    local_network.disconnect(machine)


def _prepared(machine: Machine) -> Path:
    return machine.folder / "prepared"


def _await_boot(machine: Machine) -> None:
    """Both `running` and `degraded` are an end: what a failed unit means is for those who need that unit."""
    said = ""
    deadline = time.monotonic() + BOOT_SECONDS
    while time.monotonic() < deadline:
        if not local_process.running(machine):
            break
        said = local_process.enter(machine, "systemctl", "is-system-running").stdout.strip()
        if said in {"running", "degraded"}:
            return
        time.sleep(0.1)
    raise HostError(
        f"{machine.name} did not boot within {BOOT_SECONDS} s ({said or 'no systemd'}):\n{local_process.console_text(machine)}"
    )


def _until(done: Callable[[], bool], seconds: float) -> bool:
    """Whether `done` came true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
