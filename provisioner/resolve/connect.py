"""Connections: which service of which definition stands behind a name, and how it is reached."""

from typing import TYPE_CHECKING

from provisioner.errors import nearest
from provisioner.package import validate
from provisioner.package.nodes import Node
from provisioner.resolve.entries import named
from provisioner.resolve.kinds import INSTANCE
from provisioner.resolve.model import Connection, Later, Parts
from provisioner.resolve.names import hostname
from provisioner.resolve.reference import name_of
from provisioner.script.context import REPORTED, Link, RefusedError

if TYPE_CHECKING:
    from provisioner.resolve.scope import Scope
    from provisioner.resolve.session import Session


def connections(scope: "Scope") -> dict[str, Connection]:
    """Every connection of a definition; what cannot be found is reported and left out."""
    section = scope.node.entries.get("connections")
    found: dict[str, Connection] = {}
    for name, node in named(section):
        end = reported_link(scope, name, node)
        if end is None:
            continue
        found[name] = Connection(
            name=name,
            target=end.target,
            service=end.service,
            hostname=end.hostname if isinstance(end.hostname, str) else "",
            port=end.port if isinstance(end.port, int) else None,
            optional=not end.target,
            place=node.key_place(f"{scope.name}/connections/{name}"),
        )
    return found


def reported_link(scope: "Scope", name: str, node: Node) -> Link | None:
    """The other end of a declared connection; None after reporting, at its declaration, why there is none."""
    try:
        return link(scope, name)
    except RefusedError as refusal:
        scope.session.report(refusal, node.key_place(f"{scope.name}/connections/{name}"))
        return None


def link(scope: "Scope", name: str) -> Link:
    """The other end of a connection. A connection that may have no target, and has none, leads nowhere and is no problem."""
    if name not in scope.links:
        scope.links[name] = _link(scope, name)
    return scope.links[name]


def _link(scope: "Scope", name: str) -> Link:
    section = scope.node.entries.get("connections")
    node = section.entries.get(name) if section else None
    if node is None:
        known = section.entries if section else {}
        close = nearest(name, known)
        hint = f"did you mean {close}?" if close else f"declare connections: {{{name}: {{runnable: …, service: …}}}}"
        raise RefusedError("unknown-connection", f'{scope.name} declares no connection "{name}"', hint)
    wanted = node.entries.get("runnable") or node.entries.get("target")
    if wanted is None or wanted.is_empty:
        optional = node.entries.get("optional")
        if optional is not None and optional.text.lower() in ("true", "yes", "on"):
            return Link(target="")
        raise RefusedError("missing-key", f'the connection "{name}" names no `runnable`', "a connection may say optional: true")
    target = name_of(scope.session.catalog, _text(wanted, scope, name, "runnable"), scope.session.namespace(wanted, scope.name))
    service = node.entries.get("service")
    return service_link(scope.session, target, _text(service, scope, name, "service") if service else "")


def service_link(session: "Session", target: str, service: str) -> Link:
    """A service of a definition: host name of its container and port. An entity's service has neither."""
    services = session.node(target).entries.get("services")
    node = services.entries.get(service) if services and service else None
    if node is None:
        if session.kind(target) == INSTANCE:
            return Link(target=target, service=service)
        if session.is_incomplete(target):
            raise RefusedError(REPORTED, f"{target} is incomplete")
        known = services.entries if services else {}
        close = nearest(service, known)
        names = ", ".join(known) or "none"
        message = (
            f'{target} has no service "{service}"; it has: {names}'
            if service
            else f"expected one of {target}'s services ({names})"
        )
        raise RefusedError("unknown-service", message, f"did you mean {close}?" if close else "")
    end = f"{target}/{service}"
    if end in session.asked:
        raise RefusedError("variable-cycle", f"the address of {end} goes round in a circle")
    session.asked.add(end)
    try:
        host, port = _hostname(session, target, node), _port(session, target, service, node)
    finally:
        session.asked.discard(end)
    return Link(target=target, service=service, hostname=host, port=port)


def _text(node: Node, scope: "Scope", name: str, key: str) -> str:
    """Of `runnable` or `service`, which may be an expression. Raises `RefusedError` where it gives nothing."""
    if not node.is_arrow:
        return node.text
    text = scope.evaluation(f"{scope.name}/connections/{name}/{key}").known_text(node)
    if text is None:
        raise RefusedError("no-value", f'the connection "{name}" needs the name of its {key}, and the expression gave none')
    return text


def _hostname(session: "Session", target: str, service: Node) -> str | Later | None:
    address = service.entries.get("address")
    if address is not None and not address.is_empty:
        text = session.scope(target).evaluation(f"{target}/services").text(address)
        return Later(operator="connection-hostname", arguments=(target,)) if isinstance(text, Parts) else text
    containers = session.node(target).entries.get("containers")
    container = service.entries.get("container")
    stated = container and session.scope(target).evaluation(f"{target}/services").known_text(container)
    name = stated or next(iter(containers.entries if containers else {}), "")
    return hostname(name, target) if name else None


def _port(session: "Session", target: str, service: str, node: Node) -> int | Later | None:
    """The port; one that an entity's state tells is known after the deploy. A runnable's own must be known."""
    evaluation = session.scope(target).evaluation(f"{target}/services/{service}/port")
    written = node.entries.get("port")
    if session.kind(target) == INSTANCE and isinstance(evaluation.text(written), Parts):
        return Later(operator="connection-port", arguments=(target, service))
    return evaluation.parse(written, validate.port)
