"""Sustained-use discount of Google Cloud: the longer a machine runs in a month, the less each further quarter costs.

Source: https://cloud.google.com/compute/docs/sustained-use-discounts. Families that are not named there have none.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from provisioner.units import HOURS_PER_MONTH, Money

_THIRTY: Final = (Decimal(1), Decimal("0.8"), Decimal("0.6"), Decimal("0.4"))
_TWENTY: Final = (Decimal(1), Decimal("0.8678"), Decimal("0.733"), Decimal("0.6"))

RATES: Final[Mapping[str, tuple[Decimal, ...]]] = {
    **dict.fromkeys(("n1", "m1", "m2", "f1", "g1"), _THIRTY),
    **dict.fromkeys(("n2", "n2d", "c2"), _TWENTY),
}
"""Share of the list price in each quarter of a month: 70 % or 80.02 % of it are left for a whole month."""


Share = tuple[Decimal, Decimal]
"""Hours of a month up to which, and the share of the list price that hours in this part cost."""


def discounted(machine: str) -> bool:
    return _family(machine) in RATES


def quarters(machine: str) -> tuple[Share, ...]:
    """The parts of a month for a machine type, in order; none where its family has no discount."""
    rates = RATES.get(_family(machine), ())
    width = Decimal(HOURS_PER_MONTH) / max(len(rates), 1)
    return tuple((width * number, rate) for number, rate in enumerate(rates, start=1))


def full_month(machine: str, hourly: Money) -> Money:
    """The hour's price of a machine that runs the whole month."""
    rates = [rate for _, rate in quarters(machine)] or [Decimal(1)]
    return hourly.times(sum(rates, Decimal(0)) / len(rates))


def _family(machine: str) -> str:
    return machine.partition("-")[0]
