"""Which references lead somewhere: inherits, connections, what is waited for, members."""

from collections.abc import Iterator, Sequence

from corpus_table import Table

from provisioner.package import Catalog
from provisioner.package.nodes import Node
from provisioner.resolve.reference import find


def references(catalog: Catalog, names: Sequence[str], table: Table) -> None:
    """Every reference as it is written, inherited ones not counted again."""
    for name in names:
        definition = catalog.definitions[name]
        for row, node, but in _written(definition.node, name):
            found = find(catalog, node.text, definition.namespace, but=but) if not node.is_arrow else None
            outcome = "computed" if node.is_arrow else "resolved" if found else "missing"
            table.count(row, outcome, f"{node.place(name)}: {node.text}")


def _written(node: Node, name: str) -> Iterator[tuple[str, Node, str]]:
    """Row of the table, the scalar, and the definition that it cannot mean."""
    yield from (("inherits", below, path) for path, below in _inherits(node, name))
    entries = node.entries
    for connection in _entries(entries.get("connections")):
        wanted = connection.entries.get("runnable") or connection.entries.get("target")
        if wanted is not None and wanted.text:
            yield "connections", wanted, ""
    wait = _entry(_entry(_entry(node, "depends"), "wait-for"), "runnables")
    yield from (("depends", element, "") for element in (wait.elements if wait else ()) if element.text)
    for key in ("runnable-list", "members"):
        yield from (("members", element, "") for element in (entries[key].elements if key in entries else ()) if element.text)


def _inherits(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    for key, below in node.entries.items():
        if key == "inherits" and below.text:
            yield path, below
        yield from _inherits(below, f"{path}/{key}")


def _entries(node: Node | None) -> list[Node]:
    return list(node.entries.values()) if node else []


def _entry(node: Node | None, key: str) -> Node | None:
    return node.entries.get(key) if node else None
