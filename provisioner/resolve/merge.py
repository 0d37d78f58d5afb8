"""One definition over another, as MonkScript merges: mappings key by key, lists index by index, the child's scalars win."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from provisioner.package.nodes import Node

MAXIMUM_ELEMENTS: Final = 10_000

_NUMBERED: Final = re.compile(r"(.+)!(\d{1,5})")
_DECLARATION: Final = frozenset({"type", "value", "env", "required", "description"})


def merge(base: Node, own: Node, section: str = "") -> Node:
    """`own` over `base`. A list's tail survives; under `variables` a shorthand value keeps the base's `type` and `env`."""
    if own.is_empty:
        return base._replace(key_line=own.key_line or base.key_line, key_column=own.key_column or base.key_column)
    if isinstance(base.value, dict) and isinstance(own.value, dict):
        return own._replace(value=_merged(base.value, own.value, section))
    if isinstance(base.value, tuple) and isinstance(own.value, tuple):
        return own._replace(value=_by_index(base.value, own.value))
    return own


def is_declaration(node: Node) -> bool:
    """Is a variable's mapping a declaration (`type`, `value`, `env`, …), not an object as its value?"""
    return isinstance(node.value, dict) and not _DECLARATION.isdisjoint(node.value)


def size(node: Node) -> int:
    """How many values a tree holds."""
    value = node.value
    if isinstance(value, str):
        return 1
    return 1 + sum(map(size, value.values() if isinstance(value, dict) else value))


def fold(node: Node) -> Node:
    """`key!N` entries as element N of the list `key`. A number beyond the list's end is left as it is."""
    return node._replace(value=_folded(node.value)) if isinstance(node.value, dict) else node


def unfolded(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    """Every `key!N` that found no place in a list, with its path."""
    for key, below in node.entries.items():
        if _NUMBERED.fullmatch(key):
            yield f"{path}/{key}", below
        yield from unfolded(below, f"{path}/{key}")
    for index, element in enumerate(node.elements):
        yield from unfolded(element, f"{path}/{index}")


def _folded(written: Mapping[str, Node]) -> dict[str, Node]:
    entries = dict(written)
    for key in sorted((key for key in entries if "!" in key), key=_order):
        match = _NUMBERED.fullmatch(key)
        held = entries.get(match[1]) if match else None
        elements = () if held is None else held.elements
        if match is None or (held is not None and not isinstance(held.value, tuple)) or int(match[2]) > len(elements):
            continue
        element = entries.pop(key)
        index = int(match[2])
        merged = merge(elements[index], element) if index < len(elements) else element
        entries[match[1]] = (held or element)._replace(value=(*elements[:index], merged, *elements[index + 1 :]), style="")
    return entries


def _order(key: str) -> tuple[str, int]:
    match = _NUMBERED.fullmatch(key)
    return (match[1], int(match[2])) if match else (key, 0)


def _merged(base: Mapping[str, Node], own: Mapping[str, Node], section: str) -> dict[str, Node]:
    entries = dict(base)
    for key, node in own.items():
        if key not in base:
            entries[key] = node
        elif section == "variables":
            entries[key] = _variable(base[key], node)
        else:
            entries[key] = merge(base[key], node, key if section == "definition" else "")
    return _folded(entries) if any("!" in key for key in own) else entries


def _variable(base: Node, own: Node) -> Node:
    if is_declaration(base) and not isinstance(own.value, dict):
        return base._replace(
            value={**base.entries, "value": own}, key_line=own.key_line, key_column=own.key_column, file=own.file
        )
    if is_declaration(own) and not is_declaration(base) and "value" not in own.entries:
        return own._replace(value={"value": base, **own.entries})
    return merge(base, own)


def _by_index(base: tuple[Node, ...], own: tuple[Node, ...]) -> tuple[Node, ...]:
    common = [merge(one, other) for one, other in zip(base, own, strict=False)]
    return (*common, *base[len(own) :], *own[len(base) :])
