"""The walk over a tariff's tiers: what an amount of use costs, exactly, and the arithmetic in words."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from provisioner.cost.model import Step
from provisioner.prices.tariff import MissingPrice, Tariff
from provisioner.units import ZERO, Money


def price(tariff: Tariff, quantity: Decimal, steps: Sequence[Step] = ()) -> Money:
    """Each unit at the price of the tier it falls in, summed exactly and rounded once, half up, to a nano-dollar.

    `steps` take off what sustained use takes off. Raises `MissingPrice` for use above the last tier that has a price.
    """
    return Money(1).times(sum((nano * used for nano, used in _parts(tariff, quantity, steps)), Decimal(0)))


def formula(tariff: Tariff, quantity: Decimal, steps: Sequence[Step] = ()) -> str:
    """`100 GB free + 900 GB * 0.09 USD`."""
    unit = tariff.unit
    parts = [
        f"{plain(used)} {unit} free" if nano == ZERO.nano else f"{plain(used)} {unit} * {plain(nano.scaleb(-9))} USD"
        for nano, used in _parts(tariff, quantity, steps)
    ]
    return " + ".join(parts) or f"0 {unit}"


def plain(number: Decimal) -> str:
    """Without an exponent and without trailing zeros: `0.0000004`, `730`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _parts(tariff: Tariff, quantity: Decimal, steps: Sequence[Step]) -> Iterator[tuple[Decimal, Decimal]]:
    """The nano-price of a unit and how many units have it, in the order of use."""
    reached = Decimal(0)
    for step in steps:
        upper = min(step.end, quantity)
        for nano, used in _walk(tariff, reached, upper):
            yield nano * step.factor, used
        reached = max(reached, upper)
    yield from _walk(tariff, reached, quantity)


def _walk(tariff: Tariff, start: Decimal, quantity: Decimal) -> Iterator[tuple[Decimal, Decimal]]:
    """Every tier that is used between `start` and `quantity`, with the amount that falls in it."""
    if quantity <= start:
        return
    for tier in tariff.tiers:
        if quantity <= tier.start:
            return
        lower = max(start, Decimal(tier.start))
        upper = quantity if tier.end is None else min(quantity, Decimal(tier.end))
        if upper > lower:
            yield Decimal(tier.price.nano), upper - lower
    last = tariff.tiers[-1].end
    if last is not None and quantity > last:
        raise MissingPrice(
            f"no price of {tariff.kind} {tariff.item} above {last} {tariff.unit} in {tariff.cloud} {tariff.region}"
        )
