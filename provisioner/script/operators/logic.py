"""Truth, comparison and what stands in for nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from provisioner.script.operators.registry import Operator, mismatch
from provisioner.script.values import Failure, Later, Value, is_unknown


def truth(value: Value) -> bool:
    """nil, false and errors are false; everything else is true."""
    return not (value is None or value is False or isinstance(value, Failure))


def _default(value: Value, fallback: Value) -> Value:
    return fallback if value is None else value


def _then(condition: Value, value: Value) -> Value:
    if is_unknown(condition):
        return Later(operator="then", arguments=(str(condition), str(value)))
    return value if truth(condition) else None


def _or(first: Value, second: Value) -> Value:
    if isinstance(first, Later) and first.operator in ("then", "eq?", "not-eq?"):
        return Later(operator="or", arguments=(str(first), str(second)))
    return first if truth(first) else second


def _and(first: Value, second: Value) -> Value:
    return truth(first) and truth(second)


def _xor(first: Value, second: Value) -> Value:
    return truth(first) != truth(second)


def _not(value: Value) -> Value:
    return not truth(value)


def same(one: Value, other: Value) -> bool:
    """Equal in type and value; an int equals a float of the same size, but true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other


def _equal(first: Value, second: Value) -> Value:
    return same(first, second)


def _not_equal(first: Value, second: Value) -> Value:
    return not same(first, second)


def _contains(whole: Value, part: Value) -> Value:
    if isinstance(whole, str | Mapping):
        return str(part) in whole
    if isinstance(whole, Sequence):
        return any(same(element, part) for element in whole)
    if whole is None or isinstance(whole, Failure):
        return False
    raise mismatch("a string, an array or an object", whole)


def _is_nil(value: Value) -> Value:
    return value is None


def _is_error(value: Value) -> Value:
    return isinstance(value, Failure)


def _if_error(value: Value, fallback: Value) -> Value:
    return fallback if isinstance(value, Failure) else value


def _choice(name: str, signature: str, doc: str, action: Callable[..., Value], *examples: tuple[str, str]) -> Operator:
    return Operator(name=name, signature=signature, doc=doc, examples=examples, action=action, sees_unknown=True, sees_nil=True)


def _predicate(
    name: str,
    signature: str,
    doc: str,
    action: Callable[..., Value],
    *examples: tuple[str, str],
    aliases: tuple[str, ...] = (),
) -> Operator:
    return Operator(name=name, signature=signature, doc=doc, examples=examples, action=action, sees_nil=True, aliases=aliases)


OPERATORS: Final = (
    _choice(
        "default",
        "value | fallback -> value",
        "The fallback where the value is nil; an empty string is kept.",
        _default,
        ('$unset default("latest")', '"latest"'),
        ('"" default("x")', '""'),
    ),
    _choice(
        "then",
        "condition | value -> value",
        "The value where the condition holds, else nil.",
        _then,
        ('true then("yes") or("no")', '"yes"'),
        ('false then("yes")', "nil"),
    ),
    _choice(
        "or",
        "first | second -> value",
        "The first, or the second where the first is nil or false.",
        _or,
        ("false true or", "true"),
        ('nil or("no")', '"no"'),
    ),
    _choice(
        "if-error",
        "value | fallback -> value",
        "The fallback where the value is an error.",
        _if_error,
        ('"x" if-error("y")', '"x"'),
    ),
    _predicate("and", "first | second -> bool", "Do both hold?", _and, ("true false and", "false")),
    _predicate("xor", "first | second -> bool", "Does exactly one hold?", _xor, ("true false xor", "true")),
    _predicate("not", "value | -> bool", "Does it not hold?", _not, ("true not", "false"), ("nil not", "true")),
    _predicate(
        "eq?",
        "first | second -> bool",
        "Are they equal?",
        _equal,
        ('"a" eq?("a")', "true"),
        ("1 true eq?", "false"),
        aliases=("equal?",),
    ),
    _predicate(
        "not-eq?",
        "first | second -> bool",
        "Are they different?",
        _not_equal,
        ('"a" not-eq?("")', "true"),
        aliases=("not-equal?",),
    ),
    _predicate(
        "contains?",
        "whole | part -> bool",
        "Does a string, array or object hold the part (an object: the key)?",
        _contains,
        ('"accepting connections" contains?("accept")', "true"),
        ("[1, 2] 3 contains?", "false"),
        aliases=("has?",),
    ),
    _predicate("nil?", "value | -> bool", "Is it nil?", _is_nil, ("nil nil?", "true"), ('"" nil?', "false")),
    _predicate("error?", "value | -> bool", "Is it an error?", _is_error, ("1 error?", "false")),
)
