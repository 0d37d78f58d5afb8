"""The walk over a tariff's tiers: what an amount of use costs, exactly, and the arithmetic in words."""

from collections.abc import Iterator
from decimal import Decimal

from provisioner.prices.tariff import MissingPrice, Tariff, Tier
from provisioner.units import ZERO, Money


def price(tariff: Tariff, quantity: Decimal) -> Money:
    """Each unit at the price of the tier it falls in, summed exactly and rounded once, half up, to a nano-dollar.

    Raises `MissingPrice` for use above the last tier that has a price.
    """
    exact = sum((Decimal(tier.price.nano) * used for tier, used in _walk(tariff, quantity)), Decimal(0))
    return Money(1).times(exact)


def formula(tariff: Tariff, quantity: Decimal) -> str:
    """`100 GB free + 900 GB * 0.09 USD`."""
    unit = tariff.unit
    parts = [
        f"{_plain(used)} {unit} free" if tier.price == ZERO else f"{_plain(used)} {unit} * {_plain(tier.price.decimal)} USD"
        for tier, used in _walk(tariff, quantity)
    ]
    return " + ".join(parts) or f"0 {unit}"


def _walk(tariff: Tariff, quantity: Decimal) -> Iterator[tuple[Tier, Decimal]]:
    """Every tier that is used, with the amount that falls in it."""
    for tier in tariff.tiers:
        if quantity <= tier.start:
            return
        upper = quantity if tier.end is None else min(quantity, Decimal(tier.end))
        yield tier, upper - tier.start
    last = tariff.tiers[-1].end
    if last is not None and quantity > last:
        raise MissingPrice(
            f"no price of {tariff.kind} {tariff.item} above {last} {tariff.unit} in {tariff.cloud} {tariff.region}"
        )


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
