"""The root file system of local hosts: Debian 13 with what `cloud_init` installs elsewhere, made once and kept by its recipe."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from provisioner.clouds.local.tools import BUILD, RUN, require
from provisioner.deploy.engine import cache_folder
from provisioner.errors import HostError
from provisioner.host.cloud_init import PACKAGES

SUITE: Final = "trixie"

_BASE: Final = (
    "aardvark-dns",
    "ca-certificates",
    "catatonit",
    "crun",
    "curl",
    "dbus",
    "haproxy",
    "iproute2",
    "iputils-ping",
    "netavark",
    "openssh-server",
    "procps",
    "sudo",
    "systemd",
    "systemd-sysv",
    "wireguard-go",
)
"""What a cloud's Debian image has from the start or Podman recommends, and WireGuard for kernels without it."""

_OPTIONS: Final = (
    '--aptopt=Acquire::Languages "none"',
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    "--dpkgopt=path-exclude=/usr/share/man/*",
)

_UNITS: Final = "etc/systemd/system"

_CLEAN: Final = (
    # Keys are each machine's own; timers and a proxy that nobody configured have no work here, and modules are this machine's.
    'rm -f "$1"/etc/ssh/ssh_host_*',
    f'rm -f "$1"/{_UNITS}/timers.target.wants/*',
    f'rm -f "$1"/{_UNITS}/multi-user.target.wants/haproxy.service "$1"/{_UNITS}/multi-user.target.wants/e2scrub_reap.service',
    f'ln -s /dev/null "$1"/{_UNITS}/systemd-modules-load.service',
    'rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*',
    ': > "$1"/etc/machine-id',
)

SECONDS: Final = 1200
"""The longest that downloading and unpacking may take."""


def command(target: Path) -> list[str]:
    """What makes the root file system; apart from `target`, this is the recipe."""
    hooks = [f"--customize-hook={line}" for line in _CLEAN]
    include = ",".join(sorted({*PACKAGES, *_BASE}))
    return ["mmdebstrap", "--variant=minbase", f"--include={include}", *_OPTIONS, *hooks, SUITE, str(target)]


def folder() -> Path:
    """Where the root file system of this recipe is, or will be."""
    digest = hashlib.sha256(json.dumps(command(Path("root"))).encode()).hexdigest()
    return cache_folder() / "rootfs" / digest[:16]


def root_file_system(progress: Callable[[str], None]) -> Path:
    """The folder with the root file system, made first where there is none: about a minute, once.

    It appears under its name only when whole, and two processes that ask at once make it once.
    """
    ready = folder()
    if ready.is_dir():
        return ready
    require((*RUN, *BUILD))
    ready.parent.mkdir(parents=True, exist_ok=True)
    with (ready.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.is_dir():
            progress("making the root file system of local hosts from Debian packages (about a minute, once)")
            _make(ready)
            progress(f"made the root file system in {ready}")
    return ready


def _make(ready: Path) -> None:
    """Build beside, then rename. What killed builds left is removed; the lock says that none is in progress."""
    for left in ready.parent.glob("*.partial-*"):
        shutil.rmtree(left)
    partial = ready.with_name(f"{ready.name}.partial-{os.getpid()}")
    try:
        built = subprocess.run(
            command(partial), capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise HostError(f"the root file system was not made within {SECONDS} s") from None
    if built.returncode:
        raise HostError(f"the root file system could not be made:\n{built.stderr.strip()[-2000:]}")
    partial.rename(ready)
