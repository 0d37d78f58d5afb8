"""Run an action of a runnable where its first replica runs."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from provisioner.deploy.hosts.connect import connect
from provisioner.deploy.hosts.shell import Shell
from provisioner.deploy.live.operators import Operators, Surface
from provisioner.deploy.operate.act import running
from provisioner.deploy.operate.names import Target, choose
from provisioner.errors import InputError, Problem, UsageError
from provisioner.resolve.actions import given
from provisioner.resolve.actors import Act, Actors
from provisioner.script.context import REPORTED, Context, RefusedError
from provisioner.script.evaluate import EvaluationError, Run
from provisioner.script.lexer import ScriptSyntaxError
from provisioner.script.parser import parse
from provisioner.script.values import Failure, Value, to_text

ACTION_SECONDS: Final = 3600
"""What one command of an action may take, such as a backup."""

MAXIMUM_NESTING: Final = 8
"""Actions that run actions, one inside the other."""


def perform(actors: Actors, targets: Sequence[Target], path: str, values: Mapping[str, object]) -> Value:
    """What the action at `path` gives, `values` being its arguments.

    Raises `UsageError` where there is no such action, `InputError` for wrong arguments and for code that fails, with the
    place of the declaration, and `HostError` where a host does not answer.
    """
    act = actors.find(path)
    try:
        return _Performance(actors, targets).run(act, values)
    except (EvaluationError, ScriptSyntaxError) as error:
        code = error.code if isinstance(error, EvaluationError) and error.code != REPORTED else "broken-action"
        hint = error.hint if isinstance(error, EvaluationError) else ""
        raise InputError([_problem(act, code, str(error), hint)]) from None
    except ValueError as error:
        raise InputError([_problem(act, "wrong-arguments", str(error))]) from None


class _Performance:
    """One call, and the calls that it makes."""

    def __init__(self, actors: Actors, targets: Sequence[Target]) -> None:
        self.actors = actors
        self.targets = targets
        self.depth = 0

    def run(self, act: Act, values: Mapping[str, object]) -> Value:
        """Raises `ValueError` for the arguments, and what evaluation raises."""
        arguments = given(act.action, values)
        shell, surface = self._surface(act)
        operators = Operators(shell, surface, ACTION_SECONDS)

        def live(context: Context, name: str, operands: Sequence[Value]) -> Value:
            if name == "act":
                return self._act(operands)
            return self._wait_for(operands) if name == "wait-for" else operators(context, name, operands)

        evaluation = Run(act.context, live)
        evaluation.locals["args"] = arguments
        return evaluation.value(parse(act.action.code))

    def _act(self, operands: Sequence[Value]) -> Value:
        path, *rest = operands
        if self.depth >= MAXIMUM_NESTING:
            raise RefusedError("too-deep", f"actions run actions deeper than {MAXIMUM_NESTING} levels")
        self.depth += 1
        try:
            return self.run(self.actors.find(str(to_text(path))), dict(_pairs(rest)))
        except UsageError as error:
            raise RefusedError("missing-reference", str(error)) from None
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

    def _surface(self, act: Act) -> tuple[Shell, Surface]:
        chosen = choose(act.runnable.name, self.targets)
        first = [target for target in chosen if target.gate.workload == chosen[0].gate.workload]
        shell = connect(first[0].site.machine.reach)
        containers = {target.gate.container: _container(shell, target) for target in first}
        return shell, Surface(containers=containers, ports={one.port: one.container for one in act.runnable.services.values()})


def _container(shell: Shell, target: Target) -> str:
    """Podman's name. A container with slots runs under one of two."""
    return running(shell, target) if target.gate.slots else target.containers[0]


def _pairs(values: Sequence[Value]) -> Iterator[tuple[str, Value]]:
    if len(values) % 2:
        raise RefusedError("wrong-arguments", "act takes an action, then names and values of its arguments in turn")
    for at in range(0, len(values), 2):
        yield str(to_text(values[at])), values[at + 1]


def _problem(act: Act, code: str, message: str, hint: str = "") -> Problem:
    return Problem(severity="error", code=code, message=f"{act.action.name}: {message}", place=act.action.place, hint=hint)
