"""What Azure bills for a plan.

Managed disks are sold in sizes and cost the whole size. Every standard public IPv4 address costs by the hour: that of
the NAT gateway, those of hosts with direct egress, of balancers, and the plan's own.
Source: https://azure.microsoft.com/pricing/details/managed-disks/, …/ip-addresses/, …/azure-nat-gateway/,
…/load-balancer/ (the first five rules of a balancer cost as much as one).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from provisioner.cost.charges import dns_zones, host, hourly, monthly, root_disk, scaled, sends_out, snapshots, stored
from provisioner.cost.model import Charge, Machine
from provisioner.cost.resources.azure_disks import disk
from provisioner.cost.usage import Usage
from provisioner.plan.model import Plan, VolumeKind

SERIES: dict[VolumeKind, str] = {"SSD": "P", "HDD": "S"}
"""Premium SSD and Standard HDD, both with locally redundant storage."""

RULES_AT_BASE_PRICE = 5

CAPACITY_HOURS_A_GB = Decimal(8000) / Decimal("2.22") / 3600
"""A capacity unit carries 2.22 Mbit/s, so that a gigabyte takes one for about an hour (Application Gateway, "Pricing")."""


def charges(plan: Plan, machines: Sequence[Machine], usage: Usage) -> Iterator[Charge]:
    for machine in machines:
        yield host(machine, usage)
        yield root_disk(machine, disk(SERIES[machine.disk_kind], machine.disk_gib), 1)
        if plan.network.egress == "direct":
            yield hourly(plan, f"host {machine.name}", "address", "standard-static")
    for volume in plan.volumes:
        yield monthly(plan, f"volume {volume.name}", "disk", disk(SERIES[volume.kind], volume.size_gib), 1)
        if volume.backup_days:
            yield snapshots(plan, volume, "disk-snapshot", usage)
    yield from _network(plan, usage)
    if plan.network.flow_log_days:
        yield monthly(plan, "flow logs", "log", "flow-logs", usage.of("flow logs").log_gb)
    for address in plan.addresses:
        yield hourly(plan, f"address {address.name}", "address", "standard-static")
    yield from _balancers(plan, usage)
    for bucket in plan.buckets:
        yield from stored(plan, bucket, "hot-lrs", usage)
    if plan.stored_secrets:
        yield monthly(plan, "key vault", "key", "vault-requests", usage.of("key vault").key_requests)
    yield from dns_zones(plan, usage)


def _network(plan: Plan, usage: Usage) -> Iterator[Charge]:
    """One NAT gateway with one address."""
    if plan.network.egress == "nat":
        if not plan.network.existing:
            yield hourly(plan, "network", "nat", "gateway")
            yield hourly(plan, "network", "address", "standard-static")
        yield monthly(plan, "network", "nat", "data", usage.nat_gb)
    if sends_out(plan):
        yield monthly(plan, "network", "egress", "internet", usage.egress_gb)


def _balancers(plan: Plan, usage: Usage) -> Iterator[Charge]:
    """One load balancer for each address: those of the plan are shared by the balancers that name them.

    A balancer that reads HTTP is a gateway: an hourly price, and capacity units, each of which carries 2.22 Mbit/s.
    """
    passing = [balancer for balancer in plan.balancers if balancer.type in ("tcp", "udp")]
    rules = Counter(balancer.address or f"balancer {balancer.name}" for balancer in passing)
    for frontend, count in rules.items():
        name = frontend if frontend.startswith("balancer ") else f"balancers at {frontend}"
        yield hourly(plan, name, "balancer", "rules-first-five")
        if count > RULES_AT_BASE_PRICE:
            yield hourly(plan, name, "balancer", "rule-additional", count=count - RULES_AT_BASE_PRICE)
    for balancer in plan.balancers:
        name = f"balancer {balancer.name}"
        if balancer in passing:
            yield monthly(plan, name, "balancer", "data", usage.of(name).balancer_gb)
        else:
            yield hourly(plan, name, "balancer", "gateway-v2")
            yield monthly(plan, name, "balancer", "gateway-v2-capacity", scaled(usage.of(name).balancer_gb, CAPACITY_HOURS_A_GB))
        if not balancer.address:
            yield hourly(plan, name, "address", "standard-static")
