"""Nodes to values: runs the expressions of one place in one definition, and reports what goes wrong there."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from provisioner.errors import Place, Problems
from provisioner.package import scalars
from provisioner.package.nodes import Node
from provisioner.resolve.budget import PROBLEM
from provisioner.resolve.model import Parts, Text
from provisioner.resolve.surroundings import Surroundings
from provisioner.script.context import REPORTED
from provisioner.script.evaluate import EvaluationError, evaluate
from provisioner.script.findings import examine
from provisioner.script.lexer import ScriptSyntaxError
from provisioner.script.tree import Script
from provisioner.script.values import Failure, Value, to_text

if TYPE_CHECKING:
    from provisioner.resolve.scope import Scope

BROKEN: Final = Failure("reported")
"""The value of what could not be evaluated; the problem has been reported."""

MAXIMUM_NESTING: Final = 40
"""Values that need each other, one after the other."""

_STEPS: Final = 10
"""What an expression costs at least."""

T = TypeVar("T")


class Evaluation:
    """`path` names the place; `evaluating` is the variable whose value this is, if any."""

    __slots__ = ("_above", "_path", "evaluating", "scope")

    def __init__(
        self, scope: "Scope", path: str, evaluating: str = "", above: "tuple[Evaluation, tuple[object, ...]] | None" = None
    ) -> None:
        self.scope = scope
        self.evaluating = evaluating
        self._path = path
        self._above = above

    @property
    def path(self) -> str:
        """Put together when it is asked for: most places are never named."""
        if self._above is not None:
            above, steps = self._above
            self._path = "/".join((above.path, *map(str, steps)))
            self._above = None
        return self._path

    @property
    def problems(self) -> Problems:
        return self.scope.session.problems

    @property
    def is_incomplete(self) -> bool:
        """Is a parent of the definition missing, so that what it lacks is no news?"""
        return self.scope.session.is_incomplete(self.scope.name)

    def at(self, *steps: object) -> "Evaluation":
        """The same scope, further down the path."""
        return Evaluation(self.scope, "", self.evaluating, (self, steps))

    def known(self, node: Node) -> Value:
        """What is written in a node: expressions in it are nil."""
        if isinstance(node.value, dict):
            return {key: self.known(below) for key, below in node.value.items()}
        if isinstance(node.value, tuple):
            return [self.known(below) for below in node.value]
        return None if node.is_arrow else self.value(node)

    def value(self, node: Node, *, typed: str = "any") -> Value:
        """What a node is worth. A scalar is text where `typed` says a type (it is converted later), else what it looks like."""
        if isinstance(node.value, dict):
            return {key: self.at(key).value(below) for key, below in node.value.items()}
        if isinstance(node.value, tuple):
            return [self.at(index).value(below) for index, below in enumerate(node.value)]
        if node.is_arrow:
            return self.expression(node)
        if node.is_empty:
            return None
        return node.value if node.style or typed != "any" else scalars.infer(node.value)

    def expression(self, node: Node) -> Value:
        """The value of `<- …`; `BROKEN` after reporting why it has none."""
        self.scope.session.spend(_STEPS + len(node.text) // 2)
        script = self.parsed(node)
        return BROKEN if script is None else self.run(script, node)

    def run(self, script: Script, node: Node) -> Value:
        """The value; `BROKEN` after reporting why there is none. Values that need too many others are refused, not crashed on."""
        session = self.scope.session
        if session.nesting >= MAXIMUM_NESTING:
            return self._too_deep(node)
        session.nesting += 1
        try:
            value, _, work = evaluate(script, Surroundings(self))
            session.spend(work)
        except EvaluationError as error:
            return self._refused(error, node)
        except RecursionError:
            if session.nesting > 1:
                raise
            return self._too_deep(node)
        finally:
            session.nesting -= 1
        return BROKEN if isinstance(value, Failure) and value == BROKEN else value

    def _too_deep(self, node: Node) -> Value:
        self.problems.error("too-deep", self.spot(node, 0), "this value needs others, which need others, too deep to follow")
        return BROKEN

    def _refused(self, error: EvaluationError, node: Node) -> Value:
        if error.code == REPORTED:
            return BROKEN
        if error.code == "unknown-connection" and self.evaluating:
            report = self.problems.warning if self.scope.outer else self.problems.note
            report(error.code, self.spot(node, error.offset), f"{error}; the variable is nil", hint=error.hint)
            return None
        self.scope.session.spend(PROBLEM)
        self.problems.error(error.code, self.spot(node, error.offset), str(error), hint=error.hint)
        return BROKEN

    def parsed(self, node: Node) -> Script | None:
        """The tree of a node's expression; None after reporting that it is not ArrowScript."""
        try:
            script, found = examine(node.text)
        except ScriptSyntaxError as error:
            self.scope.session.spend(PROBLEM + len(node.text))
            self.problems.error("broken-script", self.spot(node, error.offset), f"not valid ArrowScript: {error}")
            return None
        for finding in found:
            self.scope.session.spend(_STEPS)
            self.problems.add(finding.problem(self.spot(node, finding.offset)))
            if finding.severity == "error":
                script = None
        return script

    def spot(self, node: Node, offset: int) -> Place:
        """The place of a character of a plain scalar; of the whole scalar where it was folded or quoted."""
        column = node.column + offset if not node.style and "\n" not in node.text else node.column
        return Place(file=node.file, line=node.line, column=column, path=self.path)

    def text(self, node: Node | None) -> Text | None:
        """What a container receives; None for nil, for nothing, and after a problem."""
        if node is None:
            return None
        if not node.is_arrow:
            return _written(node)
        value = self.expression(node)
        return None if value is None or value is BROKEN else to_text(value)

    def text_at(self, node: Node, key: str) -> str | None:
        """The known text of an entry of the mapping `node`; None where there is none."""
        entry = node.entries.get(key)
        if entry is None:
            return None
        return self.at(key).known_text(entry) if entry.is_arrow else _written(entry)

    def needed_at(self, node: Node, key: str, what: str, convert: Callable[[str], T] = str) -> T | None:
        """The known text of an entry that must have a value, converted: an expression that gives nil is a problem."""
        entry = node.entries.get(key)
        if entry is None or not entry.is_arrow:
            return self.parsed_at(node, key, convert)
        here = self.at(key)
        value = here.expression(entry)
        if value is None:
            self.problems.error("no-value", entry.place(here.path), f"expected {what}, found nil")
        text = None if value is None or value is BROKEN else here.settled(to_text(value), entry)
        return None if text is None else here.converted(text, entry, convert)

    def parsed_at(self, node: Node, key: str, convert: Callable[[str], T]) -> T | None:
        """The known text of an entry of the mapping `node`, converted."""
        entry = node.entries.get(key)
        return None if entry is None else self.at(key).parse(entry, convert)

    def element(self, step: object, node: Node) -> Text | None:
        """What a container receives for one of a list's or mapping's values."""
        return self.at(step).text(node) if node.is_arrow else _written(node)

    def flag_at(self, node: Node, key: str) -> bool:
        return bool(self.parsed_at(node, key, scalars.to_bool))

    def known_text(self, node: Node | None) -> str | None:
        """Text that the plan must know: a secret or a later value in it is a problem."""
        text = self.text(node)
        return None if text is None or node is None else self.settled(text, node)

    def settled(self, text: Text, node: Node) -> str | None:
        """The text where all of it is known; None after reporting that it is not."""
        if isinstance(text, Parts):
            self.problems.error("not-known", node.place(self.path), f"expected a value known before the deploy, found {text}")
            return None
        return text

    def parse(self, node: Node | None, convert: Callable[[str], T]) -> T | None:
        """Known text, converted."""
        text = self.known_text(node)
        return None if text is None or node is None else self.converted(text, node, convert)

    def converted(self, text: str, node: Node, convert: Callable[[str], T]) -> T | None:
        """None where it is not of its type: what an expression gave is reported here, what is written by the table of keys."""
        try:
            return convert(text)
        except ValueError as error:
            if node.is_arrow:
                self.problems.error("wrong-type", node.place(self.path), str(error))
            return None


def _written(node: Node) -> str | None:
    """The text of a scalar that is no expression."""
    return None if node.is_empty else node.text
