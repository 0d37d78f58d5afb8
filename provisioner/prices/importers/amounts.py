"""Figures of the clouds' files: exact, in whole nano-USD for a unit that bears it."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from provisioner.units import NANO

PRECISION: Final = Decimal("1e-4")
"""A price finer than a nano-dollar is rounded where that changes it by less than this part of it: 0.0000166667 USD for a
GB-second is 16,667 nano-dollars."""

INFINITE: Final = frozenset(("Inf", "INF", "inf", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit of ours for one of theirs: a price is multiplied by `factor`, an amount divided by it."""

    name: str
    factor: Decimal = Decimal(1)


class Unusable(ValueError):  # noqa: N818  a reason, counted in the tally
    """A figure that cannot be taken over; the message is the reason."""


def nano(price: object, unit: Unit) -> int:
    """Nano-USD for one of `unit`, from a number or a numeric string. Raises `Unusable`."""
    return _nano(str(price), unit.factor)


@lru_cache(1 << 16)
def _nano(price: str, factor: Decimal) -> int:
    try:
        exact = Decimal(price) * factor * NANO
    except InvalidOperation:
        raise Unusable("a price that is no number") from None
    if not exact.is_finite() or exact < 0:
        raise Unusable("a price below 0")
    whole = exact.to_integral_value(ROUND_HALF_UP)
    if whole != exact and abs(whole - exact) > exact * PRECISION:
        raise Unusable("a price finer than a nano-dollar")
    return int(whole)


def bound(amount: object, unit: Unit) -> int | None:
    """Where a tier starts or ends, in whole `unit`s; None: without limit. Raises `Unusable`."""
    if amount in INFINITE:
        return None
    if amount == "0":
        return 0
    try:
        exact = Decimal(str(amount)) / unit.factor
    except InvalidOperation:
        raise Unusable("a tier that is no number") from None
    if not exact.is_finite() or exact != exact.to_integral_value():
        raise Unusable("a tier that starts or ends within a unit")
    return int(exact)
