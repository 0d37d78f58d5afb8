"""Which of a container's ports the machine shows, and on which of its addresses."""

from collections.abc import Iterator

from provisioner.host.delivery import address_slot
from provisioner.host.scene import Subject
from provisioner.host.slots import slotted
from provisioner.resolve.model import Port


def ports(subject: Subject) -> Iterator[tuple[str, str]]:
    """`PublishPort=` lines. A port without a host port is reached on the overlay only and gives none.

    A published port listens on every address, and so does one behind a balancer, because a pass-through balancer delivers
    packets that still carry the balancer's own address. Any other listens on the host's private address alone. The ports of
    a container with slots are led to the slot that serves, by the firewall's rules (`host.slot_rules`).
    """
    if slotted(subject.workload, subject.container):
        return
    for port in subject.container.ports:
        if port.host is None:
            continue
        sides = f"{port.host}:{port.container}/{port.protocol}"
        address = _address(subject, port)
        yield "PublishPort", f"{address}:{sides}" if address else sides


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
