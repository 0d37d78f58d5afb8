"""Hooks: actions that a host runs whenever it starts or stops a container, as the commands that its host can run by itself.

What an action says with `exec` and requests is known before the deploy but for what it prints, so it becomes commands in
containers, as readiness checks do; the host runs them at every start, also after a crash or a boot, without us.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from provisioner.errors import Place
from provisioner.package.nodes import Node
from provisioner.resolve.actions import given
from provisioner.resolve.entries import named
from provisioner.resolve.evaluation import Evaluation
from provisioner.resolve.health import SHELL, Condition, Output, Translation, UntranslatableError
from provisioner.resolve.model import Action, Hook, HookCommand, Service
from provisioner.script.context import REPORTED, RefusedError
from provisioner.script.evaluate import EvaluationError
from provisioner.script.lexer import ScriptSyntaxError
from provisioner.script.parser import parse

EVENTS: Final = ("container-starting", "container-started", "container-stopping", "container-stopped")
OUTSIDE: Final = ("container-starting", "container-stopped")
"""Moments at which the hook's own container does not run."""


def hooks(
    containers: Node | None, known: Mapping[str, Action], services: Mapping[str, Service], evaluation: Evaluation
) -> tuple[Hook, ...]:
    """The hooks of every container. The table of keys reports another event, and an action that is not among the definition's.

    One that no command can carry out is a warning and left out; one that could never succeed is an error.
    """
    found: list[Hook] = []
    names = tuple(dict(named(containers)))
    for container, entry in named(containers):
        for event, node in named(entry.entries.get("hooks")):
            if event not in EVENTS:
                continue
            here = evaluation.at(container, "hooks", event)
            place = node.key_place(here.path)
            action = here.known_text(node) or ""
            if action in known:
                commands = _commands(known[action], Translation(names, services, here), place)
                _check(event, container, commands, place, here)
                found += (
                    [Hook(container=container, event=event, action=action, commands=commands, place=place)] if commands else []
                )
            elif action and not known:
                message = f'the hook {event} runs the action "{action}", and none is defined'
                here.problems.warning("missing-reference", place, message)
    return tuple(found)


def _commands(action: Action, translation: Translation, place: Place) -> tuple[HookCommand, ...]:
    """What the action does, in order; nothing, with a problem, where no commands can do it."""
    evaluation = translation.evaluation
    try:
        translation.evaluator.locals["args"] = given(action, {})
        return tuple(_steps(translation.stack(parse(action.code))))
    except EvaluationError as error:
        if error.code != REPORTED:
            evaluation.problems.error(error.code, place, str(error), hint=error.hint)
    except ScriptSyntaxError:
        return ()  # reported where the action is written
    except RefusedError as refusal:
        evaluation.scope.session.report(refusal, place)
    except ValueError as error:
        message = f"no commands in containers carry out the action {action.name}, so this hook is left out: {error}"
        evaluation.problems.warning("no-hook-command", place, message)
    return ()


def _steps(stack: Sequence[object]) -> list[HookCommand]:
    found: list[HookCommand] = []
    for value in stack:
        if isinstance(value, Output):
            found.append(HookCommand(container=value.container, words=value.command))
        elif isinstance(value, Condition) and value.container:
            found.append(HookCommand(container=value.container, words=(*SHELL, value.line)))
    if not found:
        raise UntranslatableError("it runs nothing in a container")
    return found


def _check(event: str, container: str, commands: Sequence[HookCommand], place: Place, evaluation: Evaluation) -> None:
    if event in OUTSIDE and any(command.container == container for command in commands):
        message = f"the hook {event} runs a command in {container}, which does not run at that moment"
        hint = "container-started and container-stopping find it running"
        evaluation.problems.error("wrong-hook", place, message, hint=hint)
