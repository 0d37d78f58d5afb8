"""What a definition offers beside what it runs: actions, hooks, routes. Later stages find them in `resolve.model`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from provisioner.errors import NOWHERE, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """What an action takes. `required` where it has no default."""

    name: str
    type: str = ""
    description: str = ""
    default: object = None
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What people can ask of a definition: ArrowScript `code`, kept as source, with `$args["name"]` for its arguments."""

    name: str
    code: str
    description: str = ""
    arguments: Mapping[str, Argument] = field(default_factory=dict[str, Argument])
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """`event` of `container` (`container-started`, …) runs the definition's action `action`."""

    container: str
    event: str
    action: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A route of the ingress to `service`: requests whose path starts with `prefix`, rewritten where `pattern` is stated."""

    name: str
    service: str
    prefix: str = "/"
    pattern: str = ""
    replacement: str = ""
    host: str = ""
    """Requests to this domain only; any where it is empty."""
    place: Place = NOWHERE
