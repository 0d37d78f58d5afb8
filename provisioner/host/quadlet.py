"""Write and read unit files.

A value passes two readers: Quadlet, which splits and unquotes words and writes `ExecStart=podman run …`, and systemd,
which expands `%` specifiers and `$` variables in that line. `word` and `line` escape for both. The one `%` that stays
single is an address slot, `%{address:HOST}`, which the provider fills in when it applies a bundle (`host.delivery`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_SIMPLE: Final = re.compile(r"[A-Za-z0-9_./:=@,+-]+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "%": "%%", "$": "$$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One group of a unit file: `Container` and its `Key=value` lines in order."""

    name: str
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One `key=value` of a unit file as read. `number` is its line, from 1."""

    section: str
    key: str
    value: str
    number: int


def unit_text(sections: Iterable[Section]) -> str:
    """The unit file; sections without lines are left out."""
    return "\n".join(_section_text(section) for section in sections if section.lines)


def word(text: str) -> str:
    """One word of a list of words (Environment, Label, Exec, Secret, …).

    Raises `ValueError` for an empty word, which Quadlet drops, and for a NUL, which no process takes.
    """
    if not text or "\x00" in text:
        raise ValueError(f"expected a word that is not empty and has no NUL characters, found {text!r}")
    if _SIMPLE.fullmatch(text):
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def line(text: str) -> str:
    """The whole of a single value (Image, Volume, PublishPort, User, …), which Quadlet takes as it stands.

    Raises `ValueError` for what cannot be written so: control characters, white space or quotes at the ends, a final backslash.
    """
    if _CONTROL.search(text) or text != text.strip() or text[:1] == '"' or text[-1:] in ('"', "\\"):
        raise ValueError(f"expected one line without quotes, spaces or backslashes at its ends, found {text!r}")
    return text.replace("%", "%%").replace("$", "$$")


def prose(text: str) -> str:
    """A value of `[Unit]` that is no command: only `%` is special there."""
    return " ".join(text.split()).replace("%", "%%")


def _section_text(section: Section) -> str:
    return "".join((f"[{section.name}]\n", *(f"{key}={value}\n" for key, value in section.lines)))


def entries(text: str) -> Iterator[Entry]:
    """Read a unit file. Raises `ValueError` (message, line number) where Quadlet would refuse the file as a whole."""
    section = ""
    for number, logical in _logical_lines(text):
        if not logical or logical[0] in "#;":
            continue
        if logical[0] == "[" and logical[-1] == "]":
            section = logical[1:-1]
            continue
        key, equals, value = logical.partition("=")
        if not equals or not key.strip():
            raise ValueError(f'expected KEY=VALUE, [Group] or a comment, found "{logical}"', number)
        if not section:
            raise ValueError("expected a [Group] before the first key", number)
        yield Entry(section=section, key=key.strip(), value=value.strip(), number=number)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with continuations (a final backslash) joined by a space; comments inside a continuation are passed over."""
    pending: list[str] = []
    start = 0
    for number, raw in enumerate(text.split("\n"), 1):
        if pending and raw.lstrip()[:1] in ("#", ";"):
            continue
        start = start if pending else number
        if raw.endswith("\\") and raw.lstrip()[:1] not in ("#", ";"):
            pending.append(raw[:-1])
            continue
        yield start, " ".join((*pending, raw)).strip()
        pending.clear()
    if pending:
        yield start, " ".join(pending).strip()


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return f"\\x{ord(character):02x}" if character < " " or character == "\x7f" else character
