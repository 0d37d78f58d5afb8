"""`<<< path`: a scalar that stands for the text of another file of the same package."""

# os.path, as in `discover`.
# ruff: noqa: PTH113, PTH118, PTH120

import hashlib
import os
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from provisioner.errors import Problems
from provisioner.package.files import bounded, is_inside
from provisioner.package.limits import MAXIMUM_EMBEDDED, MAXIMUM_EMBEDDED_TOTAL
from provisioner.package.nodes import EMBEDDED, Node

OUTSIDE: Final = "outside"
"""The digest of what lies outside the package: it is never read."""


class Embedded(NamedTuple):
    """A file that a package embeds, or tried to. `digest` is that of its bytes; `OUTSIDE`, or "" where it cannot be read."""

    path: str
    real: str
    digest: str


@dataclass(slots=True, kw_only=True)
class Embedder:
    """Replaces the embeds of one file. `file` is its path; nothing outside `root`, a path without links, is ever read."""

    file: str
    root: str
    problems: Problems
    found: list[Embedded] = field(default_factory=list[Embedded])
    left: int = MAXIMUM_EMBEDDED_TOTAL

    def tree(self, node: Node, path: str = "") -> Node:
        """The tree with every `<<< path` replaced."""
        value = node.value
        if isinstance(value, str):
            return self._text(node, path) if value[:3] == "<<<" and not node.style else node
        if isinstance(value, tuple):
            elements = tuple(self.tree(element, f"{path}/{at}") for at, element in enumerate(value))
            return node if all(map(_same, elements, value)) else node._replace(value=elements)
        entries = {key: self.tree(below, f"{path}/{key}" if path else key) for key, below in value.items()}
        return node if all(map(_same, entries.values(), value.values())) else node._replace(value=entries)

    def _text(self, node: Node, path: str) -> Node:
        wanted = node.text[3:].strip()
        try:
            text = self._read(wanted)
        except _RefusedError as refusal:
            self.problems.error(refusal.code, node.place(path), str(refusal), hint=refusal.hint)
            text = ""
        return node._replace(value=text, style=EMBEDDED)

    def _read(self, wanted: str) -> str:
        if not wanted:
            raise _RefusedError("embed-missing", "expected the path of a file after <<<, found none")
        path = os.path.join(os.path.dirname(self.file), wanted)
        try:
            real = os.path.realpath(path)
            exists = os.path.isfile(real)
        except ValueError:
            raise _RefusedError("embed-missing", f'expected a file at "{wanted!r}", found none') from None
        if not is_inside(real, self.root):
            self.found.append(Embedded(path, real, OUTSIDE))
            message = f'expected a file inside the package, found "{wanted}"'
            raise _RefusedError("embed-outside", message, "copy the file into the package")
        if not exists:
            self.found.append(Embedded(path, real, ""))
            raise _RefusedError("embed-missing", f'expected a file at "{wanted}", found none')
        return self._decoded(wanted, path, real)

    def _decoded(self, wanted: str, path: str, real: str) -> str:
        try:
            data = bounded(real, MAXIMUM_EMBEDDED)
        except OSError as error:
            self.found.append(Embedded(path, real, ""))
            raise _RefusedError("embed-missing", f'"{wanted}" cannot be read: {error.strerror}') from None
        self.found.append(Embedded(path, real, hashlib.sha256(data).hexdigest()))
        self.left -= len(data)
        if len(data) > MAXIMUM_EMBEDDED:
            raise _RefusedError("embed-too-large", f'"{wanted}" is larger than {MAXIMUM_EMBEDDED} bytes')
        if self.left < 0:
            raise _RefusedError("embed-too-large", f"all embeds of this file exceed {MAXIMUM_EMBEDDED_TOTAL} bytes")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            raise _RefusedError("embed-not-text", f'"{wanted}" is not UTF-8 text') from None


class _RefusedError(Exception):
    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


def _same(one: Node, other: Node) -> bool:
    return one is other


def is_unchanged(embedded: Embedded) -> bool:
    """Would embedding it again find the same? Bytes and whereabouts are compared."""
    path, real, digest = embedded
    if os.path.realpath(path) != real:
        return False
    try:
        return digest == OUTSIDE or hashlib.sha256(bounded(real, MAXIMUM_EMBEDDED)).hexdigest() == digest
    except OSError:
        return digest == ""
