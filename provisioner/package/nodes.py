"""A document as a tree: mappings, lists and scalars that remember where they stand and how they were written.

Nodes are tuples because a folder of packages makes hundreds of thousands of them, and a tuple is the fastest immutable record.
"""

from typing import NamedTuple

from provisioner.errors import Place

EMBEDDED = "<<<"
"""The style of a scalar whose text came out of another file."""


class Node(NamedTuple):
    """`value` is the scalar's source text, a mapping of nodes, or a tuple of nodes; nothing is converted.

    `style` is "" for a plain scalar, one of `'"|>` for a quoted or block scalar, `<<<` for an embedded file.
    `line` and `column` count from 1; `key_line` and `key_column` say where its key is, 0 where it has none.
    """

    value: "str | dict[str, Node] | tuple[Node, ...]"
    style: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    key_line: int = 0
    key_column: int = 0

    @property
    def is_arrow(self) -> bool:
        """Is this an ArrowScript value, `<- …`?"""
        value = self.value
        return isinstance(value, str) and value[:2] == "<-" and value[2:3] in " \n\t" and self.style != EMBEDDED

    @property
    def is_empty(self) -> bool:
        """Was nothing written: `key:` alone, or a plain `null` or `~`?"""
        value = self.value
        return isinstance(value, str) and value in ("", "~", "null", "Null", "NULL") and self.style == ""

    @property
    def text(self) -> str:
        """The scalar's source text; "" for a mapping or list."""
        value = self.value
        return value if isinstance(value, str) else ""

    @property
    def entries(self) -> "dict[str, Node]":
        """The mapping's entries; none for a scalar or list."""
        value = self.value
        return value if isinstance(value, dict) else {}

    @property
    def elements(self) -> "tuple[Node, ...]":
        """The list's elements; none for a scalar or mapping."""
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def shape(self) -> str:
        """What it is, for messages: `text "8080"`, `a mapping`, `a list`, `nothing`."""
        if isinstance(self.value, dict):
            return "a mapping"
        if isinstance(self.value, tuple):
            return "a list"
        if self.is_empty:
            return "nothing"
        return f'"{self.value}"' if len(self.value) <= 60 else f'"{self.value[:57]}…"'

    def place(self, path: str = "") -> Place:
        return Place(file=self.file, line=self.line, column=self.column, path=path)

    def key_place(self, path: str = "") -> Place:
        """Where its key is written; where it has none, its own place."""
        if not self.key_line:
            return self.place(path)
        return Place(file=self.file, line=self.key_line, column=self.key_column, path=path)
