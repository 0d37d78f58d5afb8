"""Sections whose entries the user names."""

from collections.abc import Iterator
from typing import Final

from provisioner.package.nodes import Node

NOISE: Final = ("defines", "inherits")
"""Old packages write `defines: services` at the head of a section; it names nothing."""


def named(node: Node | None) -> Iterator[tuple[str, Node]]:
    """The named entries of a section."""
    for name, entry in node.entries.items() if node else ():
        if name not in NOISE or isinstance(entry.value, dict):
            yield name, entry
