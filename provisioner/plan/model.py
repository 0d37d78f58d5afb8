"""The plan: the complete, cloud-neutral description of one deployment, frozen data.

Names are those of the definition (`app`, `app-1`, `pgdata`); clouds derive their own physical names from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from provisioner.errors import NOWHERE, Place
from provisioner.plan.kept import Bucket as Bucket  # noqa: PLC0414  (a plan is written against this module alone)
from provisioner.plan.kept import Secret as Secret  # noqa: PLC0414
from provisioner.plan.kept import Volume as Volume  # noqa: PLC0414
from provisioner.plan.kept import VolumeKind as VolumeKind  # noqa: PLC0414
from provisioner.plan.names import domain_name
from provisioner.resolve.model import Affinity, Check, Connection, Container, Depends, Hook, Needs, Route, Service
from provisioner.units import Money

OVERLAY: Final = "10.210.0.0/16"
"""The range of containers' addresses where none is stated: one /24 for each of 255 hosts."""

Egress = Literal["nat", "direct", "none"]
BalancerType = Literal["http", "https", "tcp", "udp"]
Survive = Literal["host", "zone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a plan goes. Zones are the cloud's own names, in the order of subnets; `others` are for groups that name a cloud."""

    cloud: str
    region: str
    zones: tuple[str, ...]
    others: tuple["Target", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet:
    """One address range. `zone` is the cloud's name of the zone its hosts are in; regional subnets span it anyway."""

    name: str
    cidr: str
    zone: str
    public: bool
    id: str = ""  # what the cloud calls one that exists already, whose range it knows; "" is created


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """`egress` nat: private hosts behind NAT; direct: public addresses; none: no way out."""

    cidr: str
    subnets: tuple[Subnet, ...]
    egress: Egress
    overlay: str = OVERLAY
    """The range of the containers' own addresses, which only hosts see."""
    ssh_from: tuple[str, ...] = ()
    flow_log_days: int = 0
    """How long what passed in the network is kept; 0: it is not logged."""
    existing: str = ""  # what the cloud calls a network that exists already; "" is created
    place: Place = NOWHERE

    def hosts_subnet(self, zone: str) -> Subnet:
        """The subnet in which hosts of a zone live: private behind NAT, else the public one."""
        public = self.egress == "direct"
        return next(subnet for subnet in self.subnets if subnet.zone == zone and subnet.public == public)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Another cloud that host groups of a plan are on, and the network there. `plan.sites` takes a plan apart."""

    target: Target
    network: Network


@dataclass(frozen=True, slots=True, kw_only=True)
class HostGroup:
    """Hosts alike. Machines come from `needs` (the cheapest that fits) or from `machine`, the cloud's own type name.

    `minimum == maximum` is a fixed count. Host number `n` (from 1) is called `NAME-n` and lives in
    `target.zones[(n - 1) % len(zones)]`, so that adding a host never moves another.
    """

    name: str
    minimum: int
    maximum: int
    needs: Needs
    machine: str = ""
    disk_gib: int = 30
    disk_kind: VolumeKind = "SSD"
    cloud: str = ""  # another than the plan's, where `zones` are
    zones: tuple[str, ...] = ()
    spot: bool = False
    on_demand_percent: int = 0
    """Of a spot group: the least share of its hosts that the cloud may not take back."""
    headroom_percent: int = 0
    """Share of each host's CPU and memory, after its own reserve, that placement leaves free."""
    tags: tuple[str, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A static public IPv4 address."""

    name: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    kind: Literal["http", "tcp"] = "tcp"
    url: str = "/"
    interval: int = 10
    port: int = 0
    """The hosts' TCP port that is asked; 0: the one that the balancer reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balancer:
    """Brings `port` from outside to `backend_port` on every host that runs `workload`."""

    name: str
    type: BalancerType
    workload: str
    service: str
    port: int
    backend_port: int
    address: str = ""
    """Name of the plan's address it uses; "" lets the cloud give it one."""
    domain: str = ""
    health: HealthCheck = HealthCheck()
    zone: str = ""
    """The DNS zone in which the domain's records are made, its address and what proves it for a certificate; "" makes none."""
    place: Place = NOWHERE

    @property
    def protocol(self) -> Literal["tcp", "udp"]:
        """What it speaks to hosts."""
        return "udp" if self.type == "udp" else "tcp"

    @property
    def health_port(self) -> int:
        """The TCP port of hosts at which it sees that they answer."""
        return self.health.port or self.backend_port


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A DNS zone that is created, or one that exists in `group`, where a cloud keeps zones in resource groups.

    A zone that exists and that its name alone finds needs none of this.
    """

    name: str
    """`example.com`, without a dot at its end."""
    create: bool = False
    group: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    name: str
    zone: str
    type: str
    values: tuple[str, ...]
    ttl: int = 300
    key: str = ""
    """What the definition calls it, which names it among the stack's resources."""
    place: Place = NOWHERE

    @property
    def domain(self) -> str:
        """`www.example.com`, without a dot at its end."""
        return domain_name(self.name, self.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An allow rule into the hosts of `group`: from address ranges and from the hosts of other groups.

    `elsewhere`: from the hosts on other clouds too, whose addresses are known only once they exist.
    """

    name: str
    group: str
    protocol: Literal["tcp", "udp"]
    first_port: int
    last_port: int
    cidrs: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    elsewhere: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    monthly: Money
    hard: bool = True
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A runnable in the plan: what it needs in all, and what ties it to hosts."""

    name: str
    containers: tuple[Container, ...]
    needs: Needs
    services: Mapping[str, Service] = field(default_factory=dict[str, Service])
    connections: Mapping[str, Connection] = field(default_factory=dict[str, Connection])
    routes: tuple[Route, ...] = ()
    hooks: tuple[Hook, ...] = ()
    depends: Depends = Depends()
    readiness: Check | None = None
    affinity: Affinity = Affinity()
    volumes: tuple[str, ...] = ()
    """Names of the plan's volumes that its containers mount: they pin it to the volume's host."""
    replica: int = 1
    """Number from 1. The first has the runnable's own name, so that adding replicas renames nothing; others are `ns/name/2`."""
    replicas: int = 1
    max_per_host: int = 1
    """Replicas of the runnable on one host at most."""
    max_per_zone: int = 1
    """Replicas of the runnable in one zone at most."""
    must_run: bool = True
    """Whether it counts for what `Plan.survive` promises."""
    place: Place = NOWHERE

    @property
    def runnable(self) -> str:
        """The runnable of which this is a replica: what connections, dependencies and balancers name."""
        return self.name if self.replica == 1 else self.name.removesuffix(f"/{self.replica}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    name: str
    """The definition, `demo/platform`."""
    target: Target
    network: Network
    groups: tuple[HostGroup, ...]
    also: tuple[Site, ...] = ()
    volumes: tuple[Volume, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    addresses: tuple[Address, ...] = ()
    balancers: tuple[Balancer, ...] = ()
    records: tuple[Record, ...] = ()
    zones: tuple[Zone, ...] = ()
    rules: tuple[Rule, ...] = ()
    workloads: tuple[Workload, ...] = ()
    """In start order."""
    secrets: tuple[Secret, ...] = ()
    budget: Budget | None = None
    survive: Survive | None = None
    """What may be lost, any one at a time, with room left for all that must run."""
    moves_percent: int = 2
    """Share of the workloads that an update may move to save money."""
    digest: str = ""
    """sha256 over the canonical JSON of all the rest, places left out."""
    place: Place = NOWHERE

    @property
    def slug(self) -> str:
        """`demo-platform`: the prefix of every resource's name."""
        return self.name.replace("/", "-")

    @property
    def stored_secrets(self) -> tuple[Secret, ...]:
        """Those that the cloud's own store holds."""
        return tuple(secret for secret in self.secrets if secret.stored)

    def replicas_of(self, runnable: str) -> tuple[Workload, ...]:
        """The workloads of a runnable, by number; none where it does not run here."""
        return tuple(workload for workload in self.workloads if workload.runnable == runnable)

    @property
    def zone_names(self) -> tuple[str, ...]:
        """Every DNS zone that something here is in."""
        named = (*(zone.name for zone in self.zones), *(record.zone for record in self.records))
        return tuple(dict.fromkeys((*named, *(balancer.zone for balancer in self.balancers if balancer.zone))))
