"""What `resolve` hands on: definitions with no inheritance and no expressions left.

A scalar that a container receives is a `Text`: plain `str`, or `Parts` when it holds a secret or something known only
after the deploy. Nothing here ever holds a secret's value, only its name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from provisioner.errors import NOWHERE, Place
from provisioner.resolve.attached import File, Mount, Port, Text
from provisioner.resolve.operations import Action, Argument, Hook, HookCommand, Logs, Recovery, Route, Scale
from provisioner.script.values import Later, Parts, SecretRef

__all__ = [
    "Action",
    "Affinity",
    "Argument",
    "Balancer",
    "Blueprint",
    "Check",
    "Connection",
    "Container",
    "Depends",
    "Entity",
    "Field",
    "File",
    "Group",
    "Hook",
    "HookCommand",
    "Later",
    "Logs",
    "Mount",
    "Needs",
    "Parts",
    "Port",
    "Recovery",
    "Resolved",
    "Route",
    "Runnable",
    "RunnableVolume",
    "Scale",
    "SecretRef",
    "Service",
    "Spread",
    "Text",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What something asks for: thousandths of a vCPU, MiB, GPUs. `stated` is False where the documented default stands."""

    millicpu: int = 250
    memory_mib: int = 256
    gpu: int = 0
    arch: str = ""
    stated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    name: str
    image: str
    command: tuple[Text, ...] = ()
    entrypoint: tuple[Text, ...] = ()
    environment: Mapping[str, Text] = field(default_factory=dict[str, Text])
    mounts: tuple[Mount, ...] = ()
    ports: tuple[Port, ...] = ()
    files: tuple[File, ...] = ()
    needs: Needs = Needs()
    restart: str = "always"
    restart_seconds: float = 3
    user: str = ""
    workdir: str = ""
    cap_add: tuple[str, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict[str, Text])
    ulimits: Mapping[str, str] = field(default_factory=dict[str, str])
    health: tuple[str, ...] = ()
    """Health command, run in the container: from `checks.readiness` where it is an `exec` of this container."""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A named endpoint of one container. `host_port` is its port on the machine, if any."""

    name: str
    container: str
    port: int
    protocol: str = "tcp"
    host_port: int | None = None
    published: bool = False
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A declared edge to `service` of the definition `target`; `hostname` follows from names alone."""

    name: str
    target: str
    service: str
    hostname: str = ""
    port: int | None = None
    optional: bool = False
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A readiness or liveness check: ArrowScript `code`, kept as source, and its timing in seconds."""

    code: str
    period: float = 10
    initial_delay: float = 0
    attempts: int = 10
    asked: str = ""
    """JSON of all that the code asks of its definition, where whoever deploys decides it live; see `resolve.live_check`."""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Depends:
    """Start only when all of `runnables` are ready, or fail after `timeout` seconds."""

    runnables: tuple[str, ...] = ()
    timeout: float = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Affinity:
    name: str = ""
    tag: str = ""
    resident: bool = False
    ignore_pressure: bool = False
    together: tuple[str, ...] = ()
    """Runnables on the same host, by full name."""
    spot: bool = True
    """Whether it may be on a host that the cloud may take back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How far replicas are apart. `max_per_host` None: a third of them, rounded up. `zones`: an equal share in each at most."""

    max_per_host: int | None = None
    zones: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnableVolume:
    """`volumes.V` of a runnable: a disk of `size_gib` of its own, mounted on the host at `path`."""

    name: str
    kind: str
    size_gib: int
    path: str
    backup: "Field | None" = None
    """As written: `plan` reads it as it reads a blueprint's."""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Balancer:
    """A group's or runnable's balancer in front of `instances`, on their `port`. `settings` is all that was written."""

    name: str
    type: str
    port: int | None
    frontend_port: int | None
    instances: tuple[str, ...]
    settings: "Field"
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Runnable:
    """One workload, ready to be planned: containers that run together on one host."""

    name: str
    containers: tuple[Container, ...]
    variables: Mapping[str, object] = field(default_factory=dict[str, object])
    services: Mapping[str, Service] = field(default_factory=dict[str, Service])
    connections: Mapping[str, Connection] = field(default_factory=dict[str, Connection])
    depends: Depends = Depends()
    readiness: Check | None = None
    liveness: Check | None = None
    affinity: Affinity = Affinity()
    replicas: int = 1
    spread: Spread = Spread()
    survive: bool = True
    """Whether it counts for what a blueprint's `placement.survive` promises."""
    volumes: Mapping[str, RunnableVolume] = field(default_factory=dict[str, RunnableVolume])
    metadata: Mapping[str, object] = field(default_factory=dict[str, object])
    permitted_secrets: frozenset[str] = frozenset()
    actions: Mapping[str, Action] = field(default_factory=dict[str, Action])
    hooks: tuple[Hook, ...] = ()
    routes: tuple[Route, ...] = ()
    balancers: Mapping[str, Balancer] = field(default_factory=dict[str, Balancer])
    nodes: Mapping[str, "Field"] = field(default_factory=dict[str, "Field"])
    logs: Mapping[str, Logs] = field(default_factory=dict[str, Logs])
    """By container."""
    recovery: Recovery | None = None
    scale: Scale | None = None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group, beside what it runs: its own variables, balancers and actions."""

    name: str
    members: tuple[str, ...] = ()
    variables: Mapping[str, object] = field(default_factory=dict[str, object])
    balancers: Mapping[str, Balancer] = field(default_factory=dict[str, Balancer])
    actions: Mapping[str, Action] = field(default_factory=dict[str, Action])
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """An instance of an entity type, its properties worked out and checked against the type's schema.

    `properties` holds plain data; secrets and later values in it stay `Parts`, `SecretRef` and `Later`.
    """

    name: str
    type: str
    properties: Mapping[str, object] = field(default_factory=dict[str, object])
    variables: Mapping[str, object] = field(default_factory=dict[str, object])
    connections: Mapping[str, Connection] = field(default_factory=dict[str, Connection])
    depends: Depends = Depends()
    permitted_secrets: frozenset[str] = frozenset()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One evaluated value of a blueprint with the place it was written at. `value` is plain data or nested `Field`s.

    A mapping is `dict[str, Field]`, a list is `list[Field]`, a scalar is `str | int | float | bool | None | Parts`.
    """

    value: object
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """A resolved `defines: blueprint`: its sections as evaluated fields, still to be checked by `plan`."""

    name: str
    sections: Mapping[str, Field]
    runs: tuple[str, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """One definition and all it runs. `blueprint` is None for a bare group or runnable (a default one is planned)."""

    name: str
    kind: str
    blueprint: Blueprint | None
    runnables: tuple[Runnable, ...]
    """In the order in which `depends` lets them start."""
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Groups and blueprints by name: the names they run, directly."""
    groups: Mapping[str, Group] = field(default_factory=dict[str, Group])
    entities: tuple[Entity, ...] = ()
