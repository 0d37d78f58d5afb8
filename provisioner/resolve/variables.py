"""What a variable declares, and its value in the type it declares."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from provisioner.errors import NOWHERE, Place
from provisioner.package import scalars
from provisioner.package.nodes import Node
from provisioner.resolve.merge import is_declaration
from provisioner.script.operators.registry import mismatch
from provisioner.script.values import BigInt, Failure, Value, is_unknown, to_text

if TYPE_CHECKING:
    from provisioner.resolve.evaluation import Evaluation


class Declaration(NamedTuple):
    """`type` is "" where none is declared; `value` and `env` may be expressions."""

    name: str
    type: str = ""
    value: Node | None = None
    env: Node | None = None
    required: bool = False
    node: Node | None = None

    @property
    def place(self) -> Place:
        return NOWHERE if self.node is None else self.node.key_place(self.name)


def declarations(node: Node) -> Mapping[str, Declaration]:
    """The variables of a merged definition, in the order written."""
    section = node.entries.get("variables")
    entries = section.entries if section else {}
    return {name: _declaration(name, entry) for name, entry in entries.items() if name not in ("defines", "inherits")}


def _declaration(name: str, node: Node) -> Declaration:
    if not is_declaration(node):
        return Declaration(name=name, value=node, node=node)
    entries = node.entries
    return Declaration(
        name=name,
        type=entries["type"].text if "type" in entries else "",
        value=entries.get("value"),
        env=entries.get("env"),
        required="required" in entries and entries["required"].text.lower() in ("true", "yes", "on"),
        node=node,
    )


def given(value: object, declaration: Declaration, evaluation: "Evaluation") -> Value:
    """A value from outside: text is read as the declared type, where none is declared as it would be in a file."""
    if isinstance(value, str) and not declaration.type:
        return scalars.infer(value)
    return coerce(plain(value), declaration, evaluation)


def plain(value: object) -> Value:
    """JSON-like data as a value; anything else as its text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(below) for key, below in cast("Mapping[object, object]", value).items()}
    if isinstance(value, Sequence):
        return [plain(below) for below in cast("Sequence[object]", value)]
    return str(value)


def coerce(value: Value, declaration: Declaration, evaluation: "Evaluation") -> Value:
    """The value in the declared type. nil, secrets and later values stay as they are; a mismatch is reported."""
    if value is None or not declaration.type or is_unknown(value):
        return value
    try:
        return convert(value, declaration.type)
    except ValueError as error:
        place = declaration.value.place(evaluation.path) if declaration.value else declaration.place
        evaluation.problems.error("type-mismatch", place, f"the variable is of type {declaration.type}: {error}")
        return Failure("reported")


def convert(value: Value, type: str) -> Value:
    """The value as `string`, `int`, `float`, `bool` or `bigint`; `ValueError` where it is not one.

    Empty text is nil where it can be no value of the type. `1` and `0` are bools too, as packages write them.
    """
    if type == "string":
        return to_text(value)
    if value == "" and type in ("int", "float", "bool", "bigint"):
        return None
    if type == "bool" and not isinstance(value, bool) and value in (1, 0, "1", "0"):
        return str(value) == "1"
    if isinstance(value, Mapping | list):
        raise mismatch(type, value)
    text = str(to_text(value))
    if type in ("int", "bigint"):
        number = int(value) if isinstance(value, float) and value.is_integer() else scalars.to_int(text)
        return BigInt(number) if type == "bigint" else number
    if type == "float":
        return scalars.to_float(text)
    return scalars.to_bool(text) if type == "bool" else value
