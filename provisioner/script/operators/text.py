"""Strings. Joining coerces: `concat-all` takes a connection's port as well as its host name."""

from typing import Final

from provisioner.script.operators.registry import Machine, Operator, array_of, text_of
from provisioner.script.values import Value, join


def _join(*values: Value) -> Value:
    return join(values)


def _split(whole: Value, separator: Value) -> Value:
    text, mark = text_of(whole), text_of(separator)
    return list(text.split(mark)) if mark else list(text)


def _join_array(array: Value, separator: Value) -> Value:
    woven = [value for element in array_of(array) for value in (text_of(separator), element)]
    return join(woven[1:])


def _replace(machine: Machine, whole: Value, old: Value, new: Value) -> Value:
    text, before, after = text_of(whole), text_of(old), text_of(new)
    if before:
        machine.check_size(len(text) + text.count(before) * len(after))
    return text.replace(before, after)


def _trim(value: Value) -> Value:
    return text_of(value).strip()


OPERATORS: Final = (
    Operator(
        name="concat",
        signature="first | second -> string",
        doc="Joins two values as text.",
        examples=(('"data" "base" concat', '"database"'), ('"port:" concat(5432)', '"port:5432"')),
        action=_join,
        sees_unknown=True,
    ),
    Operator(
        name="concat-all",
        signature="values... | -> string",
        doc="Joins everything on the stack, down to a mark, as text.",
        examples=(
            (
                '"http://" connection-hostname("database") ":" connection-port("database") concat-all',
                '"http://db.shop.internal:5432"',
            ),
            ('"kept" mark 1 2 3 concat-all', '"123"'),
        ),
        action=_join,
        sees_unknown=True,
    ),
    Operator(
        name="split",
        signature="string | separator -> array",
        doc="Cuts a string at every separator.",
        examples=(('"a,b,c" split(",")', '["a", "b", "c"]'),),
        action=_split,
    ),
    Operator(
        name="join",
        signature="array | separator -> string",
        doc="Joins the elements of an array as text.",
        examples=(('["a", 2] join("-")', '"a-2"'), ('"app.dns" split(".dns") join("")', '"app"')),
        action=_join_array,
        sees_unknown=True,
    ),
    Operator(
        name="replace",
        signature="string | old new -> string",
        doc="Replaces every occurrence.",
        examples=(('"a-b-c" replace("-", "_")', '"a_b_c"'),),
        action=_replace,
        on_machine=True,
    ),
    Operator(
        name="trim",
        signature="string | -> string",
        doc="Takes white space away at both ends.",
        examples=(('"  text " trim', '"text"'),),
        action=_trim,
    ),
)
