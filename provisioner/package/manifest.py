"""A package's MANIFEST: one directive a line, words apart by white space, in any case.

Directives that only say who made it (`VERSION`, `AUTHOR`, …) are kept as text; a line that is no directive is a note.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from provisioner.errors import NOWHERE, Place, Problems, nearest
from provisioner.package.limits import MAXIMUM_WORDS

DIRECTIVES: Final = {
    "REPO": "The package's label",
    "LOAD": "Files to load, in order; may repeat. Without LOAD and DIR, every YAML file of the folder that has a `namespace`",
    "DIR": "Folders with a MANIFEST of their own",
    "DIRS": "The same as DIR",
    "RESOURCES": "Files that `<<<` embeds; they are not loaded",
    "ENTRY": "The definition to run: `ns/name`, or `env:ns/name` for one environment",
    "IMAGE": "An image to build: tag, runnables apart by commas, context folder, Dockerfile relative to it",
    "SECRET": "Secrets that the user provides",
    "BLOBS": "Source trees shipped with the package, `name:path`",
    "BLOBSIGNORE": "Patterns of files that blobs leave out",
    "ENV": "Environments",
    "PROVIDER": "The cloud of a package that has entities only",
    "VERSION": "Version, for people",
    "VERSION_HASH": "Digest that the publisher's tools write",
    "DESCRIPTION": "One line, for people",
    "TAGS": "Words to search by, apart by commas",
    "HOSTING": "Where it runs, for people",
    "AUTHOR": "Who made it",
    "FILES": "The same as RESOURCES",
}
"""Every directive with what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image that the package builds. `dockerfile` is relative to `context`, which is relative to the MANIFEST."""

    tag: str
    runnables: tuple[str, ...] = ()
    context: str = "."
    dockerfile: str = "Dockerfile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`entries` maps an environment ("" for any) to a definition. `texts` holds every directive's last line."""

    repo: str = ""
    load: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    entries: Mapping[str, str] = field(default_factory=dict[str, str])
    images: tuple[Image, ...] = ()
    secrets: tuple[str, ...] = ()
    blobs: Mapping[str, str] = field(default_factory=dict[str, str])
    blobs_ignored: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    provider: str = ""
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    source: str = ""
    place: Place = NOWHERE

    @property
    def entry(self) -> str:
        """The definition to run: the one for any environment, else the first."""
        return self.entries.get("", next(iter(self.entries.values()), ""))

    def place_of(self, word: str) -> Place:
        """Where a word stands that is not a directive; the MANIFEST's first line where it does not."""
        return _places(self.source, self.place.file).get(word, self.place)


def read_manifest(text: str, file: str, problems: Problems) -> Manifest:
    """The manifest in `text`. Nothing in it is fatal: real ones hold stray lines, which become notes."""
    source = text.removeprefix("\ufeff")
    words: dict[str, list[str]] = {}
    images: list[Image] = []
    texts: dict[str, str] = {}
    count = 0
    for number, line in enumerate(source.splitlines(), 1):
        first, *rest = line.split() or ("",)
        if not first or first.startswith("#"):
            continue
        directive = first.upper()
        if directive not in DIRECTIVES:
            _unknown(first, Place(file=file, line=number, column=1), problems)
            continue
        count += len(rest)
        if count > MAXIMUM_WORDS:
            message = f"expected at most {MAXIMUM_WORDS} words in a MANIFEST, found more"
            problems.error("file-too-large", Place(file=file, line=number, column=1), message)
            break
        if not rest:
            problems.note("empty-directive", Place(file=file, line=number, column=1), f"{directive} names nothing")
        if directive == "IMAGE" and rest:
            images.append(_image(rest))
        words.setdefault(directive, []).extend(rest)
        texts[directive] = line.strip()[len(first) :].strip()
    return Manifest(
        repo=" ".join(words.get("REPO", [])[:1]),
        load=tuple(words.get("LOAD", ())),
        folders=(*words.get("DIR", ()), *words.get("DIRS", ())),
        resources=(*words.get("RESOURCES", ()), *words.get("FILES", ())),
        entries=_pairs(words.get("ENTRY", []), key_first=True),
        images=tuple(images),
        secrets=tuple(words.get("SECRET", ())),
        blobs=_pairs(words.get("BLOBS", []), key_first=False),
        blobs_ignored=tuple(words.get("BLOBSIGNORE", ())),
        environments=tuple(words.get("ENV", ())),
        provider=" ".join(words.get("PROVIDER", [])[:1]),
        texts=texts,
        source=source,
        place=Place(file=file, line=1, column=1),
    )


def _unknown(word: str, place: Place, problems: Problems) -> None:
    close = nearest(word.upper(), DIRECTIVES) if word.isalpha() else ""
    message = f'ignored: "{word[:40]}" is no MANIFEST directive'
    problems.note("unknown-directive", place, message, hint=f"did you mean {close}?" if close else "")


@lru_cache(maxsize=16)
def _places(source: str, file: str) -> Mapping[str, Place]:
    """Where each word stands first; of `env:ns/name`, also what follows the colon. Few manifests are asked."""
    places: dict[str, Place] = {}
    for number, line in enumerate(source.splitlines(), 1):
        first, *words = line.split() or ("",)
        if first.upper() not in DIRECTIVES:
            continue
        at = line.index(first) + len(first)
        for word in words:
            at = line.index(word, at)
            places.setdefault(word, Place(file=file, line=number, column=at + 1))
            _, colon, name = word.rpartition(":")
            if colon:
                places.setdefault(name, Place(file=file, line=number, column=at + len(word) - len(name) + 1))
            at += len(word)
    return places


def _image(words: list[str]) -> Image:
    tag, runnables, context, dockerfile = (*words[:4], *("", ".", "Dockerfile")[len(words) - 1 :])[:4]
    return Image(tag=tag, runnables=tuple(filter(None, runnables.split(","))), context=context, dockerfile=dockerfile)


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
