"""The base of every component family, and what families hand to each other. The same in every cloud.

A child's URN holds its parent's type and not its name, so every child's logical name starts with its component's name;
`Family.child` gives such names and nothing else may.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

import pulumi

from provisioner.clouds.inventory import Inventory, OwnMachine
from provisioner.placement.model import PlacedHost
from provisioner.plan.model import Balancer, Plan, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What every family is built from."""

    plan: Plan
    hosts: Sequence[PlacedHost]
    user_data: Mapping[str, str]
    """Host name to its cloud-init document, plain text."""
    ssh_public_key: str = ""
    """Authorised on the hosts for the user `provisioner`; "" authorises none."""
    renew: frozenset[str] = frozenset()
    """Hosts that take what only a new machine takes, today's image and first-boot document; the others keep theirs."""
    came_from: Mapping[str, str] = field(default_factory=dict[str, str])
    """Volume to the host that the last deployment left it on, where that is another than the plan's."""
    elsewhere: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    """Host on another cloud to the range of its address, on clouds whose rules stand first. Others get them by `let_in`."""
    slots: Mapping[str, str] = field(default_factory=dict[str, str])
    """Volume to where the last deployment plugged it in on the host that it stays on."""
    secret_values: Mapping[str, pulumi.Output[str]] = field(default_factory=dict[str, pulumi.Output[str]])
    """The plan's stored secrets by name, each a Pulumi secret."""
    inventory: Inventory = field(default_factory=dict[str, OwnMachine])
    """Machines that are there already, by the name that their offers have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """What first contact does with a machine that was there before: no first-boot document has prepared it."""

    installs: bool
    """Whether packages that it lacks are installed; else they are named, and nothing is changed."""
    host_key: str
    """Its public SSH key, where that is known before."""
    arch: str
    millicpu: int
    memory_mib: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A machine. `devices` maps each attached volume of the plan to its stable device path on the host."""

    id: pulumi.Output[str]
    private_address: pulumi.Output[str]
    public_address: pulumi.Output[str] | None = None
    devices: Mapping[str, pulumi.Output[str]] = field(default_factory=dict[str, pulumi.Output[str]])
    slots: Mapping[str, str] = field(default_factory=dict[str, str])
    """Where each is plugged in, on clouds that ask for it: kept in the stack's outputs, so that it stays so."""
    reach: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of `address`, `user`, `port`, `key` and `jump` what is this machine's own: the stack's `ssh` says the rest."""
    adoption: Adoption | None = None
    """For a machine that was there before, and stays when the stack goes; None: the cloud made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """A network or a subnet that was there before, where the families take one of their own."""

    id: pulumi.Output[str]


class Family(pulumi.ComponentResource):
    """One family of resources of a deployment, `provisioner:index:Network` and so on."""

    def __init__(self, kind: str, deployment: Deployment, opts: pulumi.ResourceOptions | None = None) -> None:
        self.deployment = deployment
        self.prefix = deployment.plan.slug
        super().__init__(f"provisioner:index:{kind}", self.prefix, {}, opts)

    def child(self, *words: str) -> str:
        """The logical name of a child: `demo-platform-app-1-disk`."""
        return "-".join((self.prefix, *words))

    def under(
        self,
        *,
        depends_on: Sequence[pulumi.Resource] | None = None,
        ignore_changes: Sequence[str] | None = None,
        replace_on_changes: Sequence[str] | None = None,
        delete_before_replace: bool | None = None,
        protect: bool | None = None,
        former_names: Sequence[str] = (),
    ) -> pulumi.ResourceOptions:
        """Options of a child: this component as parent. Property names are the engine's, `attachedDisks`."""
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=depends_on,
            ignore_changes=list(ignore_changes) if ignore_changes else None,
            replace_on_changes=list(replace_on_changes) if replace_on_changes else None,
            delete_before_replace=delete_before_replace,
            protect=protect,
            aliases=[pulumi.Alias(name=name) for name in former_names] or None,
        )

    def asking(self) -> pulumi.InvokeOptions:
        """Options of a function call: the provider that this component's children use."""
        return pulumi.InvokeOptions(parent=self)


class Named(Protocol):
    """A network as records see it: its DNS zones, as the cloud refers to them."""

    @property
    def zones(self) -> Mapping[str, object]: ...


Network = TypeVar("Network", bound=Named)
Balancers = TypeVar("Balancers", bound=Family)

TTL: Final = 300
"""Of a balancer's address, in seconds."""
LONGEST_STRING: Final = 255
"""Bytes of one string of a text record (RFC 1035); a longer text is several strings."""


class RecordFamily(Family, Generic[Network, Balancers]):
    """The plan's own records, and the address of each balancer whose domain has a zone."""

    def __init__(
        self, deployment: Deployment, network: Network, balancers: Balancers, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("Records", deployment, opts)
        self.network, self.balancers = network, balancers
        for record in deployment.plan.records:
            self.record(record)
        for balancer in deployment.plan.balancers:
            if balancer.zone:
                self.address(balancer)
        self.register_outputs({})

    def record(self, record: Record) -> None:
        raise NotImplementedError

    def address(self, balancer: Balancer) -> None:
        raise NotImplementedError


def strings(text: str) -> Iterator[str]:
    """The strings of a text record."""
    return (text[start : start + LONGEST_STRING] for start in range(0, len(text), LONGEST_STRING))


# The constructors that every cloud's modules offer, in the order in which `deploy.program` calls them:
#
#   network.Network(deployment)                                     subnets, routes, egress, rules between named groups
#   addresses.Addresses(deployment, network)                        .addresses: plan address name -> Output[str], the IPv4
#   volumes.Volumes(deployment, network)                            disks only; hosts attach them
#   hosts.Hosts(deployment, network, volumes)                       .hosts: host name -> Host
#   buckets.Buckets(deployment, network, hosts)                     .names: plan bucket name -> Output[str]
#   secrets.Secrets(deployment, network, hosts)                     only where the plan stores any: .names as above
#   balancers.Balancers(deployment, network, addresses, hosts)      .endpoints: balancer name -> Output[str], host name or IPv4
#   records.Records(deployment, network, balancers)                 only where the plan has records, or a balancer a zone
#
# Once the hosts of all clouds of a plan are there, `network.let_in(ranges)` writes the rules for those of the others, on clouds
# that sell machines and whose rules do not stand first.
#
# A network also has `.zones`: the plan's DNS zones by domain name, as the cloud's records and certificates refer to them.
