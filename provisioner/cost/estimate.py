"""Prices the charges of a plan. Pure: charges and prices in, an exact estimate out; the parts sum to the whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from provisioner.cost.model import Charge, Estimate, Item, Machine, Missing, Range
from provisioner.cost.tiers import formula, price
from provisioner.prices.tariff import AmbiguousPrice, MissingPrice, Tariff, Tariffs
from provisioner.units import ZERO, Money

IDLE: Final = "(idle)"


def estimate(cloud: str, region: str, charges: Iterable[Charge], machines: Sequence[Machine], prices: Tariffs) -> Estimate:
    """Every charge priced by its tiers, or listed as missing with the reason; nothing is left out or taken as free."""
    items = list[Item]()
    missing = list[Missing]()
    hosts = dict[str, Money]()
    priced = dict[object, Item]()
    for charge in charges:
        key = (charge.region, charge.kind, charge.item, charge.quantity, charge.steps)
        try:
            known = priced.get(key)
            if known is None:
                known = priced[key] = _item(cloud, charge, prices.tariff(cloud, charge.region, charge.kind, charge.item))
            item = known if known.name == charge.name else replace(known, name=charge.name)
        except (MissingPrice, AmbiguousPrice) as error:
            missing.append(Missing(name=charge.name, reason=str(error)))
            continue
        items.append(item)
        if charge.workload:
            hosts[charge.workload] = hosts.get(charge.workload, ZERO) + item.monthly.typical
    return Estimate(
        cloud=cloud,
        region=region,
        monthly=sum((item.monthly for item in items), Range()),
        items=tuple(items),
        missing=tuple(missing),
        by_workload=_by_workload(machines, hosts),
    )


def together(estimates: Sequence[Estimate]) -> Estimate:
    """The estimates of one deployment's clouds as one, in the place of the first. Every item says its own cloud and region."""
    first, *others = estimates
    if not others:
        return first
    shares: dict[str, Money] = {}
    for one in estimates:
        for name, amount in one.by_workload.items():
            shares[name] = shares.get(name, ZERO) + amount
    return Estimate(
        cloud=first.cloud,
        region=first.region,
        monthly=sum((one.monthly for one in estimates), Range()),
        items=tuple(item for one in estimates for item in one.items),
        missing=tuple(missing for one in estimates for missing in one.missing),
        by_workload=shares,
    )


def _item(cloud: str, charge: Charge, tariff: Tariff) -> Item:
    quantity = charge.quantity
    steps = charge.steps if tariff.kind == charge.kind else ()  # a commitment takes the place of sustained use
    return Item(
        name=charge.name,
        kind=charge.kind,
        item=charge.item,
        cloud=cloud,
        region=charge.region,
        quantity=quantity.typical,
        unit=tariff.unit,
        unit_price=tariff.tiers[0].price,
        monthly=Range(
            low=price(tariff, quantity.low, steps),
            typical=price(tariff, quantity.typical, steps),
            high=price(tariff, quantity.high, steps),
        ),
        formula=formula(tariff, quantity.typical, steps),
        source=tariff.source,
        price_date=tariff.date,
    )


def _by_workload(machines: Sequence[Machine], hosts: Mapping[str, Money]) -> Mapping[str, Money]:
    """Each workload's part of its hosts and their disks in a typical month, by name; what nobody asked for is idle."""
    parts = dict[str, Money]()
    for machine in machines:
        for name, part in split(hosts.get(machine.name, ZERO), machine.shares).items():
            parts[name] = parts.get(name, ZERO) + part
    idle = {IDLE: parts.pop(IDLE)} if IDLE in parts else {}
    return dict(sorted(parts.items())) | idle


def split(total: Money, shares: Mapping[str, Decimal]) -> Mapping[str, Money]:
    """`total` by shares, with the rest as `(idle)`; the parts sum to `total` exactly.

    A workload's share is the larger of its shares of CPU and memory, so all shares may exceed the host: then they are
    scaled down to it, and nothing is idle.
    """
    whole = max(sum(shares.values(), Decimal(0)), Decimal(1))
    parts = dict[str, Money]()
    upto, given = Decimal(0), ZERO
    for name, share in sorted(shares.items()):
        upto += share
        reached = total.times(upto / whole)
        parts[name] = reached - given
        given = reached
    return parts | {IDLE: total - given}
