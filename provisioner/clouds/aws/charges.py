"""What AWS bills for a plan.

Every public IPv4 address costs the same by the hour, whoever made it: the one of each NAT gateway, those of hosts with
direct egress, those of balancers, and the plan's own, used or not.
Source: https://aws.amazon.com/vpc/pricing/ (NAT gateways, addresses), https://aws.amazon.com/ebs/pricing/,
https://aws.amazon.com/elasticloadbalancing/pricing/ (one LCU-hour carries 1 GB of data).
"""

from collections.abc import Iterator, Sequence

from provisioner.cost.charges import dns_zones, host, hourly, monthly, root_disk, scaled, secrets, sends_out, snapshots, stored
from provisioner.cost.model import Charge, Machine
from provisioner.cost.usage import Usage
from provisioner.plan.model import Plan, VolumeKind

DISKS: dict[VolumeKind, str] = {"SSD": "gp3", "HDD": "st1"}
"""gp3 is created with the 3,000 IOPS and 125 MiB/s that its price by the GiB includes."""


def charges(plan: Plan, machines: Sequence[Machine], usage: Usage) -> Iterator[Charge]:
    for machine in machines:
        yield host(machine, usage)
        yield root_disk(machine, DISKS[machine.disk_kind], machine.disk_gib)
        if plan.network.egress == "direct":
            yield hourly(plan, f"host {machine.name}", "address", "public-ipv4")
    for volume in plan.volumes:
        yield monthly(plan, f"volume {volume.name}", "disk", DISKS[volume.kind], volume.size_gib)
        if volume.backup_days:
            yield snapshots(plan, volume, "ebs", usage)
    yield from _network(plan, usage)
    if plan.network.flow_log_days:
        yield monthly(plan, "flow logs", "log", "cloudwatch-ingest", usage.of("flow logs").log_gb)
    for address in plan.addresses:
        yield hourly(plan, f"address {address.name}", "address", "public-ipv4")
    yield from _balancers(plan, usage)
    for bucket in plan.buckets:
        yield from stored(plan, bucket, "s3-standard", usage)
    yield from secrets(plan, usage)
    yield from dns_zones(plan, usage)


def _network(plan: Plan, usage: Usage) -> Iterator[Charge]:
    """One NAT gateway with one address in each zone. Traffic between zones is billed to its sender and its receiver."""
    zones = len(plan.target.zones)
    if plan.network.egress == "nat":
        if not plan.network.existing:
            yield hourly(plan, "network", "nat", "gateway", count=zones)
            yield hourly(plan, "network", "address", "public-ipv4", count=zones)
        yield monthly(plan, "network", "nat", "data", usage.nat_gb)
    if usage.zone_gb.high:
        yield monthly(plan, "network", "egress", "between-zones", scaled(usage.zone_gb, 2))
    if sends_out(plan):
        yield monthly(plan, "network", "egress", "internet", usage.egress_gb)


def _balancers(plan: Plan, usage: Usage) -> Iterator[Charge]:
    """A network load balancer has an address in each zone; one that uses an address of the plan stands in that one's zone."""
    for balancer in plan.balancers:
        name = f"balancer {balancer.name}"
        item = "alb" if balancer.type in ("http", "https") else "nlb"
        yield hourly(plan, name, "balancer", item)
        yield monthly(plan, name, "balancer", f"{item}-lcu", usage.of(name).balancer_gb)
        if not balancer.address:
            yield hourly(plan, name, "address", "public-ipv4", count=len(plan.target.zones))
