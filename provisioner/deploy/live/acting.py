"""`act` and `wait-for`: actions that run actions, in an action as in a readiness check."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from provisioner.script.context import RefusedError
from provisioner.script.values import Failure, Value, to_text

OPERATORS: Final = ("act", "wait-for")

MAXIMUM_NESTING: Final = 8
"""Actions that run actions, one inside the other."""


class Acting:
    """`run` carries out one action by its path, with the values given for its arguments."""

    def __init__(self, run: Callable[[str, Mapping[str, object]], Value]) -> None:
        self.run = run
        self.depth = 0

    def __call__(self, name: str, operands: Sequence[Value]) -> Value:
        return self._act(operands) if name == "act" else self._wait_for(operands)

    def _act(self, operands: Sequence[Value]) -> Value:
        path, *rest = operands
        if self.depth >= MAXIMUM_NESTING:
            raise RefusedError("too-deep", f"actions run actions deeper than {MAXIMUM_NESTING} levels")
        self.depth += 1
        try:
            return self.run(str(to_text(path)), dict(_pairs(rest)))
        finally:
            self.depth -= 1

    def _wait_for(self, operands: Sequence[Value]) -> Value:
        """An action's result, tried `attempts` times, `delay` seconds apart, until it is no error."""
        delay, attempts, *rest = operands
        if not isinstance(delay, int | float) or not isinstance(attempts, int) or not rest:
            raise RefusedError("wrong-arguments", "expected wait-for(seconds, attempts, action, …)")
        result: Value = Failure("no attempt was made")
        for attempt in range(attempts):
            time.sleep(delay if attempt else 0)
            result = self._act(rest)
            if not isinstance(result, Failure):
                break
        return result


def _pairs(values: Sequence[Value]) -> Iterator[tuple[str, Value]]:
    if len(values) % 2:
        raise RefusedError("wrong-arguments", "act takes an action, then names and values of its arguments in turn")
    for at in range(0, len(values), 2):
        yield str(to_text(values[at])), values[at + 1]
