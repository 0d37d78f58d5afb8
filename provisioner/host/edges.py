"""Who may open a connection to whom, as addresses: declared connections, the containers of one workload, and routes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from provisioner.host.answering import answering
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
    replicas: dict[str, list[Workload]] = {}
    for workload in scene.plan.workloads:
        replicas.setdefault(workload.runnable, []).append(workload)
    found = {
        edge
        for workload in scene.plan.workloads
        for edge in (*_together(scene, workload), *_connected(scene, workload, replicas), *_routed(scene, workload))
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
    if scene.is_here(workload):
        for one, other in product(workload.containers, repeat=2):
            for source, target in product(sources(scene, workload, one), targets(scene, workload, other)):
                if source != target or slotted(workload, one):
                    yield Edge(source=source, target=target)


def _connected(scene: Scene, workload: Workload, replicas: Mapping[str, Sequence[Workload]]) -> Iterator[Edge]:
    """To every replica of what a connection names; entities have no containers."""
    for connection in workload.connections.values():
        for target in replicas.get(connection.target, ()):
            if scene.is_here(workload) or scene.is_here(target):
                yield from _connection(scene, workload, target, connection)


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
    if not scene.is_here(workload):
        return
    asking = [host for host in answering(scene.plan, scene.placement) if host != scene.host]
    for one in routed((workload,)):
        serving = next(container for container in workload.containers if container.name == one.service.container)
        for host, reached in product(asking, targets(scene, workload, serving)):
            yield Edge(source=scene.address_of(host), target=reached, protocol="tcp", port=one.service.port)
