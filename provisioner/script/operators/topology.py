"""Names and ports of other definitions. All of it follows from names alone, before anything exists."""

from typing import Final

from provisioner.script.operators.registry import Machine, Operator, text_of
from provisioner.script.values import Value


def _hostname(machine: Machine, connection: Value) -> Value:
    return machine.context.connection(text_of(connection)).hostname


def _port(machine: Machine, connection: Value) -> Value:
    return machine.context.connection(text_of(connection)).port


def _target(machine: Machine, connection: Value) -> Value:
    return machine.context.connection(text_of(connection)).target


def _container(machine: Machine, path: Value, container: Value) -> Value:
    return machine.context.hostname(text_of(path), text_of(container))


def _own_container(machine: Machine, container: Value) -> Value:
    return machine.context.hostname(machine.context.self_path(), text_of(container))


def _service_port(machine: Machine, path: Value, service: Value) -> Value:
    return machine.context.service(text_of(path), text_of(service)).port


def _entity(machine: Machine, path: Value = None) -> Value:
    return machine.context.entity(machine.context.self_path() if path is None else text_of(path))


def _self(machine: Machine) -> Value:
    return machine.context.self_path()


OPERATORS: Final = (
    Operator(
        name="connection-hostname",
        signature="| connection -> string",
        doc="Host name of the container behind a connection.",
        examples=(('connection-hostname("database")', '"db.shop.internal"'),),
        action=_hostname,
        on_machine=True,
    ),
    Operator(
        name="connection-port",
        signature="| connection -> int",
        doc="Port of the service behind a connection.",
        examples=(('connection-port("database")', "5432"),),
        action=_port,
        on_machine=True,
    ),
    Operator(
        name="connection-target",
        signature="| connection -> string",
        doc="Path of the definition behind a connection.",
        examples=(('connection-target("database")', '"shop/db"'),),
        action=_target,
        on_machine=True,
    ),
    Operator(
        name="get-hostname",
        aliases=("get-container-ip", "container-domain-name"),
        signature="| path container -> string",
        doc="Host name of a container of any definition.",
        examples=(('get-hostname("shop/db", "postgres")', '"postgres.db.shop.internal"'),),
        action=_container,
        on_machine=True,
    ),
    Operator(
        name="container-name",
        signature="| container -> string",
        doc="Host name of a container of this definition.",
        examples=(('container-name("web")', '"web.app.shop.internal"'),),
        action=_own_container,
        on_machine=True,
    ),
    Operator(
        name="service-port",
        signature="| path service -> int",
        doc="Port of a service of any definition.",
        examples=(('service-port("shop/db", "postgres")', "5432"),),
        action=_service_port,
        on_machine=True,
    ),
    Operator(
        name="entity",
        aliases=("get-entity",),
        signature="path? | -> object",
        doc="A definition as an object; this one without a path.",
        examples=(
            ('entity("shop/db") get-member("region")', '"eu"'),
            ('connection-target("database") entity get-member("region")', '"eu"'),
        ),
        action=_entity,
        on_machine=True,
    ),
    Operator(
        name="self-path",
        signature="| -> string",
        doc="Path of this definition.",
        examples=(("self-path", '"shop/app"'),),
        action=_self,
        on_machine=True,
    ),
)
