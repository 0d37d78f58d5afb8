"""Sustained-use discount of Google Cloud: the longer a machine runs in a month, the less each further quarter costs.

Source: https://cloud.google.com/compute/docs/sustained-use-discounts. Families that are not named there have none.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from provisioner.units import HOURS_PER_MONTH, ZERO, Money

_THIRTY: Final = (Decimal(1), Decimal("0.8"), Decimal("0.6"), Decimal("0.4"))
_TWENTY: Final = (Decimal(1), Decimal("0.8678"), Decimal("0.733"), Decimal("0.6"))

RATES: Final[Mapping[str, tuple[Decimal, ...]]] = {
    **dict.fromkeys(("n1", "m1", "m2", "f1", "g1"), _THIRTY),
    **dict.fromkeys(("n2", "n2d", "c2"), _TWENTY),
}
"""Share of the list price in each quarter of a month: 70 % or 80.02 % of it are left for a whole month."""


def discounted(machine: str) -> bool:
    return machine.split("-", maxsplit=1)[0] in RATES


def sustained(machine: str, hourly: Money, hours: int | Decimal) -> Money:
    """What `hours` hours of one month cost. A family without the discount costs `hourly` throughout.

    Raises `ValueError` for more hours than a month has, or fewer than none.
    """
    if not 0 <= hours <= HOURS_PER_MONTH:
        raise ValueError(f"expected 0 to {HOURS_PER_MONTH} hours in a month, found {hours}")
    rates = RATES.get(machine.split("-", maxsplit=1)[0], (Decimal(1),))
    width = Decimal(HOURS_PER_MONTH) / len(rates)
    parts = (rate * min(max(Decimal(hours) - width * index, Decimal(0)), width) for index, rate in enumerate(rates))
    return hourly.times(sum(parts, Decimal(0)))


def full_month(machine: str, hourly: Money) -> Money:
    """The hour's price of a machine that runs the whole month."""
    rates = RATES.get(machine.split("-", maxsplit=1)[0], (Decimal(1),))
    return hourly.times(sum(rates, Decimal(0)) / len(rates)) if hourly > ZERO else ZERO
