"""Services: named endpoints of containers, and the ports they open."""

from collections.abc import Mapping

from provisioner.errors import nearest
from provisioner.package import validate
from provisioner.package.nodes import Node
from provisioner.resolve.entries import named
from provisioner.resolve.evaluation import Evaluation
from provisioner.resolve.model import Port, Service


def services(node: Node | None, known: Mapping[str, Node], evaluation: Evaluation) -> dict[str, Service]:
    """Every service that has a container; `known` are the runnable's containers. An entity's `custom` service opens nothing."""
    found: dict[str, Service] = {}
    for name, entry in named(node):
        service = _service(name, entry, known, evaluation.at(name))
        if service is not None:
            found[name] = service
    return found


def opened(services: Mapping[str, Service]) -> dict[str, tuple[Port, ...]]:
    """The ports that services open, by container."""
    found: dict[str, tuple[Port, ...]] = {}
    for service in services.values():
        port = Port(container=service.port, host=service.host_port, protocol=service.protocol, published=service.published)
        found[service.container] = (*found.get(service.container, ()), port)
    return found


def _service(name: str, node: Node, known: Mapping[str, Node], evaluation: Evaluation) -> Service | None:
    entries, problems = node.entries, evaluation.problems
    protocol = (evaluation.text_at(node, "protocol") or "tcp").lower()
    if protocol == "custom":
        return None
    stated = evaluation.needed_at(node, "container", "the name of a container")
    container = stated or (next(iter(known)) if len(known) == 1 else "")
    if container not in known:
        if evaluation.is_incomplete or (stated is None and "container" in entries and entries["container"].is_arrow):
            return None
        close = nearest(container, known)
        hint = f"did you mean {close}?" if close else ""
        place = (entries.get("container") or node).place(f"{evaluation.path}/container")
        message = f'expected one of the containers ({", ".join(known) or "none"}), found "{container}"'
        problems.error("unknown-container", place, message, hint=hint)
        return None
    port = _port(node, evaluation)
    if port is None:
        return None
    host_port = evaluation.parsed_at(node, "host-port", validate.port)
    publish = evaluation.flag_at(node, "publish")
    if publish and host_port is None and not evaluation.is_incomplete:
        place = entries["publish"].place(f"{evaluation.path}/publish")
        problems.warning("not-published", place, f"{name} has no port on the host to publish", hint="state `host-port`")
    return Service(
        name=name,
        container=container,
        port=port,
        protocol=protocol,
        host_port=host_port,
        published=publish and host_port is not None,
        place=node.key_place(evaluation.path),
    )


def _port(node: Node, evaluation: Evaluation) -> int | None:
    """None after a problem. The table of keys reports a port that is written wrongly."""
    written = node.entries.get("port")
    if written is None or written.is_empty:
        evaluation.problems.error("missing-key", node.key_place(evaluation.path), "expected a `port`, found none")
        return None
    return evaluation.needed_at(node, "port", "a port number from 1 to 65535", validate.port)
