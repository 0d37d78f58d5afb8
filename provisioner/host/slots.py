"""Which containers are updated without a pause: the next version starts in a second slot, then connections are led there.

See docs/decisions/0007. The kernel leads connections (nftables), so nothing stands between clients and containers.
"""

from collections.abc import Iterator
from typing import Final

from provisioner.plan.model import Workload
from provisioner.resolve.model import Container

SLOTS: Final = ("a", "b")

DRAIN_SECONDS: Final = 30
"""How long connections to the former slot may last before its container is stopped all the same."""


def slotted(workload: Workload, container: Container) -> bool:
    """Whether a container has two slots. A function of its definition alone, so that nothing else ever restarts it."""
    return not any(reasons(workload, container))


def reasons(workload: Workload, container: Container) -> Iterator[str]:
    """Why an update must stop a container before it starts the next one; nothing where it need not."""
    ports = [service.protocol.lower() for service in workload.services.values() if service.container == container.name]
    ports += [port.protocol.lower() for port in container.ports]
    if container.restart == "no":
        yield "it is a job"
    if not container.health:
        yield "it has no readiness check that tells when the next one may take over"
    if container.mounts:
        yield "it mounts volumes or folders, which two at once could spoil"
    if not ports:
        yield "it has no service or port: nothing leads connections to it"
    if "udp" in ports:
        yield "it serves UDP, which has no connections that end"
    if any(port.address for port in container.ports):
        yield "one of its ports is on one address of the host only"
    if container.needs.gpu:
        yield "it needs the graphics processors, which are there once"
