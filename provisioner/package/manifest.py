"""A package's MANIFEST: one directive a line, words apart by white space, in any case.

Directives that only say who made it (`VERSION`, `AUTHOR`, …) are kept as text; a line that is no directive is a note.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from provisioner.errors import NOWHERE, Place, Problems

DIRECTIVES: Final = {
    "REPO": "the package's label",
    "LOAD": "files to load, in order",
    "DIR": "folders with a MANIFEST of their own",
    "DIRS": "the same as DIR",
    "RESOURCES": "files that `<<<` embeds",
    "ENTRY": "the definition to run: `ns/name`, or `env:ns/name` for one environment",
    "IMAGE": "an image to build: tag, runnables, context, Dockerfile",
    "SECRET": "secrets that the user provides",
    "BLOBS": "source trees shipped with the package, `name:path`",
    "BLOBSIGNORE": "patterns of files that blobs leave out",
    "ENV": "environments",
    "PROVIDER": "the cloud of a package that only has entities",
    "VERSION": "",
    "VERSION_HASH": "",
    "DESCRIPTION": "",
    "TAGS": "",
    "HOSTING": "",
    "AUTHOR": "",
    "FILES": "",
}
"""Every directive with what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`entries` maps an environment ("" for any) to a definition. `texts` holds the directives that only inform."""

    repo: str = ""
    load: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    entries: Mapping[str, str] = field(default_factory=dict[str, str])
    secrets: tuple[str, ...] = ()
    blobs: Mapping[str, str] = field(default_factory=dict[str, str])
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    place: Place = NOWHERE

    @property
    def entry(self) -> str:
        """The definition to run: the one for any environment, else the first."""
        return self.entries.get("", next(iter(self.entries.values()), ""))


def read_manifest(text: str, file: str, problems: Problems) -> Manifest:
    """The manifest in `text`. Nothing in it is fatal: real ones hold stray lines, which become notes."""
    words: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        directive, _, rest = line.strip().partition(" ")
        if not directive or directive.startswith("#"):
            continue
        if directive.upper() not in DIRECTIVES:
            place = Place(file=file, line=number, column=1)
            problems.note("unknown-directive", place, f'ignored: "{directive[:40]}" is no MANIFEST directive')
            continue
        words.setdefault(directive.upper(), []).extend(rest.split())
        texts[directive.upper()] = rest.strip()
    return Manifest(
        repo=" ".join(words.get("REPO", [])[:1]),
        load=tuple(words.get("LOAD", ())),
        folders=(*words.get("DIR", ()), *words.get("DIRS", ())),
        resources=tuple(words.get("RESOURCES", ())),
        entries=_pairs(words.get("ENTRY", []), key_first=True),
        secrets=tuple(words.get("SECRET", ())),
        blobs=_pairs(words.get("BLOBS", []), key_first=False),
        texts=texts,
        place=Place(file=file, line=1, column=1),
    )


def _pairs(words: list[str], *, key_first: bool) -> dict[str, str]:
    """`a:b` words as a mapping; a word with no colon has the key "" (an entry) or is its own value (a blob)."""
    pairs: dict[str, str] = {}
    for word in words:
        key, colon, value = word.partition(":")
        if colon:
            pairs[key] = value
        elif key_first:
            pairs[""] = key
        else:
            pairs[key] = key
    return pairs
