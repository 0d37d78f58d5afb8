"""Sustained use on Compute Engine: the longer a machine runs in a month, the less of the list price its hours cost.

Source: https://cloud.google.com/compute/docs/sustained-use-discounts (a month's quarters at 100, 80, 60 and 40 % for
general N1, M1, M2, shared core and their GPUs; at 100, 86.78, 73.3 and 60 % for N2, N2D and C2). Every other family, and
every spot machine, has none.
"""

from decimal import Decimal
from typing import Final

from provisioner.cost.model import Step
from provisioner.units import HOURS_PER_MONTH

QUARTER: Final = Decimal(HOURS_PER_MONTH) / 4


def _quarters(*factors: str) -> tuple[Step, ...]:
    return tuple(Step(end=QUARTER * number, factor=Decimal(factor)) for number, factor in enumerate(factors, start=1))


THIRTY: Final = _quarters("1", "0.8", "0.6", "0.4")
TWENTY: Final = _quarters("1", "0.8678", "0.733", "0.6")
FAMILIES: Final = {
    **dict.fromkeys(("n1", "m1", "m2", "f1", "g1"), THIRTY),
    **dict.fromkeys(("n2", "n2d", "c2"), TWENTY),
}


def sustained(machine: str, *, spot: bool) -> tuple[Step, ...]:
    """The steps of a machine type such as `n2-standard-4`; none where its family has no such discount."""
    return () if spot else FAMILIES.get(machine.partition("-")[0], ())
