"""Who may open a connection to whom: the declared connections and the containers of one workload, as addresses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from provisioner.host.scene import Scene
from provisioner.host.slots import SLOTS, slotted
from provisioner.plan.model import Workload
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
        for edge in (*_together(scene, workload), *_connected(scene, workload, replicas))
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
