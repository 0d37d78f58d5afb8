"""Decide a readiness check by evaluating its expression on what runs."""

import json
import time
from typing import Any

from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.hosts.shell import Shell
from provisioner.deploy.live.context import Recorded
from provisioner.deploy.live.operators import Operators, Surface
from provisioner.host.model import LiveCheck
from provisioner.script.evaluate import EvaluationError, evaluate
from provisioner.script.operators.logic import truth
from provisioner.script.parser import parse
from provisioner.script.values import Failure, to_text


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
    asked: dict[str, Any] = json.loads(check.asked)
    surface = Surface(containers=asked["containers"], ports={int(port): container for port, container in asked["ports"].items()})
    try:
        value = evaluate(parse(check.code), Recorded(asked["answers"]), Operators(shell, surface)).value
    except EvaluationError as error:
        return str(error)
    if truth(value):
        return ""
    return str(value) if isinstance(value, Failure) else f"its value is {to_text(value) or 'nil'}"
