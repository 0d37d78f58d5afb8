"""What a host keeps for itself, subtracted openly before anything is placed on it.

The project's planning figures, for Debian 13 with Podman 5.4; sizing and `plan` show what is left after them:

| what | CPU | memory |
| --- | --- | --- |
| firmware, kernel and page tables, which the guest never sees as free | | 5 % of the machine's |
| system: systemd, journald, sshd, time | 0.05 | 128 MiB |
| Podman: conmon processes, image pulls, health checks | 0.05 | 128 MiB |
"""

from dataclasses import dataclass
from typing import Final

from provisioner.plan.model import HostGroup
from provisioner.prices.offers import Offer
from provisioner.resolve.model import Needs
from provisioner.units import print_cpu, print_mib

KERNEL_PERCENT: Final = 5
SYSTEM_MILLICPU: Final = 50
SYSTEM_MEMORY_MIB: Final = 128
PODMAN_MILLICPU: Final = 50
PODMAN_MEMORY_MIB: Final = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What workloads may ask for in all."""

    millicpu: int
    memory_mib: int
    gpu: int


def capacity(offer: Offer) -> Capacity:
    """What a machine has left for workloads."""
    return Capacity(
        millicpu=max(0, offer.millicpu - SYSTEM_MILLICPU - PODMAN_MILLICPU),
        memory_mib=max(0, offer.memory_mib * (100 - KERNEL_PERCENT) // 100 - SYSTEM_MEMORY_MIB - PODMAN_MEMORY_MIB),
        gpu=offer.gpu,
    )


def room(offer: Offer, group: HostGroup) -> Capacity:
    """What a host of the group has left for workloads: the machine's capacity without the headroom."""
    return reduced(capacity(offer), group.headroom_percent)


def reduced(whole: Capacity, percent: int) -> Capacity:
    """A capacity of which a share of CPU and memory is left free."""
    if not percent:
        return whole
    used = 100 - percent
    return Capacity(millicpu=whole.millicpu * used // 100, memory_mib=whole.memory_mib * used // 100, gpu=whole.gpu)


def machine_for(needs: Needs, group: HostGroup) -> Capacity:
    """The smallest machine of the group whose room holds `needs`: headroom and reserve added back."""
    used = 100 - group.headroom_percent
    memory = -(-needs.memory_mib * 100 // used) + SYSTEM_MEMORY_MIB + PODMAN_MEMORY_MIB
    return Capacity(
        millicpu=-(-needs.millicpu * 100 // used) + SYSTEM_MILLICPU + PODMAN_MILLICPU,
        memory_mib=-(-memory * 100 // (100 - KERNEL_PERCENT)),
        gpu=needs.gpu,
    )


def words(millicpu: int, memory_mib: int, gpu: int = 0) -> str:
    """`1.9 CPU and 3635 MiB`, with GPUs where there are any. Only whole GiB are printed as such: figures near a limit decide."""
    memory = print_mib(memory_mib) if memory_mib % 1024 == 0 else f"{memory_mib} MiB"
    amounts = f"{print_cpu(millicpu)} CPU and {memory}"
    return f"{amounts} and {gpu} GPU" if gpu else amounts


def stated(millicpu: int, memory_mib: int, gpu: int = 0) -> str:
    """The amounts that are not zero: `2 CPU`, `4 GiB and 1 GPU`."""
    amounts = words(millicpu, memory_mib, gpu).split(" and ")
    return " and ".join(amount for amount in amounts if not amount.startswith("0 ")) or "nothing"
