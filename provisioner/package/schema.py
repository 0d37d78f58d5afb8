"""The table of keys as a JSON Schema (draft 2020-12), for editors.

    # yaml-language-server: $schema=PATH/monkscript.json       as the first line of a file, or set in the editor for a folder

Editors read types from YAML, which the project does not: a key that is text here may look like a number or a truth value there.
So texts take whatever YAML makes of them, and every scalar also takes an expression. A definition's kind follows its `defines`.
"""

from collections.abc import Mapping
from typing import Any, Final

from provisioner.package.keys import ALIASES, Section, section
from provisioner.package.row import Key, Type

KINDS: Final = ("blueprint", "group", "runnable", "entity", "module")

_ARROW: Final[Mapping[str, Any]] = {"type": "string", "pattern": "^<-\\s"}
_SCALAR: Final[Mapping[str, Any]] = {"type": ["string", "number", "boolean", "null"]}
_NUMBERS: Final[Mapping[Type, Mapping[str, Any]]] = {
    "int": {"type": "integer", "minimum": 0},
    "number": {"type": "number"},
    "bool": {"type": "boolean"},
    "port": {"type": "integer", "minimum": 1, "maximum": 65535},
    "cpu": {"type": ["number", "string"], "pattern": "^[0-9.]+m?$"},
    "memory": {"type": ["integer", "string"], "pattern": "^[0-9.]+ *[KMGTkmgt]?i?[Bb]?$"},
    "disk": {"type": ["integer", "string"], "pattern": "^[0-9.]+ *[KMGTkmgt]?i?[Bb]?$"},
    "duration": {"type": ["number", "string"], "pattern": "^[0-9.]+ *(ms|[smhd])?$"},
    "percent": {"type": ["integer", "string"], "pattern": "^[0-9]{1,3} *%?$"},
    "cidr": {"type": "string", "pattern": "^[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}$"},
}


def schema() -> Mapping[str, Any]:
    """One schema for a file of definitions."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "MonkScript package",
        "type": "object",
        "required": ["namespace"],
        "properties": {"namespace": {"type": "string", "description": "What the names of the definitions here start with"}},
        "additionalProperties": {"$ref": "#/$defs/definition"},
        "$defs": {"definition": _definition(), **{kind: _object(section(kind)) for kind in KINDS}},
    }


def _definition() -> Mapping[str, Any]:
    words = {kind: [kind, *(word for word, of in ALIASES.items() if of == kind)] for kind in KINDS}
    chosen = [
        {"if": {"required": ["defines"], "properties": {"defines": {"enum": known}}}, "then": {"$ref": f"#/$defs/{kind}"}}
        for kind, known in words.items()
    ]
    base = {"if": {"not": {"required": ["defines"]}}, "then": {"anyOf": [{"$ref": f"#/$defs/{kind}"} for kind in KINDS]}}
    return {"type": "object", "allOf": [*chosen, base]}


def _object(table: Section) -> dict[str, Any]:
    """A mapping. Keys that must be there are not demanded: they may be inherited. `key!N` is element N of a list."""
    found: dict[str, Any] = {"type": ["object", "null"]}
    if table.keys:
        found["properties"] = {name: _property(below) for name, below in table.keys.items()}
    if table.each is not None:
        found["additionalProperties"] = {"anyOf": [_property(table.each), {"type": "string"}]}
    elif table.keys:
        found["properties"] |= {name: {"type": "string"} for name in ("defines", "inherits") if name not in table.keys}
        found["patternProperties"] = {"!": {}}
        found["additionalProperties"] = False
    return found


def _property(table: Section) -> Mapping[str, Any]:
    key = table.key
    if key is None:
        return {}
    described = {"description": key.doc + (f" (default: {key.default})" if key.default else "")}
    return {**described, **_of_type(table, key)}


def _of_type(table: Section, key: Key) -> Mapping[str, Any]:
    if key.type in ("section", "names"):
        return _object(table)
    if key.type == "sections":
        return {"anyOf": [_object(table), {"type": "array", "items": _object(table)}]}
    if key.type == "list":
        element = _property(table.each) if table.each else _SCALAR
        return {"type": ["array", "null"], "items": element}
    return _OF_ANY_SHAPE[key.type] if key.type in _OF_ANY_SHAPE else _scalar(key)


_OF_ANY_SHAPE: Final[Mapping[str, Mapping[str, Any]]] = {
    "list or names": {"type": ["array", "object", "null"]},
    "text or list": {"type": ["string", "array", "null"]},
    "any": {},
}


def _scalar(key: Key) -> Mapping[str, Any]:
    if key.choices:
        # YAML makes `false` of `no`.
        words = [*key.choices, *((False,) if "no" in key.choices else ())]
        return {"anyOf": [{"enum": [*words, None]}, _ARROW]}
    number = dict(_NUMBERS.get(key.type, {}))
    if not number:
        return _SCALAR
    if key.within:
        number |= {"minimum": key.within[0], "maximum": key.within[1]}
    return {"anyOf": [number, {"type": "null"}, _ARROW]}
