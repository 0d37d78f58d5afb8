"""Arithmetic. Ints stay ints where the result is whole; a float or a bigint makes the result one."""

import math
from collections.abc import Callable
from typing import Final

from provisioner.script.operators.registry import Operator, mismatch, number_of
from provisioner.script.values import BigInt, Value

_MAXIMUM_BITS: Final = 4096


def _arithmetic(operation: Callable[[float, float], float]) -> Callable[..., Value]:
    def action(one: Value, other: Value) -> Value:
        first, second = number_of(one), number_of(other)
        result = operation(first, second)
        if isinstance(result, float):
            if not math.isfinite(result):
                raise ValueError("the result is no finite number")
            return result
        if result.bit_length() > _MAXIMUM_BITS:
            raise ValueError(f"the result has more than {_MAXIMUM_BITS} bits")
        return BigInt(result) if isinstance(first, BigInt) or isinstance(second, BigInt) else result

    return action


def _divide(first: float, second: float) -> float:
    if second == 0:
        raise ValueError("division by zero")
    if isinstance(first, int) and isinstance(second, int) and (first % second == 0 or isinstance(first, BigInt)):
        return first // second
    return first / second


def _add(first: float, second: float) -> float:
    return first + second


def _subtract(first: float, second: float) -> float:
    return first - second


def _multiply(first: float, second: float) -> float:
    return first * second


def _sum(one: Value, other: Value) -> Value:
    """MonkScript's own example of an action adds a flag to a number."""
    first, second = (int(value) if isinstance(value, bool) else value for value in (one, other))
    return _ADD(first, second)


_ADD: Final = _arithmetic(_add)


def _compare(first: Value, second: Value) -> Value:
    return number_of(first) == number_of(second)


def _hexadecimal(value: Value, prefix: Value = None) -> Value:
    number = number_of(value)
    if not isinstance(number, int):
        raise mismatch("a whole number", value)
    sign, start = "-" if number < 0 else "", "0x" if prefix is True else ""
    return f"{sign}{start}{abs(number):X}"


OPERATORS: Final = (
    Operator(
        name="add",
        signature="first | second -> number",
        doc="Adds two numbers; true counts as 1, false as 0.",
        examples=(("1 2 add", "3"), ("8080 add(1)", "8081"), ("1 0.5 add", "1.5"), ("2 true add", "3")),
        action=_sum,
    ),
    Operator(
        name="sub",
        signature="first | second -> number",
        doc="Subtracts the second number from the first.",
        examples=(("1 2 sub", "-1"),),
        action=_arithmetic(_subtract),
    ),
    Operator(
        name="mult",
        signature="first | second -> number",
        doc="Multiplies two numbers.",
        examples=(("2 3 mult", "6"), ("10n 10n mult", "100n")),
        action=_arithmetic(_multiply),
    ),
    Operator(
        name="div",
        signature="first | second -> number",
        doc="Divides the first number by the second.",
        examples=(("1 2 div", "0.5"), ("6 3 div", "2")),
        action=_arithmetic(_divide),
    ),
    Operator(
        name="cmp",
        signature="first | second -> bool",
        doc="Are two numbers equal?",
        examples=(("7 2 cmp", "false"), ("7 7.0 cmp", "true")),
        action=_compare,
    ),
    Operator(
        name="to-hex",
        signature="number | prefix? -> string",
        doc="The number in hexadecimal, with 0x where prefix is true.",
        examples=(("255 to-hex", '"FF"'), ("16 to-hex(true)", '"0x10"')),
        action=_hexadecimal,
    ),
)
