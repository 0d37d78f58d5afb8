"""From the resources that the engine shows a policy to those that are priced. Pure: no Pulumi here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol, cast

from provisioner.cost.preview.document import resource, token
from provisioner.cost.resources.scene import UNKNOWN, Resource
from provisioner.cost.resources.tables import TABLES, UNBILLED, package

SENTINELS: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""How a policy sees a flag, number, list or object that exists only after the deploy; text is as in a preview."""


class Provider(Protocol):
    @property
    def props(self) -> Mapping[str, Any]: ...


class Seen(Protocol):
    """What the policy SDK gives for a resource."""

    @property
    def resource_type(self) -> str: ...
    @property
    def props(self) -> Mapping[str, Any]: ...
    @property
    def urn(self) -> str: ...
    @property
    def provider(self) -> Provider | None: ...
    @property
    def property_dependencies(self) -> Mapping[str, Sequence["Seen"]]: ...


def resources(seen: Iterable[Seen], inputs: Mapping[str, Mapping[str, Any]]) -> tuple[Resource, ...]:
    """Custom resources only: a component has no provider, and providers and stacks bill nothing.

    `inputs` holds what the program states, by URN. The SDK shows outputs at the end of a preview, where all that the
    cloud fills in is unknown; those stand in only for resources that were not seen before.
    """
    return tuple(_resource(one, inputs) for one in seen if _is_custom(one))


def _is_custom(one: Seen) -> bool:
    """A type of a provider that bills is custom unless it has no row and no provider: then it is a component."""
    kind = token(one.resource_type)
    if package(kind) in UNBILLED:
        return False
    return one.provider is not None or (package(kind) in TABLES and kind in TABLES[package(kind)].rows)


def _resource(one: Seen, inputs: Mapping[str, Mapping[str, Any]]) -> Resource:
    provider = {key: str(value) for key, value in plain(one.provider.props).items()} if one.provider is not None else {}
    depends = {path: tuple(other.urn for other in others) for path, others in one.property_dependencies.items()}
    stated = inputs.get(one.urn)
    return resource(one.resource_type, one.urn, plain(one.props) if stated is None else stated, depends, provider)


def plain(props: Mapping[str, Any]) -> dict[str, Any]:
    """Without the proxies that raise on what is not known yet; that is written as a preview writes it."""
    return {key: _plain(_read(props, key)) for key in props}


def _plain(value: object) -> Any:
    if isinstance(value, Mapping):
        return plain(cast("Mapping[str, Any]", value))
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        rows = cast("Sequence[Any]", value)
        return [_plain(_read(rows, number)) for number in range(len(rows))]
    return min(UNKNOWN) if isinstance(value, str) and value in SENTINELS else value


def _read(container: Any, key: object) -> object:
    from pulumi_policy.proxy import UnknownValueError

    try:
        return container[key]
    except UnknownValueError:
        return min(UNKNOWN)
