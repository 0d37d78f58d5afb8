"""A definition against the table of keys: unknown keys, wrong types, missing keys. All of it is found, nothing raised."""

from collections.abc import Mapping
from typing import Final

from provisioner.errors import Problems, nearest
from provisioner.package.keys import Section, section
from provisioner.package.nodes import Node
from provisioner.package.row import Key, Type
from provisioner.package.types import NOUNS, check_scalar, natural, port

__all__ = ["check_scalar", "natural", "port", "require", "validate"]

_ALWAYS_KNOWN: Final = ("defines", "inherits", "description", "metadata")
_LABELS: Final = ("defines", "inherits")
"""What a section may hold besides the names that the user chooses: old packages label their sections."""


def validate(node: Node, kind: str, name: str, problems: Problems) -> None:
    """Check a definition as it was written. Unknown keys are errors in a blueprint, warnings elsewhere."""
    _section(node, section(kind), name, problems)


def require(node: Node, kind: str, name: str, problems: Problems) -> None:
    """Check that a definition, inheritance applied, has every required key, and that names within it are there."""
    _required(node, section(kind), name, node, problems)


def _section(node: Node, table: Section, path: str, problems: Problems) -> None:
    keys, each = table.keys, table.each
    for name, value in node.entries.items():
        known = keys.get(name) or (None if name in _LABELS else each)
        if known is not None and known.free and isinstance(value.value, str):
            continue
        if known is None:
            stem, number, _ = name.partition("!")
            known = keys.get(stem) if number else None
            if known is not None and known.key is not None:
                _element(value, known, known.key, f"{path}/{name}", problems)
            elif name not in _ALWAYS_KNOWN:
                _unknown(value, name, table, f"{path}/{name}", problems)
        elif known.key is not None:
            _value(value, known, known.key, path, name, problems)


def _unknown(value: Node, name: str, table: Section, path: str, problems: Problems) -> None:
    close = nearest(name, table.keys)
    message = f'unknown key "{name}"; known here: {", ".join(sorted(table.keys)) or "none"}'
    report = problems.error if table.strict else problems.warning
    report("unknown-key", value.key_place(path), message, hint=f"did you mean {close}?" if close else "")


def _value(node: Node, table: Section, key: Key, above: str, name: str, problems: Problems) -> None:
    value, wanted = node.value, key.type
    if isinstance(value, str):
        if table.free or node.is_arrow or node.is_empty:
            return
        if wanted in _COLLECTIONS:
            _wrong(node, wanted, f"{above}/{name}", problems)
            return
        try:
            check_scalar(key, value)
        except ValueError as error:
            problems.error("wrong-type", node.place(f"{above}/{name}"), str(error))
    elif wanted != "any" and wanted not in (_MAPPINGS if isinstance(value, dict) else _LISTS):
        _wrong(node, wanted, f"{above}/{name}", problems)
    elif isinstance(value, dict):
        if (table.keys or table.each or wanted == "section") and not _is_object(key, value, table):
            _section(node, table, f"{above}/{name}", problems)
    elif wanted != "any" or table.each:
        for index, element in enumerate(value):
            _element(element, table, key, f"{above}/{name}/{index}", problems)


def _is_object(key: Key, value: Mapping[str, Node], table: Section) -> bool:
    """Is a variable's mapping its value? It has none of a declaration's keys, nor one that is nearly spelt so."""
    if key.path != "variables.*":
        return False
    return table.keys.keys().isdisjoint(value) and not any(nearest(name, table.keys) for name in value)


def _element(node: Node, table: Section, key: Key, path: str, problems: Problems) -> None:
    """An element of a list: of the type of its own row (`*`), else text."""
    if table.each is not None and table.each.key is not None:
        above, _, name = path.rpartition("/")
        _value(node, table.each, table.each.key, above, name, problems)
    elif key.type == "sections":
        if isinstance(node.value, dict):
            _section(node, table, path, problems)
        else:
            problems.error("wrong-type", node.place(path), f"expected a mapping, found {node.shape}")
    elif key.type != "any" and not isinstance(node.value, str):
        problems.error("wrong-type", node.place(path), f"expected text, found {node.shape}")


def _wrong(node: Node, type: Type, path: str, problems: Problems) -> None:
    problems.error("wrong-type", node.place(path), f"expected {NOUNS.get(type, 'a value')}, found {node.shape}")


_MAPPINGS: Final = ("section", "sections", "names", "list or names")
_LISTS: Final = ("sections", "list", "list or names", "text or list")
_COLLECTIONS: Final = ("section", "sections", "names", "list", "list or names")


def _required(node: Node, table: Section, path: str, top: Node, problems: Problems) -> None:
    if not table.asks or not isinstance(node.value, dict):
        return
    for name in table.required:
        key = table.keys[name].key
        if key is not None and name not in node.value:
            problems.error("missing-key", node.key_place(path), f'expected the key "{name}": {key.doc}; found none')
    for name, value in node.value.items():
        below = table.keys.get(name) or table.each
        if below is None or not below.asks:
            continue
        if below.key is not None and below.key.names:
            _one_of_names(value, below.key.names, f"{path}/{name}", top, problems)
        _required(value, below, f"{path}/{name}", top, problems)


def _one_of_names(node: Node, section: str, path: str, top: Node, problems: Problems) -> None:
    """A text that names an entry of a section of the same definition. Without that section the default one is meant."""
    known = top.entries.get(section)
    if known is None or node.is_arrow or node.is_empty or not isinstance(node.value, str) or node.value in known.entries:
        return
    close = nearest(node.value, known.entries)
    message = f'expected one of `{section}` ({", ".join(known.entries) or "none"}), found "{node.value}"'
    problems.error("missing-reference", node.place(path), message, hint=f"did you mean {close}?" if close else "")
