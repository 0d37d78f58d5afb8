"""ONE table of every section and key: its type, whether it must be there, its default, one line of documentation.

The rows lie in `sections/`, one file per kind of definition. They drive validation, the reference page and the editor's schema.
A row's path names sections from the definition down, `*` for names that the user chooses: `containers.*.image`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from provisioner.package.row import Key


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


@cache
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
