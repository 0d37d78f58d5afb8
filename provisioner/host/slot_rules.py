"""How connections are led to the slot of a container that serves: one small rule file for each slot, loaded at the switch.

The link `/etc/provisioner/slots/UNIT.nft` names the one in force; the firewall's rules include what it leads to.
"""

from collections.abc import Iterator
from typing import Final

from provisioner.host.model import HostFile, Slot
from provisioner.host.names import service_name, unit_name
from provisioner.host.scene import Scene, Subject
from provisioner.host.slots import SLOTS, slotted
from provisioner.plan.model import Workload
from provisioner.resolve.model import Container

FOLDER: Final = "/etc/provisioner/slots"


def slotted_here(scene: Scene) -> Iterator[tuple[Workload, Container]]:
    """The containers of this host that have slots."""
    return (
        (workload, container) for workload in scene.workloads for container in workload.containers if slotted(workload, container)
    )


def slots(subject: Subject) -> tuple[tuple[Slot, ...], tuple[HostFile, ...]]:
    """A container's slots and the files that lead to each; none where it has none."""
    workload, container = subject.workload, subject.container
    if not slotted(workload, container):
        return (), ()
    files = tuple(HostFile(path=_path(workload, container, slot), contents=_rules(subject, slot), mode=0o600) for slot in SLOTS)
    made = tuple(
        Slot(name=slot, service=service_name(workload.name, container.name, slot), rules=file.path)
        for slot, file in zip(SLOTS, files, strict=True)
    )
    return made, files


def chain(workload: Workload, container: Container) -> str:
    """The nftables chain of a container's slots."""
    return f"slot_{unit_name(workload.name, container.name)}"


def link(workload: str, container: str) -> str:
    """The symbolic link to the rules in force; before the first start there is none."""
    return f"{FOLDER}/{unit_name(workload, container)}.nft"


def include(workload: Workload, container: Container) -> str:
    """The link as a pattern, because nftables passes over a pattern that nothing matches."""
    return f"{link(workload.name, container.name).removesuffix('nft')}nf[t]"


def _path(workload: Workload, container: Container, slot: str) -> str:
    return f"{FOLDER}/{slot}/{unit_name(workload.name, container.name)}.rules"


def _rules(subject: Subject, slot: str) -> str:
    """Replaces the chain in one transaction: new connections go to this slot, those that stand stay where they are."""
    name = chain(subject.workload, subject.container)
    stable = subject.scene.address(subject.workload, subject.container)
    here = subject.scene.address(subject.workload, subject.container, slot)
    opened = sorted({(port.host, port.container) for port in subject.container.ports if port.host is not None})
    lines = [
        f"flush chain inet provisioner {name}",
        f"add rule inet provisioner {name} ip daddr {stable} dnat ip to {here}",
        *(
            f"add rule inet provisioner {name} fib daddr type local tcp dport {host} dnat ip to {here}:{inside}"
            for host, inside in opened
        ),
    ]
    return "".join(f"{line}\n" for line in lines)
