"""A readiness check that no command in a container decides, made ready to be evaluated where the containers run.

What the expression asks of its definition is written down beside it, `{"variable port": 8080, "connection db": {…}}`, so that
it can be evaluated without the package. Secrets are no part of it: a check that reads one is left to the health commands.
"""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from provisioner.resolve.health import UntranslatableError
from provisioner.resolve.model import Action
from provisioner.script.context import Context, Link
from provisioner.script.evaluate import Run
from provisioner.script.parser import parse
from provisioner.script.tree import Script, Variable, walk
from provisioner.script.values import Failure, Function, Later, Mark, SecretRef, Value, is_unknown, to_json

ANSWERED: Final = (
    "exec",
    "http-get",
    "http-post",
    "http-get-service",
    "rpc-call",
    "search-container",
    "connection-ip",
    "get-resolver-ip",
    "act",
    "wait-for",
)
"""The live operators that a host has an answer to."""

MAXIMUM_NESTING: Final = 8
"""Actions that run actions, one inside the other."""


def asked(script: Script, context: Context, containers: Sequence[str], actions: Mapping[str, Action]) -> str:
    """JSON of what `script` asks of its definition, whose `actions` it may run.

    Raises `UntranslatableError` where no host can decide it.
    """
    recorder = _Recorder(context, containers, actions)
    value = recorder.record(script, {})
    if recorder.refusals:
        raise UntranslatableError("; ".join(recorder.refusals))
    if not recorder.is_live:
        raise UntranslatableError(f"its value is {value}, whatever runs")
    return to_json(recorder.answers)


class _Recorder:
    """A context that notes what it is asked. `live` stands for what will run."""

    def __init__(self, around: Context, containers: Sequence[str], actions: Mapping[str, Action]) -> None:
        self.around = around
        self.containers = containers
        self.actions = actions
        self.depth = 0
        self.answers: dict[str, Value] = {}
        self.refusals: dict[str, None] = {}
        self.is_live = False

    def record(self, script: Script, arguments: Mapping[str, Value]) -> Value:
        """What the expression gives; all that it might read is noted, whichever way it goes on the host."""
        for item in walk(script):
            if isinstance(item, Variable) and item.name != "args":
                self.variable(item.name, guarded=True)
        run = Run(self, self.live)
        run.locals |= {"args": arguments} if arguments else {}
        return run.value(script)

    def live(self, context: Context, name: str, operands: Sequence[Value]) -> Value:
        self.is_live = True
        if name not in ANSWERED:
            self.refusals[f"{name} has no answer on a host"] = None
        if name == "exec" and not any(word in self.containers for word in operands[:2]):
            self.refusals[f"expected exec(container, command, …) with one of {', '.join(self.containers)}"] = None
        if name == "connection-ip" and operands:
            self.connection(str(operands[0]))
        if name == "http-get-service" and len(operands) > 1:
            self.service(str(operands[0]), str(operands[1]))
            self.self_path()
        if name in ("act", "wait-for"):
            self._act([*map(str, operands)][0 if name == "act" else 2 :])
        return Later(operator=name, arguments=tuple(map(str, operands)))

    def _act(self, words: Sequence[str]) -> None:
        """Notes an action of the definition's own, and what that asks in its turn."""
        name, _, called = words[0].strip("/").rpartition("/") if words else ("", "", "")
        if name != self.around.self_path() or called not in self.actions:
            self.refusals[f"it runs {words[0] if words else 'no action'}, which is no action of its own runnable"] = None
            return
        action = self.actions[called]
        question = f"action {name}/{called}"
        if question in self.answers or self.depth >= MAXIMUM_NESTING:
            return
        defaults = {each.name: cast("Value", each.default) for each in action.arguments.values()}
        declared: dict[str, Value] = {
            each.name: {"type": each.type, "default": defaults[each.name], "required": each.required}
            for each in action.arguments.values()
        }
        self.answers[question] = {"code": action.code, "arguments": declared}
        self.depth += 1
        self.record(parse(action.code), defaults)
        self.depth -= 1

    def variable(self, name: str, *, guarded: bool) -> Value:
        return self._noted(f"variable {name}", self.around.variable(name, guarded=guarded))

    def secret(self, name: str) -> SecretRef:
        self.refusals[f"it reads the secret {name}, which commands must not show"] = None
        return self.around.secret(name)

    def connection(self, name: str) -> Link:
        return self._link(f"connection {name}", self.around.connection(name))

    def hostname(self, path: str, container: str) -> str:
        found = self.around.hostname(path, container)
        self._noted(f"hostname {path} {container}", found)
        return found

    def service(self, path: str, service: str) -> Link:
        return self._link(f"service {path} {service}", self.around.service(path, service))

    def entity(self, path: str) -> Value:
        return self._noted(f"entity {path}", self.around.entity(path))

    def self_path(self) -> str:
        found = self.around.self_path()
        self._noted("self", found)
        return found

    def unique(self) -> str:
        found = self.around.unique()
        self._noted("unique", found)
        return found

    def _link(self, question: str, link: Link) -> Link:
        parts: Mapping[str, Value] = {
            "target": link.target,
            "service": link.service,
            "hostname": link.hostname,
            "port": link.port,
        }
        self._noted(question, parts)
        return link

    def _noted(self, question: str, value: Value) -> Value:
        if is_unknown(value) or isinstance(value, Function | Failure | Mark):
            self.refusals[f"the {question} is not known before the deploy"] = None
        else:
            self.answers[question] = value
        return value
