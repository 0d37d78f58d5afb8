"""A readiness check as a command that a host can run in one of the containers.

`exec("db", "pg_isready")` is the command itself: it holds where the command succeeds. What compares the output, as in
`exec("db", "redis-cli", "ping") contains?("PONG")`, becomes a line for the container's shell that decides by the output alone.
`http-get` and `http-get-service` become a request with curl, or wget where the image has no curl.
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from provisioner.resolve.evaluation import Evaluation
from provisioner.resolve.model import Service
from provisioner.resolve.surroundings import Surroundings
from provisioner.script.evaluate import Run
from provisioner.script.operators import REGISTRY
from provisioner.script.operators.logic import truth
from provisioner.script.tree import Call, Script
from provisioner.script.values import Value, is_unknown, to_text

SHELL: Final = ("/bin/sh", "-c")

_COMPARISONS: Final = ("contains?", "has?", "eq?", "equal?", "not-eq?", "not-equal?")
_KEEPING: Final = ("trim", "to-string", "to-s", "default", "if-error", "to-int", "to-i")
"""Operators that change nothing of what a comparison with output decides."""


class UntranslatableError(ValueError):
    """The check says something that no command in a container can decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What a command in a container prints. `is_status`: an HTTP answer's number, good where the request succeeds."""

    container: str
    command: tuple[str, ...]
    is_status: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A line of shell whose exit status decides."""

    container: str
    line: str


Known = Output | Condition | Value


def command(
    script: Script, containers: Sequence[str], services: Mapping[str, Service], evaluation: Evaluation
) -> tuple[str, tuple[str, ...]]:
    """The container and the words of the command; ("", ()) for a check that always holds.

    Raises `UntranslatableError`, and what evaluation raises.
    """
    translation = Translation(containers, services, evaluation)
    value = translation.run(script)
    if isinstance(value, Output):
        return value.container, value.command
    if isinstance(value, Condition):
        return value.container, (*SHELL, value.line)
    if is_unknown(value) or not truth(value):
        raise UntranslatableError(f"its value is {to_text(value) or 'nil'}, whatever runs")
    return "", ()


class Translation:
    """Runs a script on a stack where commands stand for what they will print."""

    def __init__(self, containers: Sequence[str], services: Mapping[str, Service], evaluation: Evaluation) -> None:
        self.containers = containers
        self.services = services
        self.evaluation = evaluation
        self.context = Surroundings(evaluation)
        self.evaluator = Run(self.context)

    def run(self, script: Script) -> Known:
        stack = self.stack(script)
        return stack[-1] if stack else None

    def stack(self, script: Script) -> list[Known]:
        """All that a script leaves, in order."""
        stack: list[Known] = []
        for item in script.items:
            if isinstance(item, Call):
                self.apply(item, stack)
            else:
                stack.append(self.evaluator.value(Script(items=(item,))))
        return stack

    def apply(self, call: Call, stack: list[Known]) -> None:
        given = [self.run(argument) for argument in call.arguments or ()]
        if call.name in ("exec", "http-get", "http-get-service"):
            stack.append(self.live(call.name, [*map(_text, given)]))
            return
        operator = REGISTRY.by_name.get(call.name)
        count = operator.from_stack(len(given)) if operator else 0
        if operator is None or count > len(stack):
            raise UntranslatableError(f"{call} cannot be run here")
        taken = stack[len(stack) - count :]
        del stack[len(stack) - count :]
        operands = [*taken, *given]
        values = [operand for operand in operands if not isinstance(operand, Output | Condition)]
        stack.append(self.evaluator.operate(call.name, values) if len(values) == len(operands) else _combined(call, operands))

    def live(self, name: str, words: Sequence[str]) -> Output:
        if name == "exec":
            return self.exec(words)
        if name == "http-get" and words:
            return Output(container=self.listener(words[0]), command=_request(words[0]))
        if len(words) < 3:
            raise UntranslatableError("expected http-get-service(path, service, url)")
        path, service, url = words[:3]
        end = self.context.service(path, service)
        own = self.services.get(service) if end.target == self.context.scope.name else None
        host, port = ("localhost", own.port) if own else (end.hostname, end.port)
        if not isinstance(host, str) or not isinstance(port, int):
            raise UntranslatableError(f"the address of {end.target}/{service} is not known before the deploy")
        address = f"http://{host}:{port}/{url.removeprefix('/')}"
        return Output(container=own.container if own else self.containers[0], command=_request(address))

    def exec(self, words: Sequence[str]) -> Output:
        if words and words[0] not in self.containers and len(words) > 1 and words[1] in self.containers:
            words = words[1:]
        if len(words) < 2 or words[0] not in self.containers:
            raise UntranslatableError(f"expected exec(container, command, …) with one of {', '.join(self.containers)}")
        container, *rest = words
        line = len(rest) == 1 and " " in rest[0]
        return Output(container=container, command=(*SHELL, rest[0]) if line else tuple(rest))

    def listener(self, url: str) -> str:
        """The container that listens where the URL leads; the only one, or the first, where no service says."""
        try:
            port = urlsplit(url).port or 80
        except ValueError:
            raise UntranslatableError(f'expected a URL, found "{url}"') from None
        return next((one.container for one in self.services.values() if one.port == port), self.containers[0])


def _combined(call: Call, operands: Sequence[Known]) -> Known:
    """The result of an operator on what a command will print."""
    name, first = call.name, operands[0]
    if name == "not":
        return _negated(_condition(first))
    if name in ("and", "or"):
        return _joined("&&" if name == "and" else "||", _condition(first), _condition(operands[1]))
    if name in ("nil?", "error?") and isinstance(first, Output):
        return _negated(_condition(first))
    if name in _KEEPING and isinstance(first, Output):
        return first
    if name in ("get-member", "get-from") and isinstance(first, Output) and operands[1] in ("status", "statusCode"):
        return Output(container=first.container, command=first.command, is_status=True)
    if name in _COMPARISONS and len(operands) == 2:
        return _compared(name, operands)
    raise UntranslatableError(f"{call} on what a command prints")


def _compared(name: str, operands: Sequence[Known]) -> Condition:
    outputs = [operand for operand in operands if isinstance(operand, Output)]
    others = [operand for operand in operands if not isinstance(operand, Output)]
    is_search = name in ("contains?", "has?")
    if len(outputs) != 1 or (is_search and outputs[0] is not operands[0]):
        raise UntranslatableError(f"{name} takes what a command prints, and a word to compare it with")
    output, word = outputs[0], _text(others[0])
    negated = name in ("not-eq?", "not-equal?")
    if output.is_status:
        if word != "200":
            raise UntranslatableError(f"only the status 200 can be asked for, found {word}")
        return _negated(_condition(output)) if negated else _condition(output)
    printed = f'"$({_line(output.command)})"'
    if is_search:
        return Condition(container=output.container, line=f"case {printed} in *{shlex.quote(word)}*) true;; *) false;; esac")
    return Condition(container=output.container, line=f"test {printed} {'!=' if negated else '='} {shlex.quote(word)}")


def _condition(value: Known) -> Condition:
    """What decides as the language does: a command that succeeds is true."""
    if isinstance(value, Condition):
        return value
    if isinstance(value, Output):
        return Condition(container=value.container, line=f"({_line(value.command)}) >/dev/null")
    return Condition(container="", line="true" if truth(value) else "false")


def _negated(condition: Condition) -> Condition:
    return Condition(container=condition.container, line=f"! {{ {condition.line}; }}")


def _joined(word: str, first: Condition, second: Condition) -> Condition:
    if first.container and second.container and first.container != second.container:
        raise UntranslatableError("one check runs commands in two containers")
    return Condition(container=first.container or second.container, line=f"{{ {first.line}; }} {word} {{ {second.line}; }}")


def _request(url: str) -> tuple[str, ...]:
    address = shlex.quote(url)
    return (*SHELL, f"if command -v curl >/dev/null; then curl -fsS {address}; else wget -qO- {address}; fi")


def _line(command: Sequence[str]) -> str:
    """The command as a line of shell; one that is a line for the shell already stays as it is."""
    return command[2] if tuple(command[:2]) == SHELL else shlex.join(command)


def _text(value: Known) -> str:
    """Known text of an argument."""
    if isinstance(value, Output | Condition) or is_unknown(value) or value is None:
        raise UntranslatableError("an argument is not known before the deploy")
    text = to_text(value)
    if not isinstance(text, str):
        raise UntranslatableError("an argument is not known before the deploy")
    return text
