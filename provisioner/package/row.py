"""One row of the table of keys: what may stand at one path of a definition."""

from dataclasses import dataclass
from typing import Literal

Type = Literal[
    "section",  # a mapping with the keys of this table
    "names",  # a mapping from names the user chooses
    "sections",  # a mapping with the keys of this table, or a list of such mappings
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
