"""The one deployment by hand that every cloud's golden tree is recorded from: small, but with every family in it.

Two zones behind NAT, two hosts `app`, one host `data` with a volume, a bucket, an address, a TCP
balancer on that address, SSH from one range, one published port, WireGuard between the groups.
"""

from collections.abc import Mapping
from dataclasses import replace

from provisioner.clouds.components import Deployment
from provisioner.placement.model import PlacedHost
from provisioner.plan.model import (
    Address,
    Balancer,
    Bucket,
    HealthCheck,
    HostGroup,
    Network,
    Plan,
    Rule,
    Subnet,
    Target,
    Volume,
    Workload,
)
from provisioner.prices.offers import Offer
from provisioner.resolve.model import Container, Needs
from provisioner.units import Money

SSH_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample demo"


def deployment(target: Target, *, machines: Mapping[str, str], arch: str = "amd64") -> Deployment:
    """The fixture on a cloud. `machines` gives the cloud's machine type of the groups `app` and `data`."""
    plan = fixture_plan(target)
    hosts = tuple(
        placed_host(target, group, number, machines[group.name], arch)
        for group in plan.groups
        for number in range(1, group.minimum + 1)
    )
    documents = {host.name: f"#cloud-config\nhostname: {host.name}\n" for host in hosts}
    return Deployment(plan=plan, hosts=hosts, user_data=documents, ssh_public_key=SSH_KEY)


def fixture_plan(target: Target) -> Plan:
    everywhere = ("0.0.0.0/0",)
    groups = (
        HostGroup(name="app", minimum=2, maximum=2, needs=Needs(millicpu=2000, memory_mib=4096), tags=("app",)),
        HostGroup(name="data", minimum=1, maximum=1, needs=Needs(millicpu=2000, memory_mib=8192), disk_gib=40),
    )
    return Plan(
        name="demo/platform",
        target=target,
        network=Network(cidr="10.20.0.0/16", subnets=_subnets(target), egress="nat", ssh_from=("203.0.113.0/24",)),
        groups=groups,
        volumes=(
            Volume(
                name="pgdata",
                kind="SSD",
                size_gib=100,
                host="data-1",
                zone=target.zones[0],
                path="/var/lib/monkd/volumes/postgresql",
            ),
        ),
        buckets=(Bucket(name="assets", versioned=True, expire_days=90),),
        addresses=(Address(name="entry"),),
        balancers=(
            Balancer(
                name="web",
                type="tcp",
                workload="demo/web",
                service="http",
                port=80,
                backend_port=8080,
                address="entry",
                health=HealthCheck(kind="http", url="/healthz"),
            ),
        ),
        rules=(
            *(_rule(f"ssh-{group.name}", group.name, "tcp", 22, cidrs=("203.0.113.0/24",)) for group in groups),
            *(_rule(f"overlay-{group.name}", group.name, "udp", 51820, groups=("app", "data")) for group in groups),
            _rule("published-grafana", "app", "tcp", 3000, cidrs=everywhere),
        ),
        workloads=(
            Workload(name="demo/db", containers=(_container("db", "postgres:17"),), needs=Needs(), volumes=("pgdata",)),
            Workload(name="demo/web", containers=(_container("web", "nginx:1.27"),), needs=Needs()),
        ),
        digest="0" * 64,
    )


def with_egress(original: Deployment, egress: str) -> Deployment:
    """The same deployment with `direct` or `none` as its way out."""
    assert egress in ("nat", "direct", "none")
    network = replace(original.plan.network, egress=egress)
    return replace(original, plan=replace(original.plan, network=network))


def placed_host(target: Target, group: HostGroup, number: int, machine: str, arch: str) -> PlacedHost:
    name = f"{group.name}-{number}"
    offer = Offer(
        cloud=target.cloud,
        region=target.region,
        machine=machine,
        millicpu=2000,
        memory_mib=8192,
        arch=arch,
        gpu=0,
        hourly=Money.parse("0.05"),
        spot=Money.parse("0.02"),
        source="a test",
        date="2026-11-01",
    )
    return PlacedHost(
        name=name,
        group=group.name,
        zone=target.zones[(number - 1) % len(target.zones)],
        offer=offer,
        spot=group.spot,
        tags=group.tags,
        workloads={"app-1": ("demo/web",), "app-2": ("demo/web",), "data-1": ("demo/db",)}.get(name, ()),
        free_millicpu=1000,
        free_memory_mib=4096,
    )


def _subnets(target: Target) -> tuple[Subnet, ...]:
    public = (
        Subnet(name=f"public-{n}", cidr=f"10.20.{n}.0/24", zone=zone, public=True) for n, zone in enumerate(target.zones, start=1)
    )
    private = (
        Subnet(name=f"private-{n}", cidr=f"10.20.{n * 16}.0/20", zone=zone, public=False)
        for n, zone in enumerate(target.zones, start=1)
    )
    return (*public, *private)


def _rule(name: str, group: str, protocol: str, port: int, *, cidrs: tuple[str, ...] = (), groups: tuple[str, ...] = ()) -> Rule:
    assert protocol in ("tcp", "udp")
    return Rule(
        name=name, group=group, protocol=protocol, first_port=port, last_port=port, cidrs=cidrs, groups=groups, reason=name
    )


def _container(name: str, image: str) -> Container:
    return Container(name=name, image=image)
