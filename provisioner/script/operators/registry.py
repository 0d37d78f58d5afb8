"""How an operator is declared: signature, documentation and examples in one place, found by name or alias.

A signature reads `piped | argument option? -> result`. Words before the bar come from the stack, those after it from the
parentheses; what parentheses do not give is taken from the stack too, so `a b eq?`, `a eq?(b)` and `eq?(a, b)` are the same.
`name?` before the bar is taken from the stack where there is something on it. `name...` takes any number: all that is in the
parentheses, else the whole stack.
"""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from provisioner.script.context import Context
from provisioner.script.values import Function, Later, Value, is_unknown, type_name


class Machine(Protocol):
    """What an operator may use of the run it is part of."""

    context: Context
    live: "Live | None"
    locals: dict[str, Value]

    def call(self, function: Function, stack: Sequence[Value]) -> list[Value]:
        """The stack after `function` ran on it."""
        ...

    def operate(self, name: str, arguments: Sequence[Value]) -> Value: ...

    def check_size(self, size: int) -> None:
        """Stop a run whose values grow beyond the limit."""
        ...


Live = Callable[[Context, str, Sequence[Value]], Value]
"""Answers a live operator, by its name, where something runs. What it cannot answer, it refuses with `RefusedError`."""


@dataclass(frozen=True, slots=True)
class Pushes:
    """What an operator returns that leaves several values, or none, on the stack."""

    values: tuple[Value, ...]


@dataclass(frozen=True, kw_only=True)
class Operator:
    """`live`: its value exists after the deploy only. `sees_unknown`: it handles secrets and later values itself."""

    name: str
    signature: str
    doc: str
    examples: tuple[tuple[str, str], ...]
    action: Callable[..., "Value | Pushes"] | None = None
    """Takes the operands, and before them the machine where `on_machine` is set."""
    on_machine: bool = False
    aliases: tuple[str, ...] = ()
    live: bool = False
    sees_unknown: bool = False
    sees_nil: bool = False

    @cached_property
    def piped(self) -> tuple[str, ...]:
        return tuple(self.signature.partition("->")[0].partition("|")[0].split())

    @cached_property
    def given(self) -> tuple[str, ...]:
        return tuple(self.signature.partition("->")[0].partition("|")[2].split())

    @cached_property
    def is_variadic(self) -> bool:
        return any(word.endswith("...") for word in (*self.piped, *self.given))

    @cached_property
    def required(self) -> int:
        """How many values it takes at least."""
        return sum(1 for word in (*self.piped, *self.given) if word[-1] not in "?.")

    @cached_property
    def welcome(self) -> int:
        """How many values more it takes from the stack, where they are there and parentheses give none."""
        return sum(1 for word in self.piped if word[-1] == "?")

    def from_stack(self, arguments: int | None) -> int:
        """How many values the stack must give, where parentheses give `arguments`."""
        if not arguments:
            return self.required
        needed = sum(1 for word in self.given if word[-1] not in "?.")
        if arguments > len(self.given) and not self.is_variadic:
            return max(0, self.required - arguments)
        return len([word for word in self.piped if word[-1] not in "?."]) + max(0, needed - arguments)

    def takes_all(self, arguments: int) -> bool:
        """Does it take the whole stack? Piped `name...` always does, given `name...` where parentheses give nothing."""
        return any(word.endswith("...") for word in self.piped) or (self.is_variadic and not arguments)

    def most(self) -> int | None:
        """How many values parentheses may hold; None: any number."""
        return None if self.is_variadic else len(self.piped) + len(self.given)

    def run(self, machine: Machine, operands: Sequence[Value]) -> "Value | Pushes":
        if self.live and machine.live is not None:
            return machine.live(machine.context, self.name, operands)
        if self.action is None or (not self.sees_unknown and any(map(is_unknown, operands))):
            return Later(operator=self.name, arguments=tuple(map(str, operands)))
        return self.action(machine, *operands) if self.on_machine else self.action(*operands)


class Registry:
    """Operators by name and alias."""

    def __init__(self) -> None:
        self.operators: list[Operator] = []
        self.by_name: dict[str, Operator] = {}

    def add(self, *operators: Operator) -> None:
        for operator in operators:
            self.operators.append(operator)
            for name in (operator.name, *operator.aliases):
                if name in self.by_name:
                    raise ValueError(f'the operator "{name}" is declared twice')
                self.by_name[name] = operator

    def nearest(self, name: str) -> str:
        return next(iter(difflib.get_close_matches(name, sorted(self.by_name), n=1, cutoff=0.6)), "")


def mismatch(expected: str, value: Value) -> ValueError:
    return ValueError(f"expected {expected}, found {type_name(value)}")


def text_of(value: Value) -> str:
    """A string operand, or `ValueError`."""
    if not isinstance(value, str):
        raise mismatch("a string", value)
    return value


def array_of(value: Value) -> Sequence[Value]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise mismatch("an array", value)
    return value


def number_of(value: Value) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise mismatch("a number", value)
    return value


def function_of(value: Value) -> Function:
    if not isinstance(value, Function):
        raise mismatch("a function", value)
    return value
