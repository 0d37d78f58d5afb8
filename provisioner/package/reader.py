"""YAML text to nodes, in one pass over the parser's events and in bounded time and memory.

Everything MonkScript needs and YAML libraries throw away is kept: the scalar's source text, its style, its place.
Aliases and merge keys are refused (packages use `inherits`), so a document is never larger than its text.
"""

from collections.abc import Callable
from typing import Any, NoReturn, cast

import yaml
from yaml.events import AliasEvent, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent
from yaml.reader import ReaderError

from provisioner.errors import Place, Problems
from provisioner.package.limits import MAXIMUM_BYTES, MAXIMUM_DEPTH, MAXIMUM_NAME, MAXIMUM_NODES
from provisioner.package.nodes import Node


def read(text: str, file: str, problems: Problems) -> tuple[Node, ...]:
    """The documents of one YAML text, empty ones left out; none where it is broken, which `problems` then tells."""
    if len(text) > MAXIMUM_BYTES:
        problems.error("file-too-large", Place(file=file), f"expected at most {MAXIMUM_BYTES} bytes, found more")
        return ()
    text = text.removeprefix("\ufeff")
    try:
        documents = _Builder(file, problems).build(_events(text))
    except _RefusedError:
        return ()
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark or error.context_mark
        place = Place(file=file, line=mark.line + 1, column=mark.column + 1) if mark else Place(file=file)
        context = f" {error.context}" if error.context else ""
        problems.error("broken-yaml", place, f"not valid YAML{context}: {error.problem}", hint=_hint(error.problem or ""))
    except ReaderError as error:
        message = f"not valid YAML: the character {error.character:#x} is not allowed"
        problems.error(
            "broken-yaml", _byte_place(text, file, error.position), message, hint="write it as an escape in double quotes"
        )
    except UnicodeEncodeError as error:
        message = "not valid YAML: half of a character (a lone surrogate)"
        problems.error("broken-yaml", _byte_place(text, file, len(text[: error.start].encode())), message)
    else:
        return tuple(document for document in documents if not document.is_empty)
    return ()


class _RefusedError(Exception):
    """Reading stops: the reason is among the problems."""


def _events(text: str) -> Callable[[], Any]:
    """Gives the next event, and None after the last."""
    loader: Any = yaml.CLoader if yaml.__with_libyaml__ else yaml.Loader
    parser = loader(text)
    return parser.get_event


def _hint(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return 'quote a value that holds ": "'
    if "cannot start any token" in problem:
        return "indent with spaces, and quote a value that starts with a special character"
    return ""


def _byte_place(text: str, file: str, position: int) -> Place:
    """The place of a byte of the text."""
    before = text.encode("utf-8", "replace")[:position].decode("utf-8", "replace")
    return Place(file=file, line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))


class _Builder:
    """Builds nodes with a stack of its own, so that nesting never meets Python's recursion limit.

    The open collection is `entries` (a mapping's, waiting for a key or for the value of `key`) or `elements` (a list's). One long
    function, with nodes made directly as tuples: it runs once for every scalar of every package.
    """

    def __init__(self, file: str, problems: Problems) -> None:
        self.file = file
        self.problems = problems

    def build(self, get_event: Callable[[], Any]) -> list[Node]:  # noqa: C901, PLR0912 - one step of the loop costs a microsecond
        make = cast("Any", tuple.__new__)  # pyright: ignore[reportUnknownMemberType]
        file = self.file
        documents: list[Node] = []
        stack: list[Any] = []
        entries: dict[str, Node] | None = None
        elements: list[Node] = documents
        key: str | None = None
        key_line = key_column = count = 0
        while (event := get_event()) is not None:
            kind = event.__class__
            if kind is ScalarEvent:
                mark = event.start_mark
                line, column = mark.line + 1, mark.column + 1
                if entries is None:
                    elements.append(make(Node, (event.value, event.style or "", file, line, column, 0, 0)))
                elif key is None:
                    name: str = event.value
                    key, key_line, key_column = name, line, column
                    if name in entries or name == "<<" or len(name) > MAXIMUM_NAME:
                        self.questionable_key(name, event, entries)
                    continue
                else:
                    entries[key] = make(Node, (event.value, event.style or "", file, line, column, key_line, key_column))
                    key = None
                count += 1
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                mark = event.start_mark
                is_mapping = kind is MappingStartEvent
                if entries is not None and key is None:
                    self.refuse("broken-yaml", mark, f"expected a name as key, found {'a mapping' if is_mapping else 'a list'}")
                if len(stack) >= MAXIMUM_DEPTH:
                    self.refuse("too-deep", mark, f"nested deeper than {MAXIMUM_DEPTH} levels")
                stack.append((entries, elements, key, key_line, key_column, mark.line + 1, mark.column + 1))
                entries, elements, key = ({} if is_mapping else None), [], None
                count += 1
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                value = tuple(elements) if entries is None else entries
                entries, elements, key, key_line, key_column, line, column = stack.pop()
                if entries is None:
                    elements.append(make(Node, (value, "", file, line, column, 0, 0)))
                else:
                    entries[key] = make(Node, (value, "", file, line, column, key_line, key_column))  # type: ignore[index]
                    key = None
            elif kind is AliasEvent:
                self.refuse("alias", event.start_mark, f"found the YAML alias *{event.anchor}", "say it with `inherits`")
            if count > MAXIMUM_NODES:
                self.refuse("file-too-large", event.start_mark, f"expected at most {MAXIMUM_NODES} values in a file, found more")
        return documents

    def questionable_key(self, key: str, event: Any, entries: dict[str, Node]) -> None:
        """A merge key, or a very long one, is refused; a key that stands there already is told, and the last one counts."""
        if len(key) > MAXIMUM_NAME:
            self.refuse("name-too-long", event.start_mark, f"expected a key of at most {MAXIMUM_NAME} characters, found more")
        if key == "<<" and not event.style:
            self.refuse("alias", event.start_mark, "found the YAML merge key <<", "say it with `inherits`")
        if key in entries:
            message = f'the key "{key}" stands here again, first on line {entries[key].key_line}; the last one counts'
            mark = event.start_mark
            place = Place(file=self.file, line=mark.line + 1, column=mark.column + 1, path=key)
            self.problems.warning("duplicate-key", place, message)

    def refuse(self, code: str, mark: Any, message: str, hint: str = "") -> NoReturn:
        self.problems.error(code, Place(file=self.file, line=mark.line + 1, column=mark.column + 1), message, hint=hint)
        raise _RefusedError
