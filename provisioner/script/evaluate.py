"""Runs a parsed expression on a stack, within limits of steps, depth and size."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from provisioner.script.context import Context, RefusedError
from provisioner.script.operators import REGISTRY
from provisioner.script.operators.registry import Live, Operator, Pushes
from provisioner.script.tree import Array, Block, Call, Item, Literal, Object, Script, Template, Variable
from provisioner.script.values import Function, Later, Mark, Parts, Value, join, to_text, type_name

MAXIMUM_STEPS: Final = 10_000
MAXIMUM_DEPTH: Final = 60
MAXIMUM_SIZE: Final = 2**20
"""Characters of a text, elements of an array or values on the stack."""
MAXIMUM_WORK: Final = 200_000
"""Elements of arrays and objects, all the way down, and 64 characters of text, that operators handle."""


class EvaluationError(ValueError):
    """An expression has no value; `offset` says at which item, `code` and `hint` are the problem's."""

    def __init__(self, code: str, message: str, offset: int, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.offset = offset
        self.hint = hint


class Outcome(NamedTuple):
    """`steps` counts items that acted; `work` also what they handled."""

    value: Value
    steps: int
    work: int = 0


def evaluate(script: Script, context: Context, live: Live | None = None) -> Outcome:
    """The last value that `script` leaves on the stack, nil for an empty one. Raises `EvaluationError`.

    Without `live`, what reads what runs is known after the deploy.
    """
    run = Run(context, live)
    return Outcome(run.value(script), run.steps, run.steps + run.work)


class Run:
    """One evaluation. `locals` are the variables that `set-tmp` made."""

    def __init__(self, context: Context, live: Live | None = None) -> None:
        self.context = context
        self.live = live
        self.locals: dict[str, Value] = {}
        self.steps = 0
        self.work = 0
        self.depth = 0
        self.offset = 0

    def value(self, script: Script) -> Value:
        stack = self.stack(script, [])
        return stack[-1] if stack else None

    def call(self, function: Function, stack: Sequence[Value]) -> list[Value]:
        return self.stack(function.body, list(stack))

    def operate(self, name: str, arguments: Sequence[Value]) -> Value:
        operator = REGISTRY.by_name.get(name)
        if operator is None:
            raise RefusedError("unknown-operator", f'unknown operator "{name}"')
        result = operator.run(self, arguments)
        return result if not isinstance(result, Pushes) else next(iter(reversed(result.values)), None)

    def stack(self, script: Script, stack: list[Value]) -> list[Value]:
        self.depth += 1
        if self.depth > MAXIMUM_DEPTH:
            raise EvaluationError("too-deep", f"the expression calls deeper than {MAXIMUM_DEPTH} levels", self.offset)
        items = script.items
        for at, item in enumerate(items, 1):
            self.step(item)
            if isinstance(item, Call):
                self.apply(item, stack)
            elif isinstance(item, Literal):
                stack.append(item.value)
            else:
                stack.append(self.item(item, items[at] if at < len(items) else None))
            if len(stack) > MAXIMUM_SIZE:
                self.check_size(len(stack))
        self.depth -= 1
        return stack

    def step(self, item: Item) -> None:
        self.steps += 1
        self.offset = item.offset
        if self.steps > MAXIMUM_STEPS:
            raise EvaluationError("too-many-steps", f"the expression takes more than {MAXIMUM_STEPS} steps", item.offset)

    def item(self, item: Variable | Template | Array | Object | Block, following: Item | None) -> Value:
        if isinstance(item, Variable):
            return self.variable(item, following)
        if isinstance(item, Template):
            return self.template(item, guarded=_takes_nil(following))
        if isinstance(item, Array):
            return self.handled([self.value(element) for element in item.elements])
        if isinstance(item, Object):
            return self.handled({str(to_text(self.value(key))): self.value(value) for key, value in item.pairs})
        return Function(item.body)

    def variable(self, item: Variable, following: Item | None) -> Value:
        found = self.lookup(item.name, item.offset, guarded=item.member is not None or _takes_nil(following))
        if item.member is None or found is None:
            return found
        key = to_text(self.value(item.member))
        if isinstance(found, Mapping):
            return found.get(str(key))
        if isinstance(found, Later):
            return Later(operator=found.operator, arguments=(*found.arguments, str(key)))
        raise EvaluationError("type-mismatch", f"expected ${item.name} to be an object, found {type_name(found)}", item.offset)

    def lookup(self, name: str, offset: int, *, guarded: bool) -> Value:
        if name in self.locals:
            return self.locals[name]
        try:
            return self.context.variable(name, guarded=guarded)
        except RefusedError as refusal:
            raise EvaluationError(refusal.code, str(refusal), offset, refusal.hint) from None

    def template(self, item: Template, *, guarded: bool) -> str | Parts | None:
        """The text. Where `default` follows, a hole that is nil makes the whole template nil."""
        values: list[Value] = []
        for piece in item.pieces:
            if isinstance(piece, str):
                values.append(piece)
                continue
            value = self.hole(piece, guarded=guarded)
            if value is None and guarded:
                return None
            values.append(value)
        text = join(values)
        self.check_size(len(text) if isinstance(text, str) else 0)
        return text

    def hole(self, script: Script, *, guarded: bool) -> Value:
        only = script.items[0]
        if len(script.items) == 1 and isinstance(only, Variable) and only.member is None:
            self.step(only)
            return self.lookup(only.name, only.offset, guarded=guarded)
        return self.value(script)

    def apply(self, call: Call, stack: list[Value]) -> None:
        operator = REGISTRY.by_name.get(call.name)
        if operator is None:
            raise unknown_operator(call)
        operands = self.operands(operator, call, stack)
        self.offset = call.offset
        for operand in operands:
            self.handled(operand)
        try:
            result = operator.run(self, operands)
        except RefusedError as refusal:
            raise EvaluationError(refusal.code, str(refusal), call.offset, refusal.hint) from None
        except EvaluationError:
            raise
        except ValueError as error:
            raise EvaluationError("type-mismatch", f"{call.name}: {error}", call.offset) from None
        stack.extend(result.values if isinstance(result, Pushes) else (result,))
        self.check_size(len(result) if isinstance(result, str | list) else 0)

    def operands(self, operator: Operator, call: Call, stack: list[Value]) -> list[Value]:
        given = [self.argument(argument) for argument in call.arguments or ()]
        most = operator.most()
        if most is not None and len(given) > most:
            message = f"{call.name} takes at most {most} values ({operator.signature}), found {len(given)}"
            raise EvaluationError("wrong-arguments", message, call.offset)
        wanted = operator.from_stack(len(given))
        if operator.welcome and not given:
            wanted = min(len(stack), wanted + operator.welcome)
        if operator.takes_all(len(given)):
            wanted = max(wanted, _above_mark(stack))
        if wanted > len(stack):
            message = f"{call.name} takes {operator.required} values ({operator.signature}), found {len(stack) + len(given)}"
            raise EvaluationError("wrong-arguments", message, call.offset)
        taken = stack[len(stack) - wanted :]
        del stack[len(stack) - wanted :]
        if stack and isinstance(stack[-1], Mark) and operator.takes_all(len(given)):
            stack.pop()
        return [*taken, *given]

    def argument(self, script: Script) -> Value:
        word = bare_word(script)
        return word.name if word else self.value(script)

    def handled(self, value: Value) -> Value:
        """Count what a value holds. Values share their parts, so that a short expression can name a lot."""
        if isinstance(value, str):
            self.work += len(value) // 64
        elif isinstance(value, (Mapping, list)):
            self.work += _size(value, MAXIMUM_WORK - self.work)
        if self.work > MAXIMUM_WORK:
            raise EvaluationError("too-large", f"the expression handles more than {MAXIMUM_WORK} values", self.offset)
        return value

    def check_size(self, size: int) -> None:
        if size > MAXIMUM_SIZE:
            raise EvaluationError("too-large", f"the expression makes a value larger than {MAXIMUM_SIZE}", self.offset)


def _takes_nil(item: Item | None) -> bool:
    if not isinstance(item, Call):
        return False
    operator = REGISTRY.by_name.get(item.name)
    return operator is not None and operator.sees_nil


def bare_word(script: Script) -> Call | None:
    """A lone word that is no operator. As an argument it is its own text, which `secret(my-secret)` means."""
    word = script.items[0] if len(script.items) == 1 else None
    if isinstance(word, Call) and word.arguments is None and word.name not in REGISTRY.by_name:
        return word
    return None


def unknown_operator(call: Call) -> EvaluationError:
    close = REGISTRY.nearest(call.name)
    hint = f"did you mean {close}?" if close else ""
    return EvaluationError("unknown-operator", f'unknown operator "{call.name}"', call.offset, hint)


def _above_mark(stack: Sequence[Value]) -> int:
    """How many values lie above the last mark."""
    for count, value in enumerate(reversed(stack)):
        if isinstance(value, Mark):
            return count
    return len(stack)


def _size(value: Value, most: int) -> int:
    """How many values a value holds, all the way down; more than `most` where there are more."""
    count, waiting = 0, [value]
    while waiting and count <= most:
        whole = waiting.pop()
        if isinstance(whole, Mapping):
            count += 1 + len(whole)
            waiting.extend(whole.values())
        elif isinstance(whole, (list, tuple)):
            count += 1 + len(whole)
            waiting.extend(whole)
    return count
