"""Decide a readiness check by evaluating its expression on what runs."""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.hosts.shell import Shell
from provisioner.deploy.live.acting import OPERATORS, Acting
from provisioner.deploy.live.context import Recorded
from provisioner.deploy.live.operators import Operators, Surface
from provisioner.host.model import LiveCheck
from provisioner.resolve.actions import given
from provisioner.resolve.model import Action, Argument
from provisioner.script.context import Context, RefusedError
from provisioner.script.evaluate import EvaluationError, Run
from provisioner.script.operators.logic import truth
from provisioner.script.parser import parse
from provisioner.script.values import Failure, Value, to_text


def refusal(shell: Shell, check: LiveCheck, progress: Progress) -> str:
    """ "" as soon as the check holds; after all its attempts, or once the update is cancelled, why it did not at the last one.

    Raises `HostError` where the host does not answer.
    """
    deadline = time.monotonic() + check.timeout
    why = "it was cancelled"
    for attempt in range(check.attempts):
        if progress.wait(check.period if attempt else check.initial_delay):
            return why
        why = attempted(shell, check)
        if not why or time.monotonic() + check.period > deadline:
            return why
    return why


def attempted(shell: Shell, check: LiveCheck) -> str:
    """Ask once: "" where the check holds, else what it gave."""
    try:
        value = _Asked(shell, json.loads(check.asked)).value(check.code, {})
    except (EvaluationError, ValueError) as error:
        return str(error)
    if truth(value):
        return ""
    return str(value) if isinstance(value, Failure) else f"its value is {to_text(value) or 'nil'}"


class _Asked:
    """One evaluation of a check, and of the actions of its runnable that it runs, from what the plan noted for it."""

    def __init__(self, shell: Shell, asked: Mapping[str, Any]) -> None:
        containers: Mapping[str, str] = asked["containers"]
        ports = {int(port): container for port, container in asked["ports"].items()}
        self.answers: Mapping[str, Any] = asked["answers"]
        self.operators = Operators(shell, Surface(containers=containers, ports=ports))
        self.acting = Acting(self.act)

    def value(self, code: str, arguments: Mapping[str, Value]) -> Value:
        run = Run(Recorded(self.answers), self.live)
        run.locals |= {"args": arguments} if arguments else {}
        return run.value(parse(code))

    def live(self, context: Context, name: str, operands: Sequence[Value]) -> Value:
        return self.acting(name, operands) if name in OPERATORS else self.operators(context, name, operands)

    def act(self, path: str, values: Mapping[str, object]) -> Value:
        noted = self.answers.get(f"action {path.strip('/')}")
        if noted is None:
            raise RefusedError("missing-reference", f"the action {path} is not one of this runnable's")
        arguments = {name: Argument(name=name, **declared) for name, declared in noted["arguments"].items()}
        action = Action(name=path, code=noted["code"], arguments=arguments)
        return self.value(action.code, given(action, values))
