"""A definition against the table of keys: unknown keys, wrong types, missing keys. All of it is found, nothing raised."""

from collections.abc import Callable, Mapping
from typing import Final

from provisioner.errors import Problems, nearest
from provisioner.package import scalars
from provisioner.package.keys import Key, Section, Type, section
from provisioner.package.nodes import Node
from provisioner.units import Money, parse_bytes, parse_cpu, parse_duration, parse_gib

_NOUNS: Final[Mapping[Type, str]] = {
    "section": "a mapping",
    "names": "a mapping",
    "sections": "a list",
    "list": "a list",
    "list or names": "a list or a mapping",
    "text or list": "text or a list",
    "text": "text",
    "code": "ArrowScript",
    "int": "a whole number",
    "number": "a number",
    "bool": "true or false",
    "port": "a port number from 1 to 65535",
    "mode": "permission bits such as 0644",
    "cpu": "a number of CPUs such as 2, 0.5 or 500m",
    "memory": "an amount of memory such as 4GiB",
    "disk": "a disk size such as 30GiB",
    "duration": "a duration such as 30s or 5m",
    "money": 'an amount such as "400 USD"',
}
_ALWAYS_KNOWN: Final = ("defines", "inherits", "description", "metadata")


def validate(node: Node, kind: str, name: str, problems: Problems) -> None:
    """Check a definition as it was written. Unknown keys are errors in a blueprint, warnings elsewhere."""
    _section(node, section(kind), name, problems)


def require(node: Node, kind: str, name: str, problems: Problems) -> None:
    """Check that a definition, inheritance applied, has every required key."""
    _required(node, section(kind), name, problems)


def check_scalar(key: Key, text: str) -> None:
    """Raise `ValueError` where a scalar's text is not of its key's type."""
    if key.choices and text not in key.choices:
        hint = nearest(text, key.choices)
        raise ValueError(f'expected {_one_of(key.choices)}, found "{text}"' + (f"; did you mean {hint}?" if hint else ""))
    if key.type in _PARSERS:
        _PARSERS[key.type](text)


def port(text: str) -> int:
    """A port number; `ValueError` outside 1 to 65535."""
    try:
        number = scalars.to_int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= 65535:
        raise ValueError(f'expected a port number from 1 to 65535, found "{text}"')
    return number


def natural(text: str) -> int:
    """A whole number that is not negative."""
    number = scalars.to_int(text)
    if number < 0:
        raise ValueError(f'expected a whole number, 0 or more, found "{text}"')
    return number


_PARSERS: Final[Mapping[Type, Callable[[str], object]]] = {
    "int": natural,
    "number": scalars.to_float,
    "bool": scalars.to_bool,
    "port": port,
    "mode": scalars.to_int,
    "cpu": parse_cpu,
    "memory": parse_bytes,
    "disk": parse_gib,
    "duration": parse_duration,
    "money": Money.parse,
}


def _section(node: Node, table: Section, path: str, problems: Problems) -> None:
    for name, value in node.entries.items():
        here = f"{path}/{name}"
        known = table.keys.get(name.partition("!")[0]) or table.each
        if known is None:
            if name not in _ALWAYS_KNOWN:
                _unknown(value, name, table, here, problems)
        elif known.key is not None:
            _value(value, known, known.key, here, problems)


def _unknown(value: Node, name: str, table: Section, path: str, problems: Problems) -> None:
    close = nearest(name, table.keys)
    message = f'unknown key "{name}"; known here: {", ".join(sorted(table.keys)) or "none"}'
    report = problems.error if table.strict else problems.warning
    report("unknown-key", value.key_place(path), message, hint=f"did you mean {close}?" if close else "")


def _value(node: Node, table: Section, key: Key, path: str, problems: Problems) -> None:
    if node.is_arrow or node.is_empty:
        return
    if not _fits(node, key.type):
        problems.error("wrong-type", node.place(path), f"expected {_NOUNS.get(key.type, 'a value')}, found {node.shape}")
    elif isinstance(node.value, dict):
        if table.keys or table.each or key.type == "section":
            _section(node, table, path, problems)
    elif isinstance(node.value, str):
        try:
            check_scalar(key, node.value)
        except ValueError as error:
            problems.error("wrong-type", node.place(path), str(error))


def _fits(node: Node, type: Type) -> bool:
    if type == "any":
        return True
    if isinstance(node.value, dict):
        return type in ("section", "names", "list or names")
    if isinstance(node.value, tuple):
        return type in ("sections", "list", "list or names", "text or list")
    return type not in ("section", "names", "sections", "list", "list or names")


def _one_of(words: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _required(node: Node, table: Section, path: str, problems: Problems) -> None:
    if not isinstance(node.value, dict):
        return
    for name, known in table.keys.items():
        if known.key is not None and known.key.required and name not in node.entries:
            problems.error("missing-key", node.key_place(path), f'expected the key "{name}": {known.key.doc}; found none')
    for name, value in node.entries.items():
        below = table.keys.get(name) or table.each
        if below is not None:
            _required(value, below, f"{path}/{name}", problems)
