"""Arrays and objects."""

from collections.abc import Mapping, Sequence
from typing import Final

from provisioner.script.operators.logic import truth
from provisioner.script.operators.registry import Machine, Operator, array_of, function_of, mismatch
from provisioner.script.values import Later, Value, is_unknown, to_text


def member(whole: Value, key: Value) -> Value:
    """An object's value or an array's element; nil where it is absent, or where the whole is nil."""
    if isinstance(whole, Later):
        return Later(operator=whole.operator, arguments=(*whole.arguments, str(to_text(key))))
    if is_unknown(whole) and not isinstance(whole, Mapping | Sequence):
        return Later(operator="get-member", arguments=(str(whole), str(to_text(key))))
    if whole is None:
        return None
    if isinstance(whole, Mapping):
        return whole.get(str(to_text(key)))
    if isinstance(whole, Sequence) and not isinstance(whole, str):
        index = int(key) if isinstance(key, int) or (isinstance(key, str) and key.isdecimal() and len(key) < 9) else -1
        return whole[index] if 0 <= index < len(whole) else None
    raise mismatch("an object or an array", whole)


def _get(whole: Value, key: Value) -> Value:
    return member(whole, key)


def _first(array: Value) -> Value:
    return next(iter(array_of(array)), None)


def _last(array: Value) -> Value:
    return next(iter(reversed(array_of(array))), None)


def _append(machine: Machine, array: Value, value: Value) -> Value:
    machine.check_size(len(array_of(array)) + 1)
    return [*array_of(array), value]


def _array() -> Value:
    return []


def _object() -> Value:
    return {}


def _associate(whole: Value, key: Value, value: Value) -> Value:
    if not isinstance(whole, Mapping):
        raise mismatch("an object", whole)
    return {**whole, str(to_text(key)): value}


def _map(machine: Machine, array: Value, function: Value) -> Value:
    body = function_of(function)
    return [_top(machine.call(body, [element])) for element in array_of(array)]


def _filter(machine: Machine, array: Value, function: Value) -> Value:
    body = function_of(function)
    return [element for element in array_of(array) if truth(_top(machine.call(body, [element])))]


def _top(stack: Sequence[Value]) -> Value:
    return stack[-1] if stack else None


OPERATORS: Final = (
    Operator(
        name="get-member",
        aliases=("get-from",),
        signature="whole | key -> value",
        doc="The value of a key, or the element of an index; nil where there is none.",
        examples=(('{"port": 5432} get-member("port")', "5432"), ("[7, 8] get-member(1)", "8"), ('{} get-member("x")', "nil")),
        action=_get,
        sees_unknown=True,
    ),
    Operator(
        name="first",
        signature="array | -> value",
        doc="The first element.",
        examples=(("[1, 2] first", "1"),),
        action=_first,
        sees_unknown=False,
    ),
    Operator(name="last", signature="array | -> value", doc="The last element.", examples=(("[1, 2] last", "2"),), action=_last),
    Operator(
        name="append",
        signature="array | value -> array",
        doc="The array with one more element.",
        examples=(("[] 8 append 9 append", "[8, 9]"),),
        action=_append,
        on_machine=True,
        sees_unknown=True,
    ),
    Operator(name="array", signature="| -> array", doc="An empty array.", examples=(("array", "[]"),), action=_array),
    Operator(name="object", signature="| -> object", doc="An empty object.", examples=(("object", "{}"),), action=_object),
    Operator(
        name="assoc",
        signature="object | key value -> object",
        doc="The object with the key set.",
        examples=(('{} "size" 6 assoc', '{"size": 6}'),),
        action=_associate,
        sees_unknown=True,
    ),
    Operator(
        name="map",
        signature="array | function -> array",
        doc="The function's result for every element.",
        examples=(("[1, 2, 3] map(<-{ 1 add })", "[2, 3, 4]"),),
        action=_map,
        on_machine=True,
        sees_unknown=True,
    ),
    Operator(
        name="filter",
        signature="array | function -> array",
        doc="The elements for which the function holds.",
        examples=(("[1, 2, 1] filter(<-{ 1 eq? })", "[1, 1]"),),
        action=_filter,
        on_machine=True,
        sees_unknown=True,
    ),
)
