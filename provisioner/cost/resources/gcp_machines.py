"""Sustained use on Compute Engine: the longer a machine runs in a month, the less of the list price its hours cost.

The families and what is left of the list price in each quarter of a month stand in `prices/sustained`, with their source.
"""

from decimal import Decimal

from provisioner.cost.model import Step
from provisioner.prices.sustained import RATES
from provisioner.units import HOURS_PER_MONTH


def sustained(machine: str, *, spot: bool) -> tuple[Step, ...]:
    """The steps of a machine type such as `n2-standard-4`; none where its family has no such discount, and none for spot."""
    rates = () if spot else RATES.get(machine.partition("-")[0], ())
    quarter = Decimal(HOURS_PER_MONTH) / max(len(rates), 1)
    return tuple(Step(end=quarter * number, factor=rate) for number, rate in enumerate(rates, start=1))
