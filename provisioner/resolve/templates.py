"""Go's `text/template` as packages use it: `v "name"`, `var "name"`, `if`, `else`, `end`, and `not`, `eq`, `ne` in conditions.

Anything else is refused with its line, and `raw: true` as the way out, never passed on half rendered.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from provisioner.resolve.model import Later, Text
from provisioner.script.values import Value, is_unknown, join, to_text

Lookup = Callable[[str, bool], Value]
"""A variable's value by name; the flag says that it is only asked whether it is set."""

_CLOSING: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"|`[^`]*`|\}\}", re.DOTALL)
_COMMENT: Final = re.compile(r"(?:-\s+)?/\*")
_TRIMS_LEFT: Final = re.compile(r"-\s")
_TRIMS_RIGHT: Final = re.compile(r"\s-$")
_WORD: Final = re.compile(r"\s*(\"(?:[^\"\\]|\\.)*\"|`[^`]*`|[A-Za-z]+|-?\d+|[()]|\S)")
LONGEST: Final = 1000
"""Characters of one action."""
LARGEST: Final = 4 * 2**20
"""Characters of one rendered file."""
MAXIMUM_DEPTH: Final = 32


class TemplateError(ValueError):
    """The template cannot be rendered; `line` counts from 1 in its text."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(slots=True)
class _Branch:
    """An open `if`: is this branch shown, has one been shown already, is what is around it shown."""

    shown: bool
    done: bool
    around: bool
    line: int


def render(template: str, lookup: Lookup) -> Text:
    """The text with every action replaced. Raises `TemplateError`, and whatever `lookup` raises."""
    return _Renderer(template, lookup).render()


class _Renderer:
    def __init__(self, template: str, lookup: Lookup) -> None:
        self.template = template
        self.lookup = lookup
        self.branches: list[_Branch] = []
        self.pieces: list[Value] = []
        self.size = 0
        self.line = 1

    @property
    def shown(self) -> bool:
        return all(branch.shown for branch in self.branches)

    def render(self) -> Text:
        template, at, trim = self.template, 0, False
        while (start := template.find("{{", at)) >= 0:
            self.line += template.count("\n", at, start)
            end = self.end(start + 2)
            source = template[start + 2 : end]
            self.literal(template[at:start], left=trim, right=_TRIMS_LEFT.match(source) is not None)
            trim = _TRIMS_RIGHT.search(source) is not None
            self.action(_TRIMS_RIGHT.sub("", _TRIMS_LEFT.sub("", source)).strip())
            self.line += template.count("\n", start, end)
            at = end + 2
        self.literal(template[at:], left=trim, right=False)
        if self.branches:
            raise TemplateError("expected {{ end }} for this {{ if }}", self.branches[-1].line)
        return join(self.pieces)

    def end(self, at: int) -> int:
        """Where the action that begins at `at` closes: braces in its texts do not count, nor anything in a comment."""
        comment = _COMMENT.match(self.template, at)
        if comment:
            end = self.template.find("}}", self.template.find("*/", comment.end()))
            if end < 0:
                raise self.error("expected a closing */}}")
            return end
        for match in _CLOSING.finditer(self.template, at, at + LONGEST):
            if match[0] == "}}":
                return match.start()
        raise self.error(f"expected a closing }}}} within {LONGEST} characters")

    def literal(self, text: str, *, left: bool, right: bool) -> None:
        if self.shown:
            text = text.lstrip() if left else text
            self.put(text.rstrip() if right else text)

    def put(self, piece: Value) -> None:
        """Add to the output, and refuse one that is larger than a host could want."""
        self.size += len(str(piece))
        if self.size > LARGEST:
            raise self.error(f"the rendered file is larger than {LARGEST // 2**20} MiB")
        self.pieces.append(piece)

    def action(self, source: str) -> None:
        if source.startswith("/*") or not source:
            return
        words = _words(source)
        if words[0] == "if":
            self.open(words[1:])
        elif words[0] == "else":
            self.alternative(words[1:])
        elif words == ["end"]:
            if not self.branches:
                raise self.error("{{ end }} without {{ if }}")
            self.branches.pop()
        elif self.shown:
            self.put(to_text(self.value(words, asking=False)))

    def open(self, condition: list[str]) -> None:
        if len(self.branches) >= MAXIMUM_DEPTH:
            raise self.error(f"nested deeper than {MAXIMUM_DEPTH} levels")
        around = self.shown
        holds = around and self.holds(condition)
        self.branches.append(_Branch(shown=holds, done=holds, around=around, line=self.line))

    def alternative(self, rest: list[str]) -> None:
        if not self.branches:
            raise self.error("{{ else }} without {{ if }}")
        branch = self.branches[-1]
        is_candidate = branch.around and not branch.done
        if rest and rest[0] != "if":
            raise self.error(f"expected {{{{ else }}}} or {{{{ else if … }}}}, found {{{{ else {' '.join(rest)} }}}}")
        branch.shown = is_candidate and (not rest or self.holds(rest[1:]))
        branch.done = branch.done or branch.shown

    def holds(self, words: list[str]) -> bool:
        """Go's truth: false, 0, nil and what is empty are false. A secret is taken to be set."""
        value = self.value(words, asking=True)
        if isinstance(value, Later):
            raise self.error(f"a condition needs a value known before the deploy, found {value}")
        return True if is_unknown(value) else bool(value)

    def value(self, words: list[str], *, asking: bool) -> Value:
        value, rest = self.term(words, asking=asking)
        if rest:
            raise self.unsupported(" ".join(words))
        return value

    def term(self, words: list[str], *, asking: bool) -> tuple[Value, list[str]]:
        """One term at the start of `words`, and what follows it."""
        if not words:
            raise self.error("expected a value")
        word, rest = words[0], words[1:]
        if word == "(":
            value, rest = self.term(rest, asking=asking)
            if rest[:1] != [")"]:
                raise self.error("expected a closing )")
            return value, rest[1:]
        if word in ("v", "var") and rest and rest[0][0] in '"`':
            return self.lookup(_string(rest[0]), asking), rest[1:]
        if word == "not":
            value, rest = self.term(rest, asking=asking)
            return not value, rest
        if word in ("eq", "ne"):
            first, rest = self.term(rest, asking=asking)
            second, rest = self.term(rest, asking=asking)
            return (first == second) is (word == "eq"), rest
        return self.constant(word, words), rest

    def constant(self, word: str, words: list[str]) -> Value:
        if word[0] in '"`':
            return _string(word)
        if word in ("true", "false"):
            return word == "true"
        if word.lstrip("-").isdigit() and len(word) < 19:
            return int(word)
        raise self.unsupported(" ".join(words))

    def unsupported(self, source: str) -> TemplateError:
        return self.error(f'expected v "name", if, else or end, found {{{{ {source} }}}}')

    def error(self, message: str) -> TemplateError:
        return TemplateError(message, self.line)


@lru_cache(maxsize=1024)
def _short_words(source: str) -> list[str]:
    return _WORD.findall(source)


def _words(source: str) -> list[str]:
    """The words of an action; packages use the same few again and again."""
    return _short_words(source) if len(source) < 100 else _WORD.findall(source)


def _string(word: str) -> str:
    if word[0] == "`":
        return word[1:-1]
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), word[1:-1])
