"""YAML text to nodes, in one pass over the parser's events and in bounded time and memory.

Everything MonkScript needs and YAML libraries throw away is kept: the scalar's source text, its style, its place.
Aliases and merge keys are refused (packages use `inherits`), so a document is never larger than its text.
"""

from collections.abc import Iterator
from typing import Any, Final

import yaml
from yaml.events import AliasEvent, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

from provisioner.errors import Place, Problems
from provisioner.package.nodes import Node

MAXIMUM_BYTES: Final = 4 * 2**20
MAXIMUM_DEPTH: Final = 64


def read(text: str, file: str, problems: Problems) -> tuple[Node, ...]:
    """The documents of one YAML text, empty ones left out; none where it is broken, which `problems` then tells."""
    if len(text) > MAXIMUM_BYTES:
        problems.error("file-too-large", Place(file=file), f"found {len(text)} characters, expected at most {MAXIMUM_BYTES}")
        return ()
    try:
        return _Builder(file, problems).build(_events(text.lstrip("\ufeff")))
    except _RefusedError:
        return ()
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark or error.context_mark
        place = Place(file=file, line=mark.line + 1, column=mark.column + 1) if mark else Place(file=file)
        context = f" {error.context}" if error.context else ""
        problems.error("broken-yaml", place, f"not valid YAML{context}: {error.problem}", hint=_hint(error.problem or ""))
    except (yaml.YAMLError, ValueError) as error:
        problems.error("broken-yaml", Place(file=file), f"not valid YAML: {' '.join(str(error).split())}")
    return ()


class _RefusedError(Exception):
    """Reading stops: the reason is among the problems."""


def _events(text: str) -> Iterator[Any]:
    loader: Any = yaml.CLoader if yaml.__with_libyaml__ else yaml.Loader
    return yaml.parse(text, Loader=loader)


def _hint(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return 'quote a value that holds ": "'
    if "cannot start any token" in problem:
        return "indent with spaces, and quote a value that starts with a special character"
    return ""


class _Builder:
    """Builds nodes from events with a stack of its own, so that nesting never meets Python's recursion limit."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file = file
        self.problems = problems
        self.documents: list[Node] = []
        self.stack: list[_Frame] = []

    def build(self, events: Iterator[Any]) -> tuple[Node, ...]:
        file, add = self.file, self.add
        for event in events:
            kind: type[Any] = event.__class__
            if kind is ScalarEvent:
                mark = event.start_mark
                add(Node(event.value, event.style or "", file, mark.line + 1, mark.column + 1))
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                self.open(event)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                add(self.stack.pop().node(file))
            elif kind is AliasEvent:
                self.refuse("alias", event.start_mark, f"found the YAML alias *{event.anchor}", "say it with `inherits`")
        return tuple(document for document in self.documents if not document.is_empty)

    def open(self, event: Any) -> None:
        if len(self.stack) >= MAXIMUM_DEPTH:
            self.refuse("too-deep", event.start_mark, f"nested deeper than {MAXIMUM_DEPTH} levels", "")
        self.stack.append(_Frame(event.start_mark, is_mapping=type(event) is MappingStartEvent))

    def add(self, node: Node) -> None:
        if not self.stack:
            self.documents.append(node)
            return
        frame = self.stack[-1]
        if not frame.is_mapping:
            frame.elements.append(node)
        elif frame.key is None:
            frame.key = self.checked_key(node, frame)
        else:
            key = frame.key
            frame.entries[key.text] = node._replace(key_line=key.line, key_column=key.column)
            frame.key = None

    def checked_key(self, key: Node, frame: "_Frame") -> Node:
        if not isinstance(key.value, str):
            self.problems.error("broken-yaml", key.place(), f"expected a name as key, found {key.shape}")
            raise _RefusedError
        if key.value == "<<" and not key.style:
            self.problems.error("alias", key.place(), "found the YAML merge key <<", hint="say it with `inherits`")
            raise _RefusedError
        if key.value in frame.entries:
            first = frame.entries[key.value]
            message = f'the key "{key.value}" stands here again, first on line {first.key_line}; the last one counts'
            self.problems.warning("duplicate-key", key.place(key.value), message)
        return key

    def refuse(self, code: str, mark: Any, message: str, hint: str) -> None:
        self.problems.error(code, Place(file=self.file, line=mark.line + 1, column=mark.column + 1), message, hint=hint)
        raise _RefusedError


class _Frame:
    """A mapping or list that is still open."""

    __slots__ = ("elements", "entries", "is_mapping", "key", "mark")

    def __init__(self, mark: Any, *, is_mapping: bool) -> None:
        self.mark = mark
        self.is_mapping = is_mapping
        self.key: Node | None = None
        self.entries: dict[str, Node] = {}
        self.elements: list[Node] = []

    def node(self, file: str) -> Node:
        value = self.entries if self.is_mapping else tuple(self.elements)
        return Node(value, "", file, self.mark.line + 1, self.mark.column + 1)
