"""The reference page of the keys, and the schema with which editors complete and check packages: both from the table of keys.

python -m provisioner.package.reference          writes both into `docs/reference`
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from provisioner.package.keys import ALIASES, rows
from provisioner.package.limits import MAXIMUM_BYTES, MAXIMUM_DEPTH, MAXIMUM_EMBEDDED, MAXIMUM_NODES
from provisioner.package.manifest import DIRECTIVES
from provisioner.package.row import Key
from provisioner.package.schema import schema
from provisioner.package.types import NOUNS

KINDS: Final[Mapping[str, str]] = {
    "blueprint": "The machines, disks, network and names that a platform needs, and what runs on them.",
    "runnable": "Containers that run together on one host. A base, which has no `defines` and is inherited, has the same keys.",
    "group": "What runs together.",
    "entity": "A custom resource: a schema and lifecycle scripts. An instance, `defines: ns/type`, has the schema's properties.",
    "module": "Code that entities share.",
}

_HEAD: Final = """\
# Keys of a package

Written from the table of keys (`provisioner/package/sections`) by `python -m provisioner.package.reference`; a test compares.
Editors take the same table as a JSON Schema: `schemas/monkscript.json`.

A file is a mapping: `namespace: NAME`, then definitions, each named `namespace/key` and each of the kind that its `defines` says.
`*` stands for names that you choose. Every value may be an ArrowScript expression, `<- …`. Unknown keys are errors in a blueprint
and warnings elsewhere. A value's type is the one given here, whatever YAML would make of it: `mode: 0644` is octal, `restart: no`
is text.
"""


def page() -> str:
    """The reference page, Markdown."""
    parts = [_HEAD, *_kinds(), "## MANIFEST\n\n", *_manifest(), "\n## Limits\n\n", _limits()]
    return "".join(parts)


def _kinds() -> Iterator[str]:
    common = {key.path for key in rows("module")} & {key.path for key in rows("group")}
    yield "\n## Every kind\n\n"
    yield from _table([key for key in rows("module") if key.path in common])
    for kind, about in KINDS.items():
        also = [word for word, of in ALIASES.items() if of == kind]
        words = " or ".join(f"`defines: {word}`" for word in (kind, *also))
        yield f"\n## {kind.capitalize()}\n\n{words}. {about}\n\n"
        yield from _table([key for key in rows(kind) if key.path not in common])
    yield "\n"


def _table(keys: list[Key]) -> Iterator[str]:
    yield "| key | type | default | |\n| --- | --- | --- | --- |\n"
    for key in keys:
        default = "**required**" if key.required else f"`{key.default}`" if key.default else ""
        yield f"| `{key.path}` | {_type(key)} | {default} | {key.doc} |\n"


def _type(key: Key) -> str:
    if key.choices:
        return " ".join(f"`{word}`" for word in key.choices)
    noun = NOUNS.get(key.type, "any value")
    bounds = f", {key.within[0]} to {key.within[1]}" if key.within else ""
    return f"a name in `{key.names}`" if key.names else f"{noun}{bounds}"


def _manifest() -> Iterator[str]:
    yield "One directive a line, words apart by white space, in any case; `#` starts a comment. "
    yield "Unknown lines are ignored, with a note.\n\n"
    yield "| directive | |\n| --- | --- |\n"
    for directive, doc in DIRECTIVES.items():
        yield f"| `{directive}` | {doc} |\n"


def _limits() -> str:
    return (
        f"One file: {MAXIMUM_BYTES // 2**20} MiB, {MAXIMUM_NODES:,} values, {MAXIMUM_DEPTH} levels. "
        f"One embedded file: {MAXIMUM_EMBEDDED // 2**20} MiB. Aliases and merge keys of YAML are refused.\n"
    )


def documents() -> Mapping[str, str]:
    """Both documents by their path under `docs/reference`."""
    return {"keys.md": page(), "schemas/monkscript.json": json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"}


def _write() -> None:
    folder = Path(__file__).parents[2] / "docs" / "reference"
    for name, text in documents().items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    _write()
