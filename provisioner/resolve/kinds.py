"""What a definition is, after inheritance."""

from typing import Final

from provisioner.package.catalog import Catalog
from provisioner.package.keys import kinds, section
from provisioner.package.nodes import Node
from provisioner.resolve.reference import find

GROUPS: Final = ("group", "process-group")
RUNNABLES: Final = ("runnable", "service")
INSTANCE: Final = "instance"
BASE: Final = "base"

_LABELS: Final = ("metadata", "file", "action", "variables", "containers", "plugin")
"""Words that `defines:` holds on nested sections of old packages; on a definition they make nothing that runs."""


def is_outside(node: Node, kind: str) -> bool:
    """Is it a `service` without containers, which stands for something that runs elsewhere? There is nothing to run for it."""
    containers = node.entries.get("containers")
    return kind == "service" and (containers is None or not containers.entries)


def kind_of(node: Node, namespace: str, catalog: Catalog) -> str:
    """`runnable`, `group`, `blueprint`, `entity`, …; `instance` of an entity; `base`: no `defines`; "": an unknown word."""
    word = node.entries["defines"].text if "defines" in node.entries else ""
    if not word:
        return BASE
    if word in kinds() or word in _LABELS:
        return word
    if "/" in word or find(catalog, word, namespace):
        return INSTANCE
    return ""


def table_kind(node: Node, kind: str) -> str:
    """Whose rows of the table a definition is checked against: its kind's; for a base, those that know most of its keys."""
    if kind != BASE:
        return kind
    return max(
        ("runnable", "group", "blueprint", "entity"), key=lambda word: len(section(word).keys.keys() & node.entries.keys())
    )
