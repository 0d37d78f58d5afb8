"""Sections whose entries the user names."""

from collections.abc import Iterable
from typing import Final

from provisioner.package.nodes import Node

NOISE: Final = frozenset({"defines", "inherits"})
"""Old packages write `defines: services` at the head of a section; it names nothing."""


def named(node: Node | None) -> Iterable[tuple[str, Node]]:
    """The named entries of a section."""
    entries = node.entries if node else {}
    if NOISE.isdisjoint(entries):
        return entries.items()
    return [(name, entry) for name, entry in entries.items() if name not in NOISE or isinstance(entry.value, dict)]
