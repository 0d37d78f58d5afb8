"""Readiness and liveness checks, and the health command that a host can run for them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from provisioner.package import scalars
from provisioner.package.nodes import Node
from provisioner.resolve.evaluation import Evaluation
from provisioner.resolve.health import command
from provisioner.resolve.model import Check, Service
from provisioner.script.context import REPORTED, RefusedError
from provisioner.script.evaluate import EvaluationError
from provisioner.script.findings import examine
from provisioner.script.lexer import ScriptSyntaxError
from provisioner.script.tree import Script
from provisioner.units import parse_duration

T = TypeVar("T")


def check(node: Node | None, evaluation: Evaluation) -> Check | None:
    """The check, its `code` as source; None where there is no code. Code that is an expression is run to get the source."""
    code = None if node is None else node.entries.get("code")
    if node is None or code is None or code.is_empty:
        return None
    source = evaluation.at("code").known_text(code)
    if source is None:
        return None
    return Check(
        code=source.strip(),
        period=_or(evaluation, node, "period", parse_duration, 10.0),
        initial_delay=_or(evaluation, node, "initialDelay", parse_duration, 0.0),
        attempts=_or(evaluation, node, "attempts", scalars.to_int, 10),
        place=code.place(f"{evaluation.path}/code"),
    )


def health(
    check: Check | None, known: Sequence[str], services: Mapping[str, Service], evaluation: Evaluation
) -> Mapping[str, tuple[str, ...]]:
    """The health command by container; `known` are the runnable's containers.

    A check that cannot be read, or that no command can decide, is a warning: its workload counts as ready once it is started.
    """
    script = None if check is None else _parsed(check, evaluation)
    if check is None or script is None or not script.items or not known:
        return {}
    try:
        container, words = command(script, known, services, evaluation)
    except EvaluationError as error:
        if error.code != REPORTED:
            evaluation.problems.error(error.code, check.place, str(error), hint=error.hint)
        return {}
    except RefusedError as refusal:
        evaluation.scope.session.report(refusal, check.place)
        return {}
    except ValueError as error:
        message = f"no health command can decide this check: {error}; the containers count as ready once they run"
        evaluation.problems.warning("no-health-command", check.place, message)
        return {}
    return {container: words} if words else {}


def _parsed(check: Check, evaluation: Evaluation) -> Script | None:
    try:
        script, found = examine(check.code)
    except ScriptSyntaxError as error:
        evaluation.problems.warning("broken-check", check.place, f"not valid ArrowScript, so this check never holds: {error}")
        return None
    for finding in found:
        evaluation.problems.add(finding.problem(check.place, is_spared=True))
        if finding.severity == "error":
            return None
    return script


def _or(evaluation: Evaluation, node: Node, key: str, convert: Callable[[str], T], default: T) -> T:
    found = evaluation.parsed_at(node, key, convert)
    return default if found is None else found
