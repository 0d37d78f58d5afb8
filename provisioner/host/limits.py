"""The most that a container may use. Quadlet keeps a container in its service's control group, so systemd's limits hold."""

from collections.abc import Iterator

from provisioner.resolve.model import Needs


def limits(needs: Needs) -> Iterator[tuple[str, str]]:
    """`[Service]` lines where the user stated needs; the documented default limits nothing."""
    if needs.stated:
        yield "MemoryMax", f"{needs.memory_mib}M"
        yield "CPUQuota", f"{needs.millicpu / 10:g}%"


def devices(needs: Needs) -> Iterator[tuple[str, str]]:
    """Graphics processors, by the name that the vendor's Container Device Interface file gives them."""
    if needs.gpu:
        yield "AddDevice", "nvidia.com/gpu=all"
