"""Run an action of a runnable where its first replica runs."""

from collections.abc import Mapping, Sequence
from typing import Final

from provisioner.deploy.hosts.connect import connect
from provisioner.deploy.hosts.shell import Shell
from provisioner.deploy.live.acting import OPERATORS, Acting
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
from provisioner.script.values import Value

ACTION_SECONDS: Final = 3600
"""What one command of an action may take, such as a backup."""


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
        self.acting = Acting(self._called)

    def run(self, act: Act, values: Mapping[str, object]) -> Value:
        """Raises `ValueError` for the arguments, and what evaluation raises."""
        arguments = given(act.action, values)
        shell, surface = self._surface(act)
        operators = Operators(shell, surface, ACTION_SECONDS)

        def live(context: Context, name: str, operands: Sequence[Value]) -> Value:
            return self.acting(name, operands) if name in OPERATORS else operators(context, name, operands)

        evaluation = Run(act.context, live)
        evaluation.locals["args"] = arguments
        return evaluation.value(parse(act.action.code))

    def _called(self, path: str, values: Mapping[str, object]) -> Value:
        try:
            return self.run(self.actors.find(path), values)
        except UsageError as error:
            raise RefusedError("missing-reference", str(error)) from None

    def _surface(self, act: Act) -> tuple[Shell, Surface]:
        chosen = choose(act.runnable.name, self.targets)
        first = [target for target in chosen if target.gate.workload == chosen[0].gate.workload]
        shell = connect(first[0].site.machine.reach)
        containers = {target.gate.container: _container(shell, target) for target in first}
        return shell, Surface(containers=containers, ports={one.port: one.container for one in act.runnable.services.values()})


def _container(shell: Shell, target: Target) -> str:
    """Podman's name. A container with slots runs under one of two."""
    return running(shell, target) if target.gate.slots else target.containers[0]


def _problem(act: Act, code: str, message: str, hint: str = "") -> Problem:
    return Problem(severity="error", code=code, message=f"{act.action.name}: {message}", place=act.action.place, hint=hint)
