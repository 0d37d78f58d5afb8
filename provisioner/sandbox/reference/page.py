"""The checks of each simulated type, as the part of `docs/reference/sandbox.md` after its mark."""

import importlib
import re
from collections.abc import Iterable, Iterator

from provisioner.sandbox.kinds import Kind, Reference
from provisioner.sandbox.reference import words
from provisioner.sandbox.registry import FOLDERS, Catalog, load_catalogs

MARK = "<!-- types: written by `python -m provisioner.sandbox.reference` -->\n"
LABELS = {"aws": "AWS", "gcp": "Google Cloud", "azure-native": "Azure"}

HEAD = """
## The checks per type

Every type below is checked against its SDK's own class, and for what is listed here, which is read from the code that runs. Words
are those of the refusals, with `{…}` for what differs. "Read in" names the page of a figure where the code names one.
"""


def section() -> str:
    """Everything after the mark, Markdown."""
    return MARK + HEAD + "".join(f"{line}\n" for catalog in load_catalogs().values() for line in _catalog(catalog))


def _catalog(catalog: Catalog) -> Iterator[str]:
    about = importlib.import_module(f"provisioner.sandbox.{FOLDERS[catalog.package]}").__doc__
    yield f"\n### {LABELS[catalog.package]}\n\n{about}"
    for kind in sorted(catalog.kinds.values(), key=lambda kind: kind.token):
        yield f"\n#### `{kind.token}`\n"
        yield from (f"- {line}" for line in _lines(kind, catalog))


def _lines(kind: Kind, catalog: Catalog) -> Iterator[str]:
    shape = catalog.schemas["resources"][kind.token]
    yield from _listed("required", sorted(shape["required"]))
    yield from _listed("a change replaces the resource", sorted(kind.immutable))
    yield from _listed("a smaller number replaces the resource", sorted(kind.grows_only))
    if kind.delete_before_replace:
        yield "replaced by deleting it first"
    if kind.autoname:
        yield f"named by the provider where left out: `{kind.autoname.property}`"
    yield from map(_reference, kind.references)
    rules = words.read((kind.check, kind.refuse), kind.token)
    yield from (f"refused: {_inline(text)}" for text in rules.words if _concerns(text, shape["properties"]))
    yield from (f"read in: {text}" for text in rules.sources)


def _listed(label: str, names: Iterable[str]) -> Iterator[str]:
    if found := ", ".join(f"`{name}`" for name in names):
        yield f"{label}: {found}"


def _reference(rule: Reference) -> str:
    tokens = " or ".join(f"`{token}`" for token in rule.tokens)
    held = ", which then cannot be deleted" if rule.holds else ""
    return f"`{rule.property}` names a {tokens} that exists{held}: {_inline(rule.missing)}"


def _concerns(text: str, properties: Iterable[str]) -> bool:
    """Whether a refusal can strike a type with these properties: helpers speak of zones and regions that not every type has."""
    field = re.search(r"field '(zone|region)'|^Cannot determine (zone|region)", text)
    return field is None or (field[1] or field[2]) in properties


def _inline(text: str) -> str:
    """One line in which Markdown changes nothing."""
    return " ".join(text.replace("|", "\\|").replace("*", "\\*").replace("<", "\\<").split())
