"""Where each rule of the simulated clouds was read: one file a cloud, checked against the rules that the code has.

A file has two parts. `types` names, for types or patterns of them (`aws:s3/*`), where it was read what a change replaces and
what the provider fills in. `sources` lists pages, each with the beginnings of the refusals that were read there; the longest
beginning that fits a refusal counts. What could be found nowhere says `from memory`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from provisioner.errors import SandboxError
from provisioner.sandbox.registry import FOLDERS

MEMORY = "from memory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page, and the beginnings of the refusals that were read on it."""

    number: int
    """Its place in the list of its cloud, from 1."""
    read: str
    at: str
    """Its address, or its path in a public repository; "" for what is from memory."""
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Everything that was read for one cloud."""

    types: Mapping[str, str]
    sources: Sequence[Source]

    def of_rule(self, text: str) -> Source | None:
        """The page of a refusal: the one with the longest fitting beginning. None where nobody says."""
        fitting = [(len(rule), source) for source in self.sources for rule in source.rules if text.startswith(rule)]
        return max(fitting, key=lambda found: found[0])[1] if fitting else None

    def of_type(self, token: str) -> str | None:
        """Where the provider describes a type."""
        fitting = [pattern for pattern in self.types if fnmatchcase(token, pattern)]
        return self.types[max(fitting, key=len)] if fitting else None


@cache
def load(package: str) -> Sources:
    """The sources of a provider package. Raises `SandboxError` where the file gives one beginning twice."""
    import yaml

    path = Path(__file__).parent / f"{FOLDERS[package]}.yaml"
    document: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = [
        Source(number=number, read=entry["read"], at=entry.get("at", ""), rules=tuple(entry["rules"]))
        for number, entry in enumerate(document["sources"], start=1)
    ]
    _refuse_twice(path, (rule for source in found for rule in source.rules))
    return Sources(types=document["types"], sources=found)


def _refuse_twice(path: Path, rules: Iterable[str]) -> None:
    seen = set[str]()
    for rule in rules:
        if rule in seen:
            raise SandboxError(f"{path.name}: {rule!r} is listed twice")
        seen.add(rule)
