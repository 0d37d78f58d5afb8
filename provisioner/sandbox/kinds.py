"""How the sandbox describes one resource type of a simulated cloud. The protocol lives elsewhere; this is its data.

A cloud's kinds lie in `sandbox/<cloud>/<family>.py`, one file per family as in `clouds/`, and each module lists them in
`KINDS`. Property names are the engine's (camelCase). Required and unknown properties, nested ones included, are checked
from `sandbox/schemas/<package>.json`, which is generated from the SDK's own classes, so a kind states only what the
schema cannot: identity, computed outputs, immutability, references and the cloud's own rules.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from provisioner.protocol.values import UNKNOWN as UNKNOWN  # noqa: PLC0414  (kinds are written against this module alone)
from provisioner.protocol.values import Unknown as Unknown  # noqa: PLC0414

Properties = Mapping[str, Any]
"""Plain JSON data. An input that is unknown in a preview is the object `UNKNOWN`, anywhere in the tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A refusal of one property in Check, in the cloud's words."""

    property: str
    reason: str


class CloudRefusal(Exception):  # noqa: N818  (a refusal is an answer of the cloud, not an error of the sandbox)
    """A refusal while creating, updating or deleting, in the cloud's words: `InvalidSubnet.Conflict: The CIDR …`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A resource that exists in the simulated cloud. `properties` are its outputs (inputs and computed ones)."""

    token: str
    id: str
    name: str
    properties: Properties


class World(Protocol):
    """The simulated cloud as a kind may see it."""

    def all(self, token: str) -> Iterable[Stored]:
        """Every existing resource of a type."""
        ...

    def get(self, token: str, id: str) -> Stored | None: ...

    def find(self, token: str, **properties: object) -> Stored | None:
        """The first existing resource of a type whose outputs have these values."""
        ...

    def take(self, counter: str) -> int:
        """The next number of a named counter, from 0, remembered across runs: for addresses."""
        ...

    def update(self, resource: Stored, properties: Properties) -> None:
        """Change another resource's outputs as a side effect (an attachment shows on its instance)."""
        ...

    def forget(self, resource: Stored) -> None:
        """Remove another resource as a side effect (a key vault takes its secrets along)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a kind's functions receive. `digest` is a stable hex string (64 characters) for this resource: for ids."""

    token: str
    name: str
    """The logical name, last part of the URN."""
    inputs: Properties
    """After Check: autonamed and defaulted."""
    config: Mapping[str, str]
    """The provider's own configuration: `region`, `project`, `zone`, `location`, `subscriptionId`."""
    digest: str
    world: World
    olds: Properties | None = None
    """Before a change in place, the inputs that the resource has now; None otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Autoname:
    """How the provider names a resource whose `property` is left out: `NAME` + separator + hex of the random seed."""

    property: str
    separator: str = "-"
    length: int = 7
    maximum: int = 63
    lower: bool = False
    uuid: bool = False
    """The whole name is a UUID, whatever the logical name: Azure's role assignments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """`property` (dots go into objects, `[]` into lists: `networkInterfaces[].subnetwork`) must name an existing resource.

    `tokens` are the acceptable types, `field` the output that must equal it (`id` by default). Unknown and absent
    values pass. Deleting a resource that another one names is refused as a dependency violation with the words of
    `in_use`, unless `holds` is False.
    """

    property: str
    tokens: tuple[str, ...]
    field: str = "id"
    also: tuple[str, ...] = ()
    """Further outputs that it may equal instead: Google Cloud takes self links and names where it takes ids."""
    missing: str = "{token} '{value}' does not exist"
    in_use: str = "DependencyViolation: {token} '{id}' has a dependent object {dependent}"
    holds: bool = True


def no_failures(call: Call) -> Iterable[Failure]:  # noqa: ARG001
    return ()


def no_refusal(call: Call) -> None:  # noqa: ARG001
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One resource type."""

    token: str
    """The engine's type: `aws:ec2/vpc:Vpc`."""
    identify: Callable[[Call], str]
    """The id the cloud gives: `vpc-0a1b…`, a self link, an Azure resource path."""
    outputs: Callable[[Call, str], Properties]
    """Computed outputs, given the id; merged over the inputs. Its keys must not depend on values: every key it returns for
    a resource is unknown in the preview of a create. May raise `CloudRefusal`."""
    computed: tuple[str, ...] = ()
    """The keys that `outputs` returns: unknown before the create."""
    reshaped: tuple[str, ...] = ()
    """Inputs whose output of the same name holds more, or has another shape (a network interface with the address that it
    was given). Such an output is unknown before the create even where the input is known."""
    defaults: Properties | None = None
    """What the provider fills in where an input is left out."""
    immutable: frozenset[str] = frozenset()
    """Properties whose change replaces the resource; dots go into objects."""
    grows_only: frozenset[str] = frozenset()
    """Numbers and address ranges (`10.0.0.0/16`) that may grow in place; a smaller one replaces the resource."""
    delete_before_replace: bool = False
    autoname: Autoname | None = None
    references: tuple[Reference, ...] = ()
    check: Callable[[Call], Iterable[Failure]] = no_failures
    """What the provider refuses before any call: formats, ranges, combinations. Must pass over `UNKNOWN`."""
    refuse: Callable[[Call], None] = no_refusal
    """What the cloud refuses when it is called: overlaps, names taken, quotas. Raises `CloudRefusal`; nothing is unknown here."""
    deleted: Callable[[Call, str], None] | None = None
    """Side effects of a delete (an attachment goes from its instance)."""


Function = Callable[[Mapping[str, Any], Mapping[str, str], World], Properties]
"""An invoke: arguments, provider configuration, world; `FUNCTIONS = {"aws:ec2/getAmi:getAmi": …}` in a family's module."""
