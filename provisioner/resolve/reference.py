"""What a reference means: `ns/name`, `/ns/name`, `./name`, a bare name, `monk-PACKAGE`, and paths into a definition."""

from collections.abc import Mapping
from typing import Final

from provisioner.errors import nearest
from provisioner.package.catalog import Catalog, Definition
from provisioner.script.context import RefusedError

MAXIMUM_REFERENCE: Final = 1000
"""Characters."""
MAXIMUM_STEPS: Final = 64
_REPOSITORIES: Final = ("monk", "local")


def find(catalog: Catalog, text: str, namespace: str, *, but: str = "") -> tuple[Definition, tuple[str, ...]] | None:
    """The definition that `text` names, seen from `namespace`, and the keys that lead on into it; None where there is none.

    A bare name is one of the same namespace, else a package (its entry). `but` is left out: a definition never inherits itself.
    """
    if len(text) > MAXIMUM_REFERENCE:
        return None
    wanted = text.strip().strip("/")
    if wanted.startswith("templates/"):
        wanted = wanted.split("/", 2)[-1]
    if wanted.startswith("./"):
        return _walk(catalog, f"{namespace}/{wanted[2:]}", but)
    if "/" in wanted:
        return _walk(catalog, wanted, but) or _walk(catalog, _without_repository(wanted), but)
    return _walk(catalog, f"{namespace}/{wanted}", but) or _entry(catalog, wanted, but)


def name_of(catalog: Catalog, text: str, namespace: str) -> str:
    """The definition's full name, or `RefusedError` with the nearest name as hint."""
    found = find(catalog, text, namespace)
    if found and not found[1]:
        return found[0].name
    raise missing(catalog, text)


def missing(catalog: Catalog, text: str) -> RefusedError:
    close = nearest(text.strip("/"), catalog.definitions) if "/" in text else nearest(text, _bare_names(catalog))
    hint = f"did you mean {close}?" if close else ""
    return RefusedError(
        "missing-reference", f'expected the name of a definition, found "{text}", which nothing loaded defines', hint
    )


def _walk(catalog: Catalog, path: str, but: str) -> tuple[Definition, tuple[str, ...]] | None:
    """The longest name at the start of `path`, whose node has the rest of it."""
    steps = path.split("/", MAXIMUM_STEPS)
    for count in range(len(steps), 1, -1):
        name = "/".join(steps[:count])
        definition = catalog.definitions.get(name)
        if definition is not None and name != but:
            return definition, tuple(steps[count:])
    return None


def _without_repository(path: str) -> str:
    """`monk/ns/name` and `local/ns/name` say which repository `ns/name` came from."""
    first, _, rest = path.partition("/")
    return rest if first in _REPOSITORIES and "/" in rest else path


def _entry(catalog: Catalog, name: str, but: str) -> tuple[Definition, tuple[str, ...]] | None:
    package = catalog.package(name)
    entry = catalog.entry(package) if package else ""
    return _walk(catalog, entry, but) if entry else None


def _bare_names(catalog: Catalog) -> list[str]:
    return [*(package.name for package in catalog.packages), *(name.rsplit("/", 1)[-1] for name in catalog.definitions)]


def namespaces(catalog: Catalog) -> Mapping[str, str]:
    """Each file's namespace: what is relative is meant from where it is written, also when it is inherited elsewhere."""
    return {definition.node.file: definition.namespace for definition in catalog.definitions.values()}
