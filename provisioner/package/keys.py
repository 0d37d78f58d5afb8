"""ONE table of every section and key: its type, whether it must be there, its default, one line of documentation.

The rows lie in `sections/`, one file per kind of definition. They drive validation, the reference page and the editor's schema.
A row's path names sections from the definition down, `*` for names that the user chooses: `containers.*.image`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal

Type = Literal[
    "section",  # a mapping with the keys of this table
    "names",  # a mapping from names the user chooses
    "sections",  # a list of sections
    "list",  # a list of scalars
    "list or names",  # `K=V` lines, or a mapping
    "text or list",  # a command line, or its words
    "text",
    "code",  # ArrowScript source
    "int",
    "number",
    "bool",
    "port",  # 1 to 65535
    "mode",  # permission bits
    "cpu",
    "memory",
    "disk",
    "duration",
    "percent",  # 0% to 100%
    "money",
    "cidr",  # an IPv4 address range
    "time",  # a time of day
    "any",
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Key:
    """One row; each is itself alone, so that it is quickly looked up.

    `choices` are the words allowed for a text; empty: any. `within` bounds a number, both ends included. `names` is a section
    of the same definition: this text is one of the names in it.
    """

    path: str
    type: Type
    doc: str
    required: bool = False
    default: str = ""
    choices: tuple[str, ...] = ()
    within: tuple[int, int] | None = None
    names: str = ""


@dataclass(slots=True, kw_only=True)
class Section:
    """The table as a tree: `keys` by name, `each` for names that the user chooses, and for a list's elements.

    `strict`: an unknown key is an error. `required` holds the names of the keys that must be there.
    """

    key: Key | None = None
    keys: dict[str, "Section"] = field(default_factory=dict[str, "Section"])
    each: "Section | None" = None
    strict: bool = False
    required: tuple[str, ...] = ()
    asks: bool = False
    """Is there a required key, or a text that is one of some names, here or below?"""
    free: bool = False
    """Is every scalar right here?"""


def row(  # noqa: PLR0913 - one parameter a column of the table
    path: str,
    type: Type,
    doc: str,
    *,
    required: bool = False,
    default: str = "",
    choices: str = "",
    within: tuple[int, int] | None = None,
    names: str = "",
) -> Key:
    """A row of the table; `choices` are words apart by white space."""
    words = tuple(choices.split())
    return Key(path=path, type=type, doc=doc, required=required, default=default, choices=words, within=within, names=names)


def rows(kind: str) -> tuple[Key, ...]:
    """The rows of one kind of definition (`runnable`, `group`, `blueprint`, `entity`, `module`); none for an unknown kind."""
    return _table().get(ALIASES.get(kind, kind), ())


@cache
def section(kind: str) -> Section:
    """The tree of one kind's rows. A kind without rows of its own takes anything."""
    own = rows(kind)
    top = Section(strict=kind == "blueprint")
    for key in own:
        _place(top, key)
    if not own:
        top.each = Section(key=Key(path="*", type="any", doc=""))
    _note_required(top)
    return top


def kinds() -> tuple[str, ...]:
    """Every word that `defines:` knows."""
    return (*_table(), *ALIASES)


FREE: Final = ("any", "text", "code", "text or list")
"""Types that every scalar is of."""

ALIASES: Mapping[str, str] = {"process-group": "group", "service": "runnable"}
"""Words of `defines:` that mean the same as another."""


@cache
def _table() -> dict[str, tuple[Key, ...]]:
    from provisioner.package.sections import blueprint, common, entity, group, runnable

    return {
        "runnable": (*common.ROWS, *runnable.ROWS),
        "group": (*common.ROWS, *group.ROWS),
        "blueprint": (*common.ROWS, *blueprint.ROWS),
        "entity": (*common.ROWS, *entity.ROWS),
        "module": (*common.ROWS, *entity.MODULE_ROWS),
    }


def _place(top: Section, key: Key) -> None:
    at = top
    for step in key.path.split("."):
        if step == "*":
            at.each = at.each or Section(strict=top.strict)
            at = at.each
        else:
            at = at.keys.setdefault(step, Section(strict=top.strict))
    at.key = key


def _note_required(at: Section) -> bool:
    """Fill `required` and `asks`, so that checking a definition looks only where something must be."""
    at.required = tuple(name for name, below in at.keys.items() if below.key is not None and below.key.required)
    below = [*at.keys.values(), *((at.each,) if at.each else ())]
    at.free = at.key is not None and at.key.type in FREE and not at.key.choices
    asking = [one for one in below if _note_required(one)]
    at.asks = bool(asking or at.required or (at.key is not None and at.key.names))
    return at.asks
