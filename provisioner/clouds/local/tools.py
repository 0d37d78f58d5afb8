"""What this machine needs before it can run hosts of its own."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from provisioner.errors import HostError

RUN: Final = {
    "ip": "iproute2",
    "losetup": "mount",
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
