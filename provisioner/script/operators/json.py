"""JSON text."""

import json
from typing import Final

from provisioner.script.operators.registry import Operator, text_of
from provisioner.script.values import Value, to_json


def _parse(text: Value) -> Value:
    try:
        value: Value = json.loads(text_of(text))
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"expected JSON: {error}") from None
    return value


def _print(value: Value) -> Value:
    return to_json(value)


OPERATORS: Final = (
    Operator(
        name="parse-json",
        signature="string | -> value",
        doc="The value that a JSON text says.",
        examples=(("""'[{"size": 9}, 6]' parse-json""", '[{"size": 9}, 6]'),),
        action=_parse,
    ),
    Operator(
        name="to-json",
        signature="value | -> string",
        doc="The value as JSON text.",
        examples=(('[{"size": 9}, 6] to-json', """'[{"size": 9}, 6]'"""),),
        action=_print,
    ),
)
