"""Plans and machines for the cost tests, from a few words of a case file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from provisioner.cost.model import Machine
from provisioner.errors import Place
from provisioner.plan.model import Address, Balancer, Bucket, Budget, HostGroup, Network, Plan, Target, Volume
from provisioner.prices.offers import Offer
from provisioner.prices.tariff import MissingPrice, Tariff, Tier
from provisioner.resolve.model import Needs
from provisioner.units import Money

BUDGET_PLACE = Place(file="demo.yaml", line=9, column=12, path="demo/platform/budget")


def plan(case: Mapping[str, Any], *, cloud: str = "acme", region: str = "north") -> Plan:
    """`zones`, `egress`, `volumes: {name: [kind, size, days of backups]}`, `buckets`, `addresses`, `budget`,
    `balancers: {name: address}`."""
    zones = tuple(f"zone-{number}" for number in range(1, case.get("zones", 2) + 1))
    budget = case.get("budget")
    return Plan(
        name="demo/platform",
        target=Target(cloud=cloud, region=region, zones=zones),
        network=Network(cidr="10.0.0.0/16", subnets=(), egress=case.get("egress", "none")),
        groups=(HostGroup(name="app", minimum=1, maximum=1, needs=Needs(millicpu=1000, memory_mib=1024)),),
        volumes=tuple(
            Volume(name=name, kind=kind, size_gib=size, host="app-1", zone=zones[0], path=f"/{name}", backup_days=sum(backup))
            for name, (kind, size, *backup) in case.get("volumes", {}).items()
        ),
        buckets=tuple(Bucket(name=name) for name in case.get("buckets", [])),
        addresses=tuple(Address(name=name) for name in case.get("addresses", [])),
        balancers=tuple(
            Balancer(name=name, type="tcp", workload="w", service="s", port=80, backend_port=80, address=address or "")
            for name, address in case.get("balancers", {}).items()
        ),
        budget=Budget(monthly=Money.parse(budget), hard=case.get("hard", True), place=BUDGET_PLACE) if budget else None,
    )


def machine(
    name: str, offered: Offer, *, spot: bool = False, disk: int = 30, shares: Mapping[str, Decimal] | None = None
) -> Machine:
    return Machine(name=name, offer=offered, spot=spot, disk_gib=disk, disk_kind="SSD", shares=shares or {})


def offer(name: str = "medium", *, cloud: str = "acme", region: str = "north") -> Offer:
    return Offer(
        cloud=cloud,
        region=region,
        machine=name,
        millicpu=2000,
        memory_mib=4096,
        arch="amd64",
        gpu=0,
        hourly=Money.parse("0.1"),
        spot=None,
        source="https://prices.example",
        date="2026-11-01",
    )


def tariff(*tiers: tuple[int, int | None, str], unit: str = "hour", kind: str = "machine", item: str = "medium") -> Tariff:
    return Tariff(
        cloud="acme",
        region="north",
        kind=kind,
        item=item,
        unit=unit,
        tiers=tuple(Tier(start=start, end=end, price=Money.parse(usd)) for start, end, usd in tiers),
        source="https://prices.example",
        date="2026-11-01",
    )


@dataclass(frozen=True)
class Table:
    """Tariffs by (kind, item); everything else is missing."""

    tariffs: Sequence[Tariff]

    def tariff(self, cloud: str, region: str, kind: str, item: str) -> Tariff:
        for found in self.tariffs:
            if (found.cloud, found.region, found.kind, found.item) == (cloud, region, kind, item):
                return found
        raise MissingPrice(f"no price of {kind} {item} in {cloud} {region}")
