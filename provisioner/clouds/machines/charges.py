"""What machines that are there already cost: what their owner says of each, a month. Of the others nobody knows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from provisioner.clouds.inventory import Inventory
from provisioner.cost.charges import monthly
from provisioner.cost.model import Charge, Machine
from provisioner.cost.usage import Usage
from provisioner.plan.model import Plan
from provisioner.prices.tariff import Tariff, Tier


def charges(inventory: Inventory, plan: Plan, machines: Sequence[Machine], usage: Usage) -> Iterator[Charge]:
    """Whole months: a machine is paid for whether or not it runs."""
    del usage
    for machine in machines:
        if inventory[machine.offer.machine].monthly is not None:
            charge = monthly(plan, f"host {machine.name}", "machine", machine.offer.machine, 1)
            yield replace(charge, workload=machine.name)


def tariffs(inventory: Inventory, cloud: str, region: str) -> Iterator[Tariff]:
    for one in inventory.values():
        if one.monthly is not None:
            tiers = (Tier(start=0, end=None, price=one.monthly),)
            source = f"the inventory: {one.place.path}"
            yield Tariff(
                cloud=cloud, region=region, kind="machine", item=one.name, unit="month", tiers=tiers, source=source, date=""
            )
