"""What Google Cloud bills for a plan.

Cloud NAT costs by the hour of each VM it serves, 32 at most, and by the GiB. Addresses cost while a VM or Cloud NAT uses
them, nothing at a forwarding rule, and more while nothing uses them. The first five forwarding rules of a region cost
as much as one. Source: https://cloud.google.com/nat/pricing, https://cloud.google.com/vpc/network-pricing,
https://cloud.google.com/load-balancing/pricing.
"""

from collections.abc import Iterator, Sequence

from provisioner.cost.charges import (
    dns_zones,
    host,
    hourly,
    monthly,
    root_disk,
    secrets,
    sends_out,
    snapshots,
    stored,
    used_addresses,
)
from provisioner.cost.model import Charge, Machine
from provisioner.cost.resources.gcp_machines import sustained
from provisioner.cost.usage import Usage
from provisioner.plan.model import Plan, VolumeKind

DISKS: dict[VolumeKind, str] = {"SSD": "pd-balanced", "HDD": "pd-standard"}
NAT_BILLED_HOSTS = 32
RULES_AT_BASE_PRICE = 5


def charges(plan: Plan, machines: Sequence[Machine], usage: Usage) -> Iterator[Charge]:
    for machine in machines:
        yield host(machine, usage, sustained(machine.offer.machine, spot=machine.spot))
        yield root_disk(machine, DISKS[machine.disk_kind], machine.disk_gib)
        if plan.network.egress == "direct":
            yield hourly(plan, f"host {machine.name}", "address", "in-use")
    for volume in plan.volumes:
        yield monthly(plan, f"volume {volume.name}", "disk", DISKS[volume.kind], volume.size_gib)
        if volume.backup_days:
            yield snapshots(plan, volume, "pd-snapshot", usage)
    yield from _network(plan, len(machines), usage)
    if plan.network.flow_log_days:
        yield monthly(plan, "flow logs", "log", "logging-ingest", usage.of("flow logs").log_gb)
    for address in plan.addresses:
        if address.name not in used_addresses(plan):
            yield hourly(plan, f"address {address.name}", "address", "idle")
    yield from _balancers(plan, usage)
    for bucket in plan.buckets:
        yield from stored(plan, bucket, "standard", usage)
    yield from secrets(plan, usage)
    yield from dns_zones(plan, usage)


def _network(plan: Plan, hosts: int, usage: Usage) -> Iterator[Charge]:
    """One Cloud NAT with one automatic address in the region. One that exists bills each VM, too, but has its address."""
    if plan.network.egress == "nat":
        yield hourly(plan, "network", "nat", "vm", count=min(hosts, NAT_BILLED_HOSTS))
        if not plan.network.existing:
            yield hourly(plan, "network", "address", "in-use")
        yield monthly(plan, "network", "nat", "data", usage.nat_gb)
    if usage.zone_gb.high:
        yield monthly(plan, "network", "egress", "between-zones", usage.zone_gb)
    if sends_out(plan):
        yield monthly(plan, "network", "egress", "internet", usage.egress_gb)


def _balancers(plan: Plan, usage: Usage) -> Iterator[Charge]:
    """Those that read HTTP have global forwarding rules, https two of them: they are counted apart from a region's."""
    regional = sum(balancer.type in ("tcp", "udp") for balancer in plan.balancers)
    world = sum({"http": 1, "https": 2}.get(balancer.type, 0) for balancer in plan.balancers)
    for name, rules in (("balancers", regional), ("global balancers", world)):
        if rules:
            yield hourly(plan, name, "balancer", "rules-first-five")
        if rules > RULES_AT_BASE_PRICE:
            yield hourly(plan, name, "balancer", "rule-additional", count=rules - RULES_AT_BASE_PRICE)
    for balancer in plan.balancers:
        name = f"balancer {balancer.name}"
        yield monthly(plan, name, "balancer", "data", usage.of(name).balancer_gb)
