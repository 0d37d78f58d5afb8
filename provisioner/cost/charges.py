"""The charges that every cloud bills alike, so that a cloud's own module states only what differs."""

from collections.abc import Iterator
from decimal import Decimal

from provisioner.cost.model import Charge, Machine, Quantity, Step
from provisioner.cost.usage import Usage
from provisioner.plan.model import Bucket, Plan, Volume
from provisioner.units import HOURS_PER_MONTH


def host(machine: Machine, usage: Usage, steps: tuple[Step, ...] = ()) -> Charge:
    """The machine for the hours it runs, on demand or spot. A spot host without a spot price is missing, never on demand."""
    return Charge(
        name=f"host {machine.name}",
        kind="spot" if machine.spot else "machine",
        item=machine.offer.machine,
        region=machine.offer.region,
        quantity=usage.of(f"host {machine.name}").host_hours,
        workload=machine.name,
        steps=steps,
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


def snapshots(plan: Plan, volume: Volume, item: str, usage: Usage) -> Charge:
    """What daily snapshots of a volume hold: the whole disk once, and for each further day what changes in a day."""
    percent = usage.of(f"volume {volume.name}").snapshot_percent
    held = scaled(percent, Decimal(volume.size_gib) * (volume.backup_days - 1) / 100)
    whole = Quantity.fixed(volume.size_gib)
    return monthly(plan, f"volume {volume.name}", "snapshot", item, added(whole, held))


def scaled(quantity: Quantity, factor: Decimal | int) -> Quantity:
    return Quantity(low=quantity.low * factor, typical=quantity.typical * factor, high=quantity.high * factor)


def added(one: Quantity, other: Quantity) -> Quantity:
    return Quantity(low=one.low + other.low, typical=one.typical + other.typical, high=one.high + other.high)


def stored(plan: Plan, bucket: Bucket, item: str, usage: Usage) -> Iterator[Charge]:
    """What a bucket holds, and the requests to it where the usage states any."""
    name = f"bucket {bucket.name}"
    own = usage.of(name)
    yield monthly(plan, name, "bucket", item, own.bucket_gib)
    for suffix, requests in (("write", own.bucket_writes), ("read", own.bucket_reads)):
        if requests.high:
            yield monthly(plan, name, "bucket", f"{item}-{suffix}", requests)


def dns_zones(plan: Plan, usage: Usage) -> Iterator[Charge]:
    """The DNS zones that the plan creates, and the queries to them. One that exists is billed already."""
    for zone in plan.zones:
        if zone.create:
            name = f"zone {zone.name}"
            yield monthly(plan, name, "dns", "zone", 1)
            yield monthly(plan, name, "dns", "queries", usage.of(name).dns_queries)


def secrets(plan: Plan, usage: Usage) -> Iterator[Charge]:
    """The secrets that the cloud's store holds, each with one value, and the reads of them."""
    for secret in plan.stored_secrets:
        name = f"secret {secret.name}"
        yield monthly(plan, name, "secret", "secret", 1)
        yield monthly(plan, name, "secret", "secret-requests", usage.of(name).key_requests)


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
