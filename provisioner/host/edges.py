"""Who may open a connection to whom, as addresses: declared connections, the containers of one workload, and routes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from provisioner.host.scene import Scene
from provisioner.host.slots import SLOTS, slotted
from provisioner.plan.model import Workload
from provisioner.plan.routes import routed
from provisioner.resolve.model import Connection, Container


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Edge:
    """`source` may open connections to `target`, both addresses of the overlay, at `port`; at any where it is 0."""

    source: str
    target: str
    protocol: str = ""
    port: int = 0


def edges(scene: Scene) -> tuple[Edge, ...]:
    """All that begin or end on the scene's host, in the order of their addresses."""
    found = {
        edge
        for workload in scene.workloads
        for kind in (_together, _connected, _served, _routed)
        for edge in kind(scene, workload)
    }
    return tuple(sorted(found))


def targets(scene: Scene, workload: Workload, container: Container) -> tuple[str, ...]:
    """The addresses at which this host sees connections to a container arrive.

    On its own host those are its slots', because connections have been led there already; elsewhere its stable one.
    """
    if scene.is_here(workload) and slotted(workload, container):
        return tuple(scene.address(workload, container, slot) for slot in SLOTS)
    return (scene.address(workload, container),)


def sources(scene: Scene, workload: Workload, container: Container) -> tuple[str, ...]:
    """The addresses that a container's own connections come from."""
    if slotted(workload, container):
        return tuple(scene.address(workload, container, slot) for slot in SLOTS)
    return (scene.address(workload, container),)


def _together(scene: Scene, workload: Workload) -> Iterator[Edge]:
    """Containers of one workload run on one host and may reach each other, and themselves, at every port."""
    for one, other in product(workload.containers, repeat=2):
        for source, target in product(sources(scene, workload, one), targets(scene, workload, other)):
            if source != target or slotted(workload, one):
                yield Edge(source=source, target=target)


def _connected(scene: Scene, workload: Workload) -> Iterator[Edge]:
    """To every replica of what a connection names; entities have no containers."""
    for connection in workload.connections.values():
        for target in scene.traffic.replicas.get(connection.target, ()):
            yield from _connection(scene, workload, target, connection)


def _served(scene: Scene, workload: Workload) -> Iterator[Edge]:
    """From every workload with a connection to it."""
    for client in scene.traffic.clients.get(workload.runnable, ()):
        for connection in client.connections.values():
            if connection.target == workload.runnable:
                yield from _connection(scene, client, workload, connection)


def _connection(scene: Scene, workload: Workload, target: Workload, connection: Connection) -> Iterator[Edge]:
    service = target.services[connection.service]
    serving = next(container for container in target.containers if container.name == service.container)
    for container in workload.containers:
        for source, reached in product(sources(scene, workload, container), targets(scene, target, serving)):
            yield Edge(
                source=source,
                target=reached,
                protocol="udp" if service.protocol.lower() == "udp" else "tcp",
                port=service.port,
            )


def _routed(scene: Scene, workload: Workload) -> Iterator[Edge]:
    """From the other hosts that answer routes; what a host itself sends to its containers passes anyway."""
    asking = [host for host in scene.traffic.answering if host != scene.host]
    for one in routed((workload,)):
        serving = next(container for container in workload.containers if container.name == one.service.container)
        for host, reached in product(asking, targets(scene, workload, serving)):
            yield Edge(source=scene.address_of(host), target=reached, protocol="tcp", port=one.service.port)
