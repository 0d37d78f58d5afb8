"""The ways to buy a machine: on demand, spot, and against a promise of one or three years."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from provisioner.units import Money

HOURS_PER_YEAR: Final = 8760
"""How the clouds themselves spread an upfront fee."""

ON_DEMAND: Final = "machine"
SPOT: Final = "spot"
SUSTAINED: Final = "sustained"
"""The hour of a machine that runs the whole month, after the discount that the cloud gives by itself."""

_PROMISES: Final = ("reserved", "convertible", "savings", "compute-savings", "committed")
_PAYMENTS: Final = ("", "-no-upfront", "-partial-upfront", "-all-upfront")

COMMITMENTS: Final = tuple(f"{promise}-{years}y{payment}" for promise in _PROMISES for years in (1, 3) for payment in _PAYMENTS)
"""`reserved-3y-all-upfront`, `savings-1y`, `committed-1y`: the kinds under which tables hold them, by the hour."""

COMMITMENTS_IN_WORDS: Final = (
    f"{', '.join(f'{promise}-1y' for promise in _PROMISES)}, or the same with 3y, and where a cloud has it "
    f"with {', '.join(payment for payment in _PAYMENTS if payment)} behind"
)

PURCHASES: Final = (ON_DEMAND, SPOT, SUSTAINED, *COMMITMENTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOption:
    """One way to pay for a machine. What an hour costs in the end is `effective`: fee and hourly rate together."""

    kind: str
    """Its kind in the tables, one of `PURCHASES`; `Prices.tariff` with it gives `effective`."""
    years: int
    """Length of the promise; 0 for none."""
    upfront: Money
    """Paid once for all years."""
    hourly: Money
    """Paid for every hour of the term beside the fee."""
    effective: Money
    source: str
    date: str


def amortised(hourly: int, upfront: int, years: int) -> int:
    """Nano-USD an hour: the rate and the fee over all hours of the term (8,760 a year), rounded half up.

    A reservation of 1,309 USD for three years is 0.049809741 USD an hour.
    """
    if not upfront:
        return hourly
    return hourly + int((Decimal(upfront) / (HOURS_PER_YEAR * years)).to_integral_value(ROUND_HALF_UP))
