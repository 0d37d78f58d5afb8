"""A merged blueprint to sections of evaluated fields, each in the type that the table of keys gives it."""

from collections.abc import Callable
from typing import Final

from provisioner.package import scalars
from provisioner.package.keys import Section, section
from provisioner.package.nodes import Node
from provisioner.package.row import Key
from provisioner.package.validate import check_scalar
from provisioner.resolve.evaluation import BROKEN, Evaluation
from provisioner.resolve.model import Blueprint, Field, Parts
from provisioner.resolve.session import Session
from provisioner.script.values import Value, is_unknown, to_text

NOT_SECTIONS: Final = ("defines", "inherits", "metadata", "permitted-secrets", "runs", "variables", "version")

_CONVERSIONS: Final[dict[str, Callable[[str], object]]] = {
    "int": scalars.to_int,
    "port": scalars.to_int,
    "mode": scalars.to_int,
    "number": scalars.to_float,
    "bool": scalars.to_bool,
}
_SCALARS: Final = ("text", "code", "cpu", "memory", "disk", "duration", "percent", "money", *_CONVERSIONS)


def blueprint(session: Session, name: str) -> Blueprint:
    """The blueprint `name`; what it runs is in the session's members."""
    scope = session.scope(name)
    table = section("blueprint")
    sections: dict[str, Field] = {}
    for key, node in scope.node.entries.items():
        if key not in NOT_SECTIONS and key in table.keys:
            found = field(node, table.keys[key], scope.evaluation(f"{name}/{key}"))
            if found is not None:
                sections[key] = found
    for variable in scope.declarations:
        scope.value(variable)
    place = session.catalog.definitions[name].place
    return Blueprint(name=name, sections=sections, runs=session.members.get(name, ()), place=place)


def field(node: Node, table: Section | None, evaluation: Evaluation) -> Field | None:
    """The field of a node; None where it is nil or wrong, which has been reported."""
    key = table.key if table else None
    if isinstance(node.value, dict):
        entries = {name: _below(name, below, table, evaluation) for name, below in node.value.items() if name != "defines"}
        place = node.key_place(evaluation.path)
        return Field(value={name: each for name, each in entries.items() if each is not None}, place=place)
    if isinstance(node.value, tuple):
        fields = (field(element, None, evaluation.at(index)) for index, element in enumerate(node.value))
        return Field(value=[each for each in fields if each is not None], place=node.place(evaluation.path))
    if node.is_empty:
        is_mapping = key is not None and key.type in ("section", "names")
        return Field(value={}, place=node.key_place(evaluation.path)) if is_mapping else None
    if not node.is_arrow:
        return _scalar(node.text, node, key, evaluation)
    value = evaluation.expression(node)
    return None if value is None or value is BROKEN else _evaluated(value, node, key, evaluation)


def _below(name: str, node: Node, table: Section | None, evaluation: Evaluation) -> Field | None:
    known = (table.keys.get(name) or table.each) if table else None
    return field(node, known, evaluation.at(name))


def _evaluated(value: Value, node: Node, key: Key | None, evaluation: Evaluation) -> Field | None:
    place = node.place(evaluation.path)
    if is_unknown(value):
        if key is None or key.type in ("text", "any"):
            text = to_text(value)
            return Field(value=text if isinstance(text, Parts) else str(text), place=place)
        evaluation.problems.error("not-known", place, f"expected a value known before the deploy, found {to_text(value)}")
        return None
    if isinstance(value, dict | list):
        return _structure(value, node, evaluation)
    if key is None or key.type not in _SCALARS:
        return Field(value=value, place=place)
    text = str(to_text(value))
    try:
        check_scalar(key, text)
    except ValueError as error:
        evaluation.problems.error("wrong-type", place, str(error))
        return None
    return _scalar(text, node, key, evaluation)


def _structure(value: Value, node: Node, evaluation: Evaluation) -> Field:
    """An object or array that an expression gave: fields all the way down, all at the expression's place."""
    place = node.place(evaluation.path)
    if isinstance(value, dict):
        return Field(value={name: _structure(below, node, evaluation) for name, below in value.items()}, place=place)
    if isinstance(value, list):
        return Field(value=[_structure(below, node, evaluation) for below in value], place=place)
    return Field(value=value, place=place)


def _scalar(text: str, node: Node, key: Key | None, evaluation: Evaluation) -> Field | None:
    """Known text in its key's type; None where it is not of that type, which the table of keys has reported."""
    place = node.place(evaluation.path)
    if key is None or key.type not in _SCALARS:
        return Field(value=text if node.style or node.is_arrow else scalars.infer(text), place=place)
    try:
        return Field(value=_CONVERSIONS.get(key.type, str)(text), place=place)
    except ValueError:
        return None
