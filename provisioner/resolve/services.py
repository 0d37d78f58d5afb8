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
    container = evaluation.text_at(node, "container") or (next(iter(known)) if len(known) == 1 else "")
    if container not in known:
        if evaluation.is_incomplete:
            return None
        close = nearest(container, known)
        hint = f"did you mean {close}?" if close else ""
        place = (entries.get("container") or node).place(f"{evaluation.path}/container")
        message = f'expected one of the containers ({", ".join(known) or "none"}), found "{container}"'
        problems.error("unknown-container", place, message, hint=hint)
        return None
    port = evaluation.parsed_at(node, "port", validate.port)
    if port is None:
        if "port" not in entries or entries["port"].is_empty:
            problems.error("missing-key", node.key_place(evaluation.path), "expected a `port`, found none")
        elif entries["port"].is_arrow:
            _nil_port(entries["port"], evaluation)
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


def _nil_port(node: Node, evaluation: Evaluation) -> None:
    """An expression that gave nothing: say so, unless its own problem has been reported at this place."""
    path = f"{evaluation.path}/port"
    if not any(problem.place.path == path for problem in evaluation.problems.errors):
        evaluation.problems.error("no-value", node.place(path), "expected a port number from 1 to 65535, found nil")
