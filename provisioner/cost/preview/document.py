"""Reads what `pulumi preview --json` prints: the program's resources as they are deployed, and as they would be."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from provisioner.cost.resources.scene import Resource
from provisioner.cost.resources.tables import TABLES, package

AFTER: Final = frozenset({"create", "import", "create-replacement", "import-replacement"})
BEFORE: Final = frozenset({"delete", "delete-replaced"})
BOTH: Final = frozenset({"same", "update", "replace", "refresh"})
NEITHER: Final = frozenset({"read", "read-replacement", "read-discard", "discard", "discard-replaced", "remove-pending-replace"})
"""Resources that the program only reads belong to somebody else's bill."""

_VERSION: Final = re.compile(r"/v\d\w*(?=:)")
_VERSIONED_PACKAGE: Final = re.compile(r"^(azure-native)_[a-z]+_v\w+:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`unlisted` counts unchanged resources that the document leaves out: with `--show-sames` it has them all."""

    before: tuple[Resource, ...]
    after: tuple[Resource, ...]
    unlisted: int = 0


def read(document: object) -> Preview:
    """Raises `ValueError` for another document, for that of a preview that failed, and for steps that it does not know."""
    if not isinstance(document, Mapping) or not isinstance(cast("Mapping[str, Any]", document).get("steps"), list):
        raise ValueError("expected what `pulumi preview --json` prints: an object with `steps`")  # noqa: TRY004  a value
    found = cast("Mapping[str, Any]", document)
    steps = cast("list[Mapping[str, Any]]", found["steps"])
    _check_success(found)
    config = {str(key): str(value) for key, value in cast("Mapping[str, Any]", found.get("config") or {}).items()}
    providers = _providers(steps)
    before, after = dict[str, Resource](), dict[str, Resource]()
    for step in steps:
        operation = str(step.get("op"))
        if operation not in AFTER | BEFORE | BOTH | NEITHER:
            raise ValueError(f'unknown step "{operation}" of {step.get("urn")}')
        for into, state, counts in ((before, "oldState", BEFORE | BOTH), (after, "newState", AFTER | BOTH)):
            if operation in counts and (resource := _resource(step.get(state), config, providers)):
                into.setdefault(resource.urn, resource)
    same = cast("Mapping[str, int]", found.get("changeSummary") or {}).get("same", 0)
    listed = sum(step.get("op") == "same" for step in steps)
    return Preview(before=tuple(before.values()), after=tuple(after.values()), unlisted=max(same - listed, 0))


def _check_success(document: Mapping[str, Any]) -> None:
    """A preview that ended with an error holds a part of the program, which must not look like all of it."""
    for diagnostic in cast("list[Mapping[str, Any]]", document.get("diagnostics") or []):
        if diagnostic.get("severity") == "error":
            lines = str(diagnostic.get("message") or "").strip().splitlines()
            raise ValueError(f"this preview failed, so its program is not whole: {lines[-1] if lines else 'no message'}")


@functools.cache
def token(kind: str) -> str:
    """The type without the API version that `azure-native` may state."""
    return _VERSION.sub("", _VERSIONED_PACKAGE.sub(r"\1:", kind))


def resource(
    kind: str, urn: str, inputs: Mapping[str, Any], depends: Mapping[str, tuple[str, ...]], provider: Mapping[str, str]
) -> Resource:
    """`provider` is the configuration of its provider, keys without the package."""
    kind = token(kind)
    table = TABLES.get(package(kind))
    region = table.region(inputs, provider) if table else ""
    return Resource(urn=urn, type=kind, name=urn.rpartition("::")[2], inputs=inputs, depends=depends, region=region)


def _providers(steps: list[Mapping[str, Any]]) -> Mapping[str, Mapping[str, str]]:
    """What explicit providers are configured with, by URN."""
    found = dict[str, Mapping[str, str]]()
    for step in steps:
        state = cast("Mapping[str, Any] | None", step.get("newState") or step.get("oldState"))
        if state and str(state.get("type")).startswith("pulumi:providers:"):
            inputs = cast("Mapping[str, Any]", state.get("inputs") or {})
            found[str(state.get("urn") or step.get("urn"))] = {key: str(value) for key, value in inputs.items()}
    return found


def _resource(state: object, config: Mapping[str, str], providers: Mapping[str, Mapping[str, str]]) -> Resource | None:
    """None for components, providers, and what the program only reads."""
    if not isinstance(state, Mapping):
        return None
    found = cast("Mapping[str, Any]", state)
    kind = str(found.get("type"))
    if not found.get("custom") or found.get("external") or kind.startswith("pulumi:"):
        return None
    urns = cast("Mapping[str, list[str] | None]", found.get("propertyDependencies") or {})
    depends = {key: tuple(used or ()) for key, used in urns.items()}
    provider = _configuration(token(kind), str(found.get("provider") or ""), config, providers)
    return resource(kind, str(found["urn"]), cast("Mapping[str, Any]", found.get("inputs") or {}), depends, provider)


def _configuration(
    kind: str, reference: str, config: Mapping[str, str], providers: Mapping[str, Mapping[str, str]]
) -> Mapping[str, str]:
    """A default provider has the stack's configuration; an explicit one its own inputs, and nothing where they are not there."""
    urn = reference.rpartition("::")[0]
    if not reference or urn.rpartition("::")[2].startswith("default"):
        prefix = f"{package(kind)}:"
        return {key.removeprefix(prefix): value for key, value in config.items() if key.startswith(prefix)}
    return providers.get(urn, {})
