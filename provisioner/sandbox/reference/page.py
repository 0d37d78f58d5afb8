"""The checks of each simulated type, as the part of `docs/reference/sandbox.md` after its mark."""

import importlib
import re
from collections.abc import Iterable, Iterator, Sequence

from provisioner.sandbox.kinds import Kind, Reference
from provisioner.sandbox.reference import sources, words
from provisioner.sandbox.reference.sources import Sources
from provisioner.sandbox.registry import FOLDERS, Catalog, load_catalogs

MARK = "<!-- types: written by `python -m provisioner.sandbox.reference` -->\n"
LABELS = {"aws": "AWS", "gcp": "Google Cloud", "azure-native": "Azure"}

HEAD = """
## The checks per type

Every type below is checked against its SDK's own class, and for what is listed here, which is read from the code that runs. Words
are those of the refusals, with `{…}` for what differs. The number behind a rule is that of the page where it was read, in the
list at the end of its cloud; "figures" names the page of a figure where the code names one.
"""


def section() -> str:
    """Everything after the mark, Markdown."""
    return MARK + HEAD + "".join(f"{line}\n" for catalog in load_catalogs().values() for line in _catalog(catalog))


def rules(kind: Kind) -> Sequence[str]:
    """The words of everything that a kind refuses: of its own properties, and of what it names."""
    named = [text for rule in kind.references for text in (rule.missing, *([rule.in_use] if rule.holds else []))]
    return [*words.of(kind).words, *dict.fromkeys(named)]


def _catalog(catalog: Catalog) -> Iterator[str]:
    about = importlib.import_module(f"provisioner.sandbox.{FOLDERS[catalog.package]}").__doc__
    read = sources.load(catalog.package)
    yield f"\n### {LABELS[catalog.package]}\n\n{about}"
    for kind in sorted(catalog.kinds.values(), key=lambda kind: kind.token):
        yield f"\n#### `{kind.token}`\n"
        yield from (f"- {line}" for line in _lines(kind, catalog, read))
    yield f"\n#### Where the rules of {LABELS[catalog.package]} were read\n"
    yield from (f"{source.number}. {source.read}{f', {source.at}' if source.at else ''}" for source in read.sources)


def _lines(kind: Kind, catalog: Catalog, read: Sources) -> Iterator[str]:
    shape = catalog.schemas["resources"][kind.token]
    yield from _listed("required", sorted(shape["required"]))
    yield from _listed("a change replaces the resource", sorted(kind.immutable))
    yield from _listed("a smaller number or range replaces the resource", sorted(kind.grows_only))
    if kind.delete_before_replace:
        yield "replaced by deleting it first"
    if kind.autoname:
        yield f"named by the provider where left out: `{kind.autoname.property}`"
    yield f"these read in: {read.of_type(kind.token)}"
    yield from (_reference(rule, read) for rule in kind.references)
    found = words.of(kind)
    yield from (f"refused: {_inline(text)}{_where(text, read)}" for text in found.words if _concerns(text, shape["properties"]))
    yield from (f"figures: {text}" for text in found.sources)


def _listed(label: str, names: Iterable[str]) -> Iterator[str]:
    if found := ", ".join(f"`{name}`" for name in names):
        yield f"{label}: {found}"


def _reference(rule: Reference, read: Sources) -> str:
    tokens = " or ".join(f"`{token}`" for token in rule.tokens)
    missing = f"`{rule.property}` names a {tokens} that exists: {_inline(rule.missing)}{_where(rule.missing, read)}"
    return (
        f"{missing}; which then cannot be deleted: {_inline(rule.in_use)}{_where(rule.in_use, read)}" if rule.holds else missing
    )


def _where(text: str, read: Sources) -> str:
    source = read.of_rule(text)
    return f" [{source.number}]" if source else ""


def _concerns(text: str, properties: Iterable[str]) -> bool:
    """Whether a refusal can strike a type with these properties: helpers speak of zones and regions that not every type has."""
    field = re.search(r"field '(zone|region)'|^Cannot determine (zone|region)", text)
    return field is None or (field[1] or field[2]) in properties


def _inline(text: str) -> str:
    """One line in which Markdown changes nothing."""
    return " ".join(text.replace("|", "\\|").replace("*", "\\*").replace("<", "\\<").split())
