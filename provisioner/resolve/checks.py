"""Readiness and liveness checks, and the health command that a host can run for them."""

from collections.abc import Callable, Container, Mapping
from typing import Final, TypeVar

from provisioner.package import scalars
from provisioner.package.nodes import Node
from provisioner.resolve.evaluation import Evaluation
from provisioner.resolve.model import Check
from provisioner.resolve.surroundings import Surroundings
from provisioner.script.evaluate import EvaluationError, evaluate
from provisioner.script.findings import findings
from provisioner.script.lexer import ScriptSyntaxError
from provisioner.script.parser import parse
from provisioner.script.tree import Call, Script
from provisioner.units import parse_duration

SHELL: Final = ("/bin/sh", "-c")

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


def health(check: Check | None, known: Container[str], evaluation: Evaluation) -> Mapping[str, tuple[str, ...]]:
    """The health command by container: of a check that starts with `exec("container", "command", …)`.

    A check that cannot be read is a warning: nothing but this check depends on it. One that is no `exec` has no command.
    """
    script = None if check is None else _parsed(check, evaluation)
    first = script.items[0] if script and script.items else None
    if check is None or not isinstance(first, Call) or first.name != "exec":
        return {}
    words: list[str] = []
    for argument in first.arguments or ():
        try:
            value = evaluate(argument, Surroundings(evaluation.scope, evaluation.path, "")).value
        except EvaluationError as error:
            evaluation.problems.error(error.code, check.place, str(error), hint=error.hint)
            return {}
        if not isinstance(value, str | int | float):
            message = f"this check has no health command: {argument} is {value}"
            evaluation.problems.warning("no-health-command", check.place, message)
            return {}
        words.append(str(value))
    if words and words[0] not in known and len(words) > 1 and words[1] in known:
        words = words[1:]
    if len(words) < 2 or words[0] not in known:
        message = f"expected exec(container, command, …) with a container of this runnable, found {first}"
        evaluation.problems.warning("no-health-command", check.place, message)
        return {}
    container, *command = words
    return {container: (*SHELL, command[0]) if len(command) == 1 and " " in command[0] else tuple(command)}


def _parsed(check: Check, evaluation: Evaluation) -> Script | None:
    try:
        script = parse(check.code)
    except ScriptSyntaxError as error:
        evaluation.problems.warning("broken-check", check.place, f"not valid ArrowScript, so this check never holds: {error}")
        return None
    for finding in findings(script):
        evaluation.problems.warning(finding.code, check.place, finding.message, hint=finding.hint)
        if finding.severity == "error":
            return None
    return script


def _or(evaluation: Evaluation, node: Node, key: str, convert: Callable[[str], T], default: T) -> T:
    found = evaluation.at(key).parse(node.entries.get(key), convert)
    return default if found is None else found
