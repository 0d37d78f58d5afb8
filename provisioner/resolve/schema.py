"""Values against the JSON Schema fragments of entity types, with the place of every mistake.

Of JSON Schema, what entity types use: `type`, `enum`, `required`, `properties`, `additionalProperties`, `items`, lengths, bounds.
A `pattern` is not judged: one that is written badly would keep `check` busy for ever. A scalar is read in the type that the
schema gives it, from its source text. Secrets and later values fit anything.
"""

from collections.abc import Mapping
from typing import Final

from provisioner.errors import Place, nearest
from provisioner.package import scalars
from provisioner.package.nodes import Node
from provisioner.resolve.evaluation import BROKEN, Evaluation
from provisioner.script.values import Value, is_unknown, to_text, type_name

Schema = Mapping[str, Node]

_SOME: Final = 20
"""Choices that a message lists."""
_TYPES: Final = {"bool": "boolean", "int": "integer", "float": "number"}
"""Misspelt types of published entities."""
_NOUNS: Final = {
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list",
    "object": "a mapping",
}


def conform_object(written: Mapping[str, Node], schema: Schema, place: Place, evaluation: Evaluation) -> dict[str, Value]:
    """The properties of an object in their types, defaults filled in; every mistake is reported."""
    properties = schema["properties"].entries if "properties" in schema else {}
    others = schema.get("additionalProperties")
    found: dict[str, Value] = {}
    for name, node in written.items():
        below = properties.get(name) or (others if others is not None and others.entries else None)
        if below is None and others is not None and others.text == "false":
            _unknown(name, node, properties, evaluation)
        value = conform(node, below.entries if below else {}, evaluation.at(name))
        if value is not None:
            found[name] = value
    for name, below in properties.items():
        default = below.entries.get("default")
        if name not in found and default is not None:
            found[name] = conform(default, {}, evaluation.at(name))
    for required in schema["required"].elements if "required" in schema else ():
        if required.text not in found and not _was_broken(written.get(required.text)):
            message = f'expected the property "{required.text}"{_described(properties.get(required.text))}, found none'
            evaluation.problems.error("missing-property", place, message)
    return found


def conform(node: Node, schema: Schema, evaluation: Evaluation) -> Value:
    """A node's value in the schema's type; nil for nothing, `BROKEN` after reporting a mistake."""
    type_ = _type(schema)
    if node.is_empty:
        return None
    if node.is_arrow:
        value = evaluation.expression(node)
        return BROKEN if value is BROKEN else _checked(value, schema, node, evaluation)
    if isinstance(node.value, dict) and type_ in ("", "object"):
        return conform_object(node.value, schema, node.key_place(evaluation.path), evaluation)
    if isinstance(node.value, tuple) and type_ in ("", "array"):
        items = schema["items"].entries if "items" in schema else {}
        return [conform(element, items, evaluation.at(index)) for index, element in enumerate(node.value)]
    try:
        return _checked(_scalar(node, type_), schema, node, evaluation)
    except ValueError:
        return _mismatch(type_, node.shape, node, evaluation)


def _scalar(node: Node, type_: str) -> Value:
    if not isinstance(node.value, str):
        raise ValueError  # noqa: TRY004 - a mismatch like any other
    if type_ == "boolean":
        return scalars.to_bool(node.text)
    if type_ == "integer":
        return scalars.to_int(node.text)
    if type_ == "number":
        number = scalars.to_float(node.text)
        return int(number) if number.is_integer() and "." not in node.text else number
    if type_ in ("array", "object"):
        raise ValueError
    return node.text if type_ == "string" or node.style else scalars.infer(node.text)


def _checked(value: Value, schema: Schema, node: Node, evaluation: Evaluation) -> Value:
    """The value itself, after comparing it with the schema's type, choices and bounds."""
    if value is None or is_unknown(value):
        return value
    type_ = _type(schema)
    if not _fits(value, type_):
        return _mismatch(type_, type_name(value), node, evaluation)
    if "enum" in schema:
        evaluation.scope.session.spend(len(schema["enum"].elements))
    reason = _reason(value, schema)
    if reason:
        evaluation.problems.error("wrong-property", node.place(evaluation.path), reason)
        return BROKEN
    return value


def _fits(value: Value, type_: str) -> bool:
    if type_ == "boolean":
        return isinstance(value, bool)
    if type_ in ("integer", "number"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if type_ == "array":
        return isinstance(value, list)
    return isinstance(value, dict) if type_ == "object" else not isinstance(value, list | dict) or type_ != "string"


def _reason(value: Value, schema: Schema) -> str:
    """What the value breaks of `enum`, lengths and bounds; "" where it breaks nothing."""
    text = str(to_text(value))
    choices = [element.text for element in schema["enum"].elements] if "enum" in schema else []
    if choices and text not in choices:
        close = nearest(text, choices)
        hint = f"; did you mean {close}?" if close else ""
        some = ", ".join(choices[:_SOME]) + (f" and {len(choices) - _SOME} more" if len(choices) > _SOME else "")
        return f'expected one of {some}, found "{text}"{hint}'
    return _out_of_bounds(value, schema)


def _out_of_bounds(value: Value, schema: Schema) -> str:
    if isinstance(value, bool) or not isinstance(value, str | list | int | float):
        return ""
    size = value if isinstance(value, int | float) else len(value)
    unit = " characters" if isinstance(value, str) else " elements" if isinstance(value, list) else ""
    kinds = ("minLength", "maxLength") if isinstance(value, str) else ("minItems", "maxItems")
    least, most = ("minimum", "maximum") if isinstance(value, int | float) else kinds
    low, high = (_number(schema[key]) if key in schema else None for key in (least, most))
    if low is not None and size < low:
        return f"expected at least {low:g}{unit}, found {size}"
    return f"expected at most {high:g}{unit}, found {size}" if high is not None and size > high else ""


def _number(node: Node) -> float | None:
    try:
        return scalars.to_float(node.text)
    except ValueError:
        return None


def _type(schema: Schema) -> str:
    """The schema's one type; "" where it gives none, or a choice of several."""
    words = schema.get("type")
    text = "" if words is None else words.text or next((one.text for one in words.elements if len(words.elements) == 1), "")
    return _TYPES.get(text, text)


def _mismatch(type_: str, found: str, node: Node, evaluation: Evaluation) -> Value:
    message = f"expected {_NOUNS.get(type_, type_)}, found {found}"
    evaluation.problems.error("wrong-property", node.place(evaluation.path), message)
    return BROKEN


def _unknown(name: str, node: Node, known: Mapping[str, Node], evaluation: Evaluation) -> None:
    close = nearest(name, known)
    message = f'unknown property "{name}"; known here: {", ".join(sorted(known)) or "none"}'
    hint = f"did you mean {close}?" if close else ""
    evaluation.problems.warning("unknown-property", node.key_place(f"{evaluation.path}/{name}"), message, hint=hint)


def _was_broken(node: Node | None) -> bool:
    """Is a value written that could not be worked out, or is nil before the deploy? Then its absence is no news."""
    return node is not None and node.is_arrow


def _described(node: Node | None) -> str:
    description = node.entries["description"].text if node and "description" in node.entries else ""
    text = next(iter(description.splitlines()), "")
    return f" ({text.rstrip('.')})" if text else ""
