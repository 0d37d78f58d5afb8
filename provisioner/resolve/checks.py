"""Readiness and liveness checks, and the health command that a host can run for them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from provisioner.package import scalars
from provisioner.package.nodes import Node
from provisioner.resolve.evaluation import Evaluation
from provisioner.resolve.health import UntranslatableError, command
from provisioner.resolve.live_check import asked
from provisioner.resolve.model import Action, Check, Service
from provisioner.resolve.surroundings import Surroundings
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """How a check is decided: `health` by a command in a container (by its name), or live, where the check says so."""

    check: Check | None
    health: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


def decide(
    check: Check | None,
    known: Sequence[str],
    services: Mapping[str, Service],
    actions: Mapping[str, Action],
    evaluation: Evaluation,
) -> Decided:
    """`known` are the runnable's containers. What one command in a container decides, a host decides at any time; what more
    than one decides, or the language alone, is evaluated live by whoever deploys.

    A check that cannot be read, or that nothing can decide, is a warning: its workload counts as ready once it is started.
    """
    script = None if check is None else _parsed(check, evaluation)
    if check is None or script is None or not script.items or not known:
        return Decided(check=check)
    try:
        return _decided(check, script, known, services, actions, evaluation)
    except EvaluationError as error:
        if error.code != REPORTED:
            evaluation.problems.error(error.code, check.place, str(error), hint=error.hint)
    except RefusedError as refusal:
        evaluation.scope.session.report(refusal, check.place)
    except ValueError as error:
        message = f"nothing on a host can decide this check: {error}; the containers count as ready once they run"
        evaluation.problems.warning("no-health-command", check.place, message)
    return Decided(check=check)


def _decided(
    check: Check,
    script: Script,
    known: Sequence[str],
    services: Mapping[str, Service],
    actions: Mapping[str, Action],
    evaluation: Evaluation,
) -> Decided:
    try:
        container, words = command(script, known, services, evaluation)
    except UntranslatableError:
        return Decided(check=replace(check, asked=asked(script, Surroundings(evaluation), known, actions)))
    return Decided(check=check, health={container: words} if words else {})


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
