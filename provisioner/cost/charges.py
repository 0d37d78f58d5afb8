"""The charges that every cloud bills alike, so that a cloud's own module states only what differs."""

from provisioner.cost.model import Charge, Machine, Quantity
from provisioner.plan.model import Plan
from provisioner.units import HOURS_PER_MONTH


def host(machine: Machine) -> Charge:
    """The machine for a whole month, on demand or spot. A spot host without a spot price is missing, never on demand."""
    return Charge(
        name=f"host {machine.name}",
        kind="spot" if machine.spot else "machine",
        item=machine.offer.machine,
        region=machine.offer.region,
        quantity=Quantity.fixed(HOURS_PER_MONTH),
        workload=machine.name,
    )


def root_disk(machine: Machine, item: str, amount: int) -> Charge:
    """The host's own disk: `amount` is in the item's unit, GiB or whole disks."""
    return Charge(
        name=f"host {machine.name}",
        kind="disk",
        item=item,
        region=machine.offer.region,
        quantity=Quantity.fixed(amount),
        workload=machine.name,
    )


def monthly(plan: Plan, name: str, kind: str, item: str, amount: int | Quantity) -> Charge:
    """An amount a month in the item's unit."""
    quantity = amount if isinstance(amount, Quantity) else Quantity.fixed(amount)
    return Charge(name=name, kind=kind, item=item, region=plan.target.region, quantity=quantity)


def hourly(plan: Plan, name: str, kind: str, item: str, *, count: int = 1) -> Charge:
    """`count` of them for all hours of a month."""
    return monthly(plan, name, kind, item, count * HOURS_PER_MONTH)


def sends_out(plan: Plan) -> bool:
    """Whether anything of the plan can send data to the internet."""
    return plan.network.egress != "none" or bool(plan.balancers)


def used_addresses(plan: Plan) -> frozenset[str]:
    """The plan's addresses that a balancer answers at; the others are reserved and idle."""
    return frozenset(balancer.address for balancer in plan.balancers if balancer.address)
