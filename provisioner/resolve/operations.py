"""What a definition says beside what it runs: actions, hooks, routes, recovery, scale, logs.

Later stages find them in `resolve.model`.
"""

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
class HookCommand:
    """Words of a command in a container of the runnable."""

    container: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """`event` of `container` (`container-started`, …) runs the definition's action `action`, which is `commands` in order."""

    container: str
    event: str
    action: str
    commands: tuple[HookCommand, ...] = ()
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What happens when a runnable fails: `after` so many seconds, in the cases that `when` names, in the way of `mode`.

    `when` holds `always`, `none`, `node-failure`, `container-failure`, `pressure` or a kind of pressure such as `cpu-pressure`.
    """

    after: float = 60
    when: tuple[str, ...] = ("always",)
    mode: str = "default"
    place: Place = NOWHERE

    @property
    def restarts(self) -> bool:
        """Does a container that ends start again?"""
        return not {"always", "container-failure"}.isdisjoint(self.when)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How many copies run: `least`, and up to `most` where something measures what is needed."""

    least: int
    most: int
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Logs:
    """How much of a container's log is kept: so many files, each of so many MiB."""

    count: int | None = None
    quota_mib: int | None = None
    place: Place = NOWHERE
