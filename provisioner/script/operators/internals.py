"""The stack itself, variables of the expression, and operators called by name."""

from typing import Final

from provisioner.script.operators.registry import Machine, Operator, Pushes, array_of, function_of, text_of
from provisioner.script.values import Mark, Value


def _call(machine: Machine, name: Value, arguments: Value) -> Value:
    return machine.operate(text_of(name), array_of(arguments))


def _call_function(machine: Machine, *values: Value) -> Pushes:
    *stack, function = values
    return Pushes(tuple(machine.call(function_of(function), stack)))


def _constant(value: Value) -> Value:
    return value


def _duplicate(value: Value) -> Pushes:
    return Pushes((value, value))


def _mark() -> Value:
    return Mark()


def _variable(machine: Machine, wanted: Value) -> Value:
    name = text_of(wanted)
    return machine.locals[name] if name in machine.locals else machine.context.variable(name, guarded=True)


def _set(machine: Machine, value: Value, name: Value) -> Value:
    machine.locals[text_of(name)] = value
    return value


def _unset(machine: Machine, name: Value) -> Pushes:
    machine.locals.pop(text_of(name), None)
    return Pushes(())


OPERATORS: Final = (
    Operator(
        name="call",
        signature="name | arguments -> value",
        doc="Runs the operator of that name on an array of arguments.",
        examples=(('"add" [1, 2] call', "3"),),
        action=_call,
        on_machine=True,
        sees_unknown=True,
    ),
    Operator(
        name="callf",
        signature="values... | -> values",
        doc="Runs the function on top of the stack on what lies below it.",
        examples=(("1 <-{ 1 add } callf", "2"),),
        action=_call_function,
        on_machine=True,
        sees_unknown=True,
    ),
    Operator(
        name="const",
        signature="| value -> value",
        doc="The value itself.",
        examples=(("const(7)", "7"),),
        action=_constant,
        sees_unknown=True,
    ),
    Operator(
        name="dup",
        signature="value | -> value value",
        doc="The topmost value twice.",
        examples=(("2 dup mult", "4"),),
        action=_duplicate,
        sees_unknown=True,
    ),
    Operator(
        name="mark",
        signature="| -> mark",
        doc="A mark at which operators that take the whole stack stop.",
        examples=(('"kept" mark "a" "b" concat-all', '"ab"'),),
        action=_mark,
    ),
    Operator(
        name="var",
        signature="| name -> value",
        doc="The variable of that name; nil where nothing defines it.",
        examples=(('var("size")', "2"), ('var("unset")', "nil")),
        action=_variable,
        on_machine=True,
    ),
    Operator(
        name="set-tmp",
        aliases=("set",),
        signature="value | name -> value",
        doc="Sets a variable for the rest of the expression.",
        examples=(('9 set-tmp("x") $x add', "18"),),
        action=_set,
        on_machine=True,
        sees_unknown=True,
    ),
    Operator(
        name="unset",
        signature="| name ->",
        doc="Forgets a variable that `set-tmp` made.",
        examples=(('9 set-tmp("size") unset("size") $size', "2"),),
        action=_unset,
        on_machine=True,
    ),
)
