"""Instances of entity types: their properties worked out and checked against the type's schema."""

from collections.abc import Mapping
from typing import Final

from provisioner.errors import nearest
from provisioner.package.nodes import Node
from provisioner.package.validate import validate
from provisioner.resolve.connect import connections
from provisioner.resolve.depends import depends
from provisioner.resolve.evaluation import BROKEN
from provisioner.resolve.model import Entity
from provisioner.resolve.reference import find
from provisioner.resolve.schema import conform_object
from provisioner.resolve.scope import Scope
from provisioner.resolve.session import Session

NOT_PROPERTIES: Final = (
    "actions",
    "checks",
    "connections",
    "defines",
    "depends",
    "inherits",
    "metadata",
    "permitted-secrets",
    "services",
    "variables",
    "version",
)
"""Keys that every instance may have, unless the schema has a property of that name."""
_TABLED: Final = frozenset(NOT_PROPERTIES) - {"actions"}
"""Those that the table of keys has for entities."""


def entity(session: Session, name: str) -> Entity:
    """The instance `name`. What is wrong with it goes to the session's problems."""
    scope = session.scope(name)
    type_, schema = _type(session, scope)
    known = schema.entries if schema else {}
    written = {key: node for key, node in scope.node.entries.items() if key not in NOT_PROPERTIES or key in known}
    evaluation = scope.evaluation(name)
    common = {key: node for key, node in scope.node.entries.items() if key in _TABLED and key not in known}
    validate(scope.node._replace(value=common), "entity", name, session.problems)
    if schema is None:
        properties = {key: evaluation.at(key).value(node) for key, node in written.items()}
    else:
        place = session.catalog.definitions[name].place
        properties = conform_object(written, _object(schema), place, evaluation)
    values = {variable: scope.value(variable) for variable in (*scope.declarations, *scope.overrides)}
    return Entity(
        name=name,
        type=type_,
        properties={key: value for key, value in properties.items() if value is not BROKEN},
        variables={variable: value for variable, value in values.items() if value is not BROKEN},
        connections=connections(scope),
        depends=depends(session, name),
        permitted_secrets=frozenset(secret for secret in _secrets(scope) if scope.permits(secret)),
        place=session.catalog.definitions[name].place,
    )


def _type(session: Session, scope: Scope) -> tuple[str, Node | None]:
    """The full name of the entity type, and its schema; None where there is none, which is reported."""
    word = scope.node.entries["defines"]
    found = find(session.catalog, word.text, session.namespace(word, scope.name))
    if found is None or found[1]:
        close = nearest(word.text, session.catalog.definitions)
        message = f'nothing loaded defines the entity type "{word.text}": its properties are not checked'
        session.problems.warning(
            "unknown-type", word.place(f"{scope.name}/defines"), message, hint=f"did you mean {close}?" if close else ""
        )
        return word.text, None
    type_ = session.node(found[0].name)
    if type_.entries.get("defines", type_).text != "entity":
        message = f"expected the name of an entity type, found {found[0].name}, which is none"
        session.problems.error("unknown-type", word.place(f"{scope.name}/defines"), message)
        return found[0].name, None
    return found[0].name, type_.entries.get("schema")


def _object(schema: Node) -> Mapping[str, Node]:
    """An entity's schema has its properties side by side with `required`; as an ordinary schema of an object."""
    properties = {key: node for key, node in schema.entries.items() if isinstance(node.value, dict)}
    rest = {key: node for key, node in schema.entries.items() if key not in properties}
    return {**rest, "properties": schema._replace(value=properties), "additionalProperties": Node("false")}


def _secrets(scope: Scope) -> tuple[str, ...]:
    sections = (each.node.entries.get("permitted-secrets") for each in (scope, *scope.around))
    return tuple(dict.fromkeys(secret for section in sections if section for secret in section.entries))
