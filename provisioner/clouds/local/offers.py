"""The one machine there is: every host may take all of it, since nothing keeps hosts apart but what their containers may use."""

import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from provisioner.prices.offers import Offer
from provisioner.units import ZERO

MACHINE: Final = "this-machine"

_ARCHITECTURES: Final = {"x86_64": "amd64", "aarch64": "arm64"}


def offers() -> Sequence[Offer]:
    """This machine's processors and memory, at no price."""
    return (
        Offer(
            cloud="local",
            region="this-machine",
            machine=MACHINE,
            millicpu=millicpu(),
            memory_mib=memory_mib(),
            arch=_ARCHITECTURES.get(platform.machine(), platform.machine()),
            gpu=0,
            hourly=ZERO,
            spot=None,
            source="this machine",
            date="",
        ),
    )


def millicpu() -> int:
    return 1000 * len(os.sched_getaffinity(0))


def memory_mib() -> int:
    """All of it, used or not: the kernel's `MemTotal`, which is in KiB."""
    line = Path("/proc/meminfo").read_text(encoding="ascii").partition("\n")[0]
    return int(line.split()[1]) // 1024
