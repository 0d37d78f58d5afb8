"""From one type to another."""

from typing import Final

from provisioner.script.operators.registry import Operator, mismatch
from provisioner.script.values import BigInt, Value, to_text


def _whole(value: Value) -> int:
    if isinstance(value, bool | int | float):
        return int(value)
    if isinstance(value, str):
        if len(value) > 1000:
            raise ValueError("expected at most 1000 digits")
        try:
            return int(value.strip(), 0 if value.strip()[:2].lower() in ("0x", "0b") else 10)
        except ValueError:
            return int(_real(value))
    raise mismatch("a number or a string", value)


def _real(value: Value) -> float:
    if isinstance(value, bool | int | float | str):
        try:
            number = float(value)
        except ValueError:
            raise ValueError(f'expected a number, found "{value}"') from None
        except OverflowError:
            raise ValueError("the number is too large for a float") from None
        if abs(number) != float("inf") and number == number:  # noqa: PLR0124 - NaN is the number that differs from itself
            return number
        raise ValueError(f'expected a finite number, found "{value}"')
    raise mismatch("a number or a string", value)


def _big(value: Value) -> Value:
    return BigInt(_whole(value))


OPERATORS: Final = (
    Operator(
        name="to-int",
        aliases=("to-i",),
        signature="value | -> int",
        doc="As a whole number; what follows the point is cut off.",
        examples=(('"99" to-int', "99"), ("1.9 to-int", "1")),
        action=_whole,
    ),
    Operator(
        name="to-float",
        aliases=("to-f",),
        signature="value | -> float",
        doc="As a floating-point number.",
        examples=(("88 to-float", "88.0"),),
        action=_real,
    ),
    Operator(
        name="to-string",
        aliases=("to-s",),
        signature="value | -> string",
        doc="As text: true, 1.5, JSON for arrays and objects, empty for nil.",
        examples=(("88 to-string", '"88"'), ("true to-s", '"true"')),
        action=to_text,
        sees_unknown=True,
    ),
    Operator(
        name="to-bigint",
        aliases=("to-bi",),
        signature="value | -> bigint",
        doc="As an integer of any size.",
        examples=(("88 to-bi", "88n"),),
        action=_big,
    ),
)
