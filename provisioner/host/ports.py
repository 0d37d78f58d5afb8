"""Which of a container's ports the machine shows, and on which of its addresses."""

from collections.abc import Iterable, Iterator
from typing import Final

from provisioner.host.delivery import address_slot
from provisioner.host.quadlet import Entry
from provisioner.host.scene import Subject
from provisioner.host.slots import slotted
from provisioner.resolve.model import Port

LABEL: Final = "provisioner.ports"
"""The label of a container with slots that names its ports on the host, comma between them."""


def ports(subject: Subject) -> Iterator[tuple[str, str]]:
    """`PublishPort=` lines. A port without a host port is reached on the overlay only and gives none.

    A published port listens on every address, and so does one behind a balancer, because a pass-through balancer delivers
    packets that still carry the balancer's own address. Any other listens on the host's private address alone. The ports of
    a container with slots are led to the slot that serves, by the firewall's rules (`host.slot_rules`): its unit only tells them.
    """
    if slotted(subject.workload, subject.container):
        led = [_sides(port) for port in subject.container.ports if port.host is not None]
        if led:
            yield "Label", f"{LABEL}={','.join(led)}"
        return
    for port in subject.container.ports:
        if port.host is None:
            continue
        address = _address(subject, port)
        yield "PublishPort", f"{address}:{_sides(port)}" if address else _sides(port)


def told(entries: Iterable[Entry]) -> tuple[str, ...]:
    """The ports that a container's unit names: `8080:80/tcp`."""
    found = list(entries)
    led = [entry.value.partition("=")[2].split(",") for entry in found if entry.key == "Label" and _is_ports(entry.value)]
    return (*(entry.value for entry in found if entry.key == "PublishPort"), *(port for ports in led for port in ports))


def _is_ports(label: str) -> bool:
    return label.startswith(f"{LABEL}=")


def _sides(port: Port) -> str:
    return f"{port.host}:{port.container}/{port.protocol}"


def _address(subject: Subject, port: Port) -> str:
    if port.address:
        shown = f"[{port.address}]" if ":" in port.address and not port.address.startswith("[") else port.address
        return subject.line(f"port {port.container}", shown)
    if port.published or _balanced(subject, port):
        return ""
    return address_slot(subject.scene.host)


def _balanced(subject: Subject, port: Port) -> bool:
    mine = (one for one in subject.scene.plan.balancers if one.workload == subject.workload.runnable)
    return any(balancer.backend_port == port.host for balancer in mine)
