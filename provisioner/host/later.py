"""What a container needs to know of its deployment: names and addresses of a placed plan, public addresses of its hosts.

What the placed plan knows becomes text. A public address, which the cloud gives, becomes a mark (`host.text`) that is a slot in
units and files, and is filled in when secrets are composed. Whatever no host knows stays a `Later`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from provisioner.host.scene import Subject
from provisioner.host.text import mark
from provisioner.plan.model import Workload
from provisioner.resolve.model import Later, Parts, SecretRef, Service, Text

PUBLIC: Final = "public/"
"""What the address of a host begins with where its public one is meant, `public/app-1`."""


def settled(subject: Subject) -> Subject:
    """The subject with every later value in its container's texts that its host can be given."""
    container = subject.container
    texts = (*container.command, *container.entrypoint, *container.environment.values(), *container.labels.values())
    if not any(isinstance(text, Parts) for text in (*texts, *(file.contents for file in container.files))):
        return subject
    return replace(
        subject,
        container=replace(
            container,
            command=tuple(_text(subject, word) for word in container.command),
            entrypoint=tuple(_text(subject, word) for word in container.entrypoint),
            environment={name: _text(subject, value) for name, value in container.environment.items()},
            labels={name: _text(subject, value) for name, value in container.labels.items()},
            files=tuple(replace(file, contents=_text(subject, file.contents)) for file in container.files),
        ),
    )


def _text(subject: Subject, text: Text) -> Text:
    if isinstance(text, str):
        return text
    pieces = tuple(_piece(subject, piece) if isinstance(piece, Later) else piece for piece in text.pieces)
    return Parts(pieces) if any(isinstance(piece, SecretRef | Later) for piece in pieces) else "".join(map(str, pieces))


def _piece(subject: Subject, later: Later) -> str | Later:
    answer = _ANSWERS.get(later.operator)
    return (answer(subject, *later.arguments) if answer else None) or later


def _resolver(subject: Subject) -> str:
    return subject.scene.host_address


def _public_address(subject: Subject, path: str = "") -> str | None:
    """Of the host of a definition, of its own host without one."""
    return _public(subject, _workload(subject, path) if path else subject.workload)


def _service_address(subject: Subject, path: str, service: str) -> str | None:
    del service
    return _public_address(subject, path)


def _connection_public_address(subject: Subject, name: str) -> str | None:
    return _public(subject, _target(subject, name))


def _connection_address(subject: Subject, name: str) -> str | None:
    """On the overlay."""
    target, service = _target(subject, name), _service(subject, name)
    container = next((one for one in target.containers if service and one.name == service.container), None) if target else None
    return subject.scene.address(target, container) if target and container else None


def _connection_public_port(subject: Subject, name: str) -> str | None:
    service = _service(subject, name)
    return str(service.host_port) if service and service.host_port is not None else None


def _connection_domain(subject: Subject, name: str) -> str | None:
    target = _target(subject, name)
    return _domain(subject, target) if target else None


def _own_domain(subject: Subject) -> str | None:
    return _domain(subject, subject.workload)


def _peers(subject: Subject, path: str) -> str | None:
    hosts = [_host(subject, one) for one in subject.scene.plan.replicas_of(_named(subject, path))]
    return json.dumps(hosts) if hosts else None


def _peers_addresses(subject: Subject, path: str) -> str | None:
    addresses = [_public(subject, one) for one in subject.scene.plan.replicas_of(_named(subject, path))]
    return json.dumps(addresses, ensure_ascii=False) if addresses and None not in addresses else None


_ANSWERS: Final[Mapping[str, Callable[..., str | None]]] = {
    "connection-domain-name": _connection_domain,
    "connection-ip": _connection_address,
    "connection-public-ip": _connection_public_address,
    "connection-public-port": _connection_public_port,
    "domain-name": _own_domain,
    "get-resolver-ip": _resolver,
    "ip-address-public": _public_address,
    "peer-ip-address": _public_address,
    "runnable-peers": _peers,
    "runnable-peers-public-ips": _peers_addresses,
    "service-public-ip": _service_address,
}


def _public(subject: Subject, workload: Workload | None) -> str | None:
    """Hosts have public addresses where the way out of the network is direct."""
    if workload is None or subject.scene.plan.network.egress != "direct":
        return None
    return mark(f"{PUBLIC}{_host(subject, workload)}")


def _domain(subject: Subject, workload: Workload) -> str | None:
    """The domain at which the outside finds a workload: a balancer's, else a route's."""
    balancers = (one.domain for one in subject.scene.plan.balancers if one.workload == workload.runnable and one.domain)
    return next(balancers, None) or next((route.host for route in workload.routes if route.host), None)


def _host(subject: Subject, workload: Workload) -> str:
    return subject.scene.placement.assignments[workload.name]


def _target(subject: Subject, connection: str) -> Workload | None:
    """The first replica behind a connection; None for an entity, or where nothing runs for it here."""
    found = subject.workload.connections.get(connection)
    return next(iter(subject.scene.plan.replicas_of(found.target)), None) if found else None


def _service(subject: Subject, connection: str) -> Service | None:
    target = _target(subject, connection)
    return target.services.get(subject.workload.connections[connection].service) if target else None


def _workload(subject: Subject, path: str) -> Workload | None:
    return next(iter(subject.scene.plan.replicas_of(_named(subject, path))), None)


def _named(subject: Subject, path: str) -> str:
    """A runnable's full name: what is relative or bare is meant from the subject's namespace."""
    bare = path.removeprefix("./").strip("/")
    namespace = subject.workload.runnable.rpartition("/")[0]
    return f"{namespace}/{bare}" if path.startswith("./") or "/" not in bare else bare
