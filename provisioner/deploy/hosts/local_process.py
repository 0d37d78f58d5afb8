"""The processes of local hosts: starting systemd-nspawn, finding a host's init again, entering its namespaces."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from provisioner.deploy.hosts.local_state import Machine
from provisioner.deploy.hosts.local_tools import attempt, call
from provisioner.errors import HostError

_ENVIRONMENT: Final = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "yes",
    "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1",
    "SYSTEMD_SECCOMP": "0",
    "UNIFIED_CGROUP_HIERARCHY": "1",
}
"""A host has control groups of version 2 whatever this machine has, writes its own kernel settings, and filters nothing
(its containers do)."""

_INSIDE: Final = (
    "env",
    "--ignore-environment",
    "--chdir=/",
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/root",
    "USER=root",
    "LANG=C.UTF-8",
)

_START: Final = 'echo $$ > "$1"; echo $$ > "$2"; shift 2; exec "$@"'
"""Leave this process's number, enter the host's control group, become systemd-nspawn."""


def start(machine: Machine) -> None:
    """Start a host's init, apart from this process: it ends neither with it nor with its terminal."""
    group = _group(machine)
    group.mkdir(parents=True, exist_ok=True)
    number = machine.folder / "pid"
    number.unlink(missing_ok=True)
    words = ["setsid", "--fork", "sh", "-c", _START, "sh", str(number), str(group / "cgroup.procs"), *_nspawn(machine)]
    with (machine.folder / "console.log").open("wb") as console:
        subprocess.run(words, stdin=subprocess.DEVNULL, stdout=console, stderr=console, env=_ENVIRONMENT, check=True)
    deadline = time.monotonic() + 10
    while init(machine) is None:
        if time.monotonic() > deadline:
            raise HostError(f"{machine.name}: systemd-nspawn did not start:\n{console_text(machine)}")
        time.sleep(0.02)


def running(machine: Machine) -> bool:
    return init(machine) is not None


def init(machine: Machine) -> int | None:
    """The process number of a host's init as this machine sees it; None where the host does not run."""
    outer = _outer(machine)
    if outer is None:
        return None
    try:
        children = Path(f"/proc/{outer}/task/{outer}/children").read_text(encoding="ascii").split()
    except FileNotFoundError:
        return None
    return int(children[0]) if children else None


def kill(machine: Machine) -> None:
    """Kill a host's init, and with it every process of the host; return when systemd-nspawn has ended too.

    They are stopped first: killed one after the other, the last would still see the first ones fail and write that down.
    """
    number = init(machine)
    if number is not None:
        for inside in _same_namespace(number):
            with suppress(ProcessLookupError):
                os.kill(inside, signal.SIGSTOP)
        os.kill(number, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while (outer := _outer(machine)) is not None:
        if time.monotonic() > deadline:
            os.kill(outer, signal.SIGKILL)
        time.sleep(0.05)
    _empty(_group(machine))


def _same_namespace(number: int) -> list[int]:
    """Every other process that shares a process's numbering: all that runs in its host."""
    namespace = Path(f"/proc/{number}/ns/pid").readlink()
    found: list[int] = []
    for folder in Path("/proc").iterdir():
        with suppress(OSError):
            if folder.name.isdecimal() and int(folder.name) != number and (folder / "ns/pid").readlink() == namespace:
                found.append(int(folder.name))
    return found


def entering(machine: Machine) -> list[str]:
    """The words that come before a command to run it in the host, as root."""
    number = init(machine)
    if number is None:
        raise HostError(f"{machine.name} does not run on this machine")
    return ["nsenter", f"--target={number}", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", *_INSIDE]


def enter(machine: Machine, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a short command in the host; its failure is an answer."""
    return attempt(*entering(machine), *command)


def console_text(machine: Machine) -> str:
    """The last lines that the host wrote on its console."""
    path = machine.folder / "console.log"
    return path.read_text(encoding="utf-8", errors="replace")[-2000:].strip() if path.exists() else ""


def loop_device(file: str) -> str:
    """The loop device of a file, made where there is none."""
    found = call("losetup", "--noheadings", "--output", "NAME", "--associated", file).split()
    return found[0] if found else call("losetup", "--find", "--show", file).strip()


def device_path(disk: str) -> str:
    """Where a host sees a disk, whatever the loop device's number is."""
    return f"/dev/disk/by-id/provisioner-{disk}"


def _nspawn(machine: Machine) -> list[str]:
    disks = [f"--bind={loop_device(file)}:{device_path(disk)}" for disk, file in sorted(machine.disks.items())]
    return [
        "systemd-nspawn",
        "--quiet",
        "--boot",
        f"--directory={machine.mount}",
        f"--machine={machine.name}",
        # Overlay does not lie on overlay: images and volumes are on this machine's own file system.
        f"--bind={machine.folder / 'containers'}:/var/lib/containers",
        *disks,
        f"--network-namespace-path=/run/netns/{machine.network}",
        "--capability=all",
        "--private-users=no",
        "--system-call-filter=add_key keyctl bpf",
        "--register=no",
        "--keep-unit",
        "--console=pipe",
    ]


def _outer(machine: Machine) -> int | None:
    """The process number of the host's systemd-nspawn; None where it has ended, even if another process has its number now."""
    try:
        number = int((machine.folder / "pid").read_text(encoding="ascii"))
        words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return None
    return number if f"--machine={machine.name}".encode() in words else None


def _group(machine: Machine) -> Path:
    """The host's own control group, apart from that of the process that starts it."""
    hybrid = Path("/sys/fs/cgroup/unified")
    return (hybrid if hybrid.is_dir() else Path("/sys/fs/cgroup")) / "provisioner-local" / machine.name


def _empty(group: Path, seconds: float = 10) -> None:
    """Remove a control group whose processes are ending, innermost first."""
    deadline = time.monotonic() + seconds
    while group.is_dir():
        for folder in (*sorted((path for path in group.rglob("*") if path.is_dir()), reverse=True), group):
            with suppress(OSError):  # busy for as long as a process in it is on its way out
                folder.rmdir()
        if time.monotonic() > deadline:
            raise HostError(f"{group} still has processes")
        time.sleep(0.02)
