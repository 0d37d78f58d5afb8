"""What this machine needs before it can run hosts of its own, and the programs that do it."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from provisioner.errors import HostError

RUN: Final = {
    "ip": "iproute2",
    "losetup": "mount",
    "mkfs.ext4": "e2fsprogs",
    "mount": "mount",
    "nft": "nftables",
    "nsenter": "util-linux",
    "setsid": "util-linux",
    "systemd-nspawn": "systemd-container",
}
"""Programs that boot, reach and end hosts, each with the Debian package that brings it."""

BUILD: Final = {"mmdebstrap": "mmdebstrap"}
"""What making the root file system needs beside them."""

_KEYRING: Final = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def missing(tools: Iterable[str] = (*RUN, *BUILD)) -> tuple[str, ...]:
    """The Debian packages whose programs this machine lacks, in alphabetical order."""
    packages = RUN | BUILD
    absent = {packages[tool] for tool in tools if shutil.which(tool) is None}
    if not _KEYRING.exists():
        absent.add("debian-archive-keyring")
    return tuple(sorted(absent))


def reason(tools: Iterable[str] = (*RUN, *BUILD)) -> str:
    """Why this machine cannot run hosts, with what to do; "" where it can."""
    said: list[str] = []
    if os.geteuid() != 0:
        said.append("it needs root: run the command as root, for example with `sudo --preserve-env`")
    packages = missing(tools)
    if packages:
        said.append(f"programs are missing: `sudo apt-get install -y --no-install-recommends {' '.join(packages)}`")
    return "; ".join(said)


def require(tools: Iterable[str] = tuple(RUN)) -> None:
    """Raises one `HostError` that names everything this machine lacks."""
    why = reason(tools)
    if why:
        raise HostError(f"this machine cannot run hosts of its own: {why}")


def call(*command: str, seconds: float = 60) -> str:
    """Run a program of this machine; its output. A status other than 0 is a `HostError` with the program's own words."""
    done = attempt(*command, seconds=seconds)
    if done.returncode:
        said = done.stderr.strip() or done.stdout.strip() or f"status {done.returncode}"
        raise HostError(f"`{' '.join(command)}` failed: {said[-2000:]}")
    return done.stdout


def attempt(*command: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
    """Run a program whose failure is an answer. Raises `HostError` where it cannot be started or does not end."""
    words: Sequence[str] = command
    try:
        return subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise HostError(f"`{' '.join(command)}` did not end within {seconds:g} s") from None
    except OSError as error:
        raise HostError(f"`{command[0]}` cannot be started: {error}") from None
