"""What a cloud folder offers to the rest, without Pulumi: facts, capabilities and what it bills.

A cloud is one folder with a module `cloud` that holds `CLOUD`; `discovery` finds it. Beside it lie `machines.csv`
and `prices.csv` (data), and the modules with the component families that only `deploy` imports:
`network`, `volumes`, `hosts`, `buckets`, `addresses`, `balancers`, and `records` where a plan has any.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from provisioner.clouds.inventory import Inventory
from provisioner.cost.model import Charge, Machine
from provisioner.cost.usage import Usage
from provisioner.errors import Place, Problems
from provisioner.plan.model import BalancerType, Egress, Plan
from provisioner.prices.offers import Offer
from provisioner.prices.tariff import Tariff

Capability = Literal[
    "egress-nat",
    "egress-direct",
    "egress-none",
    "flow-logs",
    "spot",
    "gpu",
    "volume-ssd",
    "volume-hdd",
    "volume-backup",
    "bucket",
    "bucket-access",
    "secret-store",
    "address",
    "balancer-tcp",
    "balancer-udp",
    "balancer-http",
    "balancer-https",
    "record",
    "zone",
]
CAPABILITIES: tuple[Capability, ...] = get_args(Capability)

_EGRESS: Mapping[Egress, Capability] = {"nat": "egress-nat", "direct": "egress-direct", "none": "egress-none"}
_BALANCER: Mapping[BalancerType, Capability] = {
    "tcp": "balancer-tcp",
    "udp": "balancer-udp",
    "http": "balancer-http",
    "https": "balancer-https",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    name: str
    label: str
    """Where it is, in words: `Ireland`."""
    continent: str
    zones: tuple[str, ...]


def no_limits(plan: Plan) -> Problems:
    """A cloud that takes whatever its capabilities allow."""
    del plan
    return Problems()


def everywhere() -> str:
    """A cloud that is used over the network, from any machine."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    name: str
    """The word in a target: `aws`, `gcp`, `azure`."""
    label: str
    package: str
    """The Pulumi package of its provider: `aws`, `gcp`, `azure-native`."""
    region_config: tuple[str, ...]
    """Configuration keys of that provider that must agree with the target's region, `aws:region`."""
    regions: Mapping[str, Region]
    default_region: str
    """Where a plan goes when no region is stated: one whose prices are complete."""
    capabilities: frozenset[Capability]
    user_data_limit: int
    """The largest cloud-init document it takes, in bytes, before encoding; 0: its machines have booted long ago."""
    charges: Callable[[Plan, Sequence[Machine], Usage], Iterable[Charge]]
    """Everything it bills for a plan on these machines."""
    data: Path
    """Folder of `machines.csv` and `prices.csv`."""
    retypes_volumes: bool = True
    """Whether it changes a volume's kind in place; else another kind is another disk."""
    rules_first: bool = False
    """Whether its rules are one resource that stands before its hosts, so that it learns of other clouds' hosts before."""
    grows_roots: bool = False
    """Whether the own disk of a host grows in place; else another size is another host."""
    attaches_with_hosts: bool = False
    """Whether a disk is a part of its host, so that it leaves one only while that host is still there."""
    limits: Callable[[Plan], Problems] = no_limits
    """What it refuses of a plan for reasons of its own: sizes, counts, combinations."""
    instead: Mapping[Capability, str] = field(default_factory=dict[Capability, str])
    """What to do where it lacks a capability and the nearest supported choice does not say it."""
    offers: Callable[[], Sequence[Offer]] | None = None
    """The machines of one that sells none; None: those of `machines.csv` at the prices of `prices.csv`."""
    tariffs: tuple[Tariff, ...] = ()
    """What the machines of one that sells none cost where their owner says so."""
    stocked: Callable[[Inventory], "Cloud"] | None = None
    """The same cloud with the machines that a stack states; None: it has nothing to do with those."""
    transport: Literal["ssh", "local"] = "ssh"
    """How its hosts are reached."""
    meets_others: bool = True
    """Whether its hosts and those of other clouds can reach each other, so that one stack may have both."""
    moves_disks: bool = True
    """Whether a disk can leave its machine for another."""
    ready: Callable[[], str] = everywhere
    """Why an `up` from this machine cannot use it, with what to do; "" where it can."""

    @property
    def sells(self) -> bool:
        """Whether it has a price list: else its machines are there already."""
        return self.offers is None


def by_name(*regions: Region) -> Mapping[str, Region]:
    """The regions by name, in the order given."""
    return {region.name: region for region in regions}


def check_capabilities(plan: Plan, cloud: Cloud) -> Problems:
    """Refuse, naming cloud, field, place and the nearest supported choice, whatever the cloud lacks."""
    problems = Problems()
    for capability, place, asking in requirements(plan):
        if capability not in cloud.capabilities:
            family = capability.split("-")[0]
            others = sorted(word for word in cloud.capabilities if word.startswith(family))
            nearest = f"{cloud.label} has {', '.join(others)}" if others else f"leave {asking} out on {cloud.label}"
            hint = cloud.instead.get(capability, nearest)
            problems.error("capability", place, f"{asking}: {cloud.label} does not have {capability} here", hint=hint)
    return problems


def requirements(plan: Plan) -> Iterable[tuple[Capability, Place, str]]:
    """The capabilities that a plan asks for, each with the place and the field that ask."""
    yield from _network_requirements(plan)
    for group in plan.groups:
        if group.spot:
            yield "spot", group.place, f"hosts/{group.name}/spot"
        if group.needs.gpu:
            yield "gpu", group.place, f"hosts/{group.name}/needs/gpu"
    for volume in plan.volumes:
        yield ("volume-hdd" if volume.kind == "HDD" else "volume-ssd"), volume.place, f"volumes/{volume.name}/kind"
        if volume.backup_days:
            yield "volume-backup", volume.place, f"volumes/{volume.name}/backup"
    for bucket in plan.buckets:
        yield "bucket", bucket.place, f"buckets/{bucket.name}"
        if bucket.readers or bucket.writers:
            yield "bucket-access", bucket.place, f"buckets/{bucket.name}/{'readers' if bucket.readers else 'writers'}"
    for secret in plan.stored_secrets:
        yield "secret-store", secret.place, f"secrets/{secret.name}/store"
    for address in plan.addresses:
        yield "address", address.place, f"addresses/{address.name}"
    yield from _named_requirements(plan)


def _network_requirements(plan: Plan) -> Iterable[tuple[Capability, Place, str]]:
    yield _EGRESS[plan.network.egress], plan.network.place, "network/egress"
    if plan.network.flow_log_days:
        yield "flow-logs", plan.network.place, "network/flow-logs"


def _named_requirements(plan: Plan) -> Iterable[tuple[Capability, Place, str]]:
    """Those of what has, or may have, a name in the world."""
    for balancer in plan.balancers:
        yield _BALANCER[balancer.type], balancer.place, f"balancers/{balancer.name}/type"
        if balancer.zone:
            yield "record", balancer.place, f"balancers/{balancer.name}/zone"
    for record in plan.records:
        yield "record", record.place, f"records/{record.name}"
    for zone in plan.zones:
        if zone.create:
            yield "zone", zone.place, f"zones/{zone.name}/create"
