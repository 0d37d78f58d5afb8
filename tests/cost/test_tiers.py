"""The tier walk: the arithmetic of a bill, and what must always hold of it."""

from decimal import Decimal

import example_plan
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.cost.tiers import formula, price
from provisioner.prices.tariff import MissingPrice, Tariff, Tier
from provisioner.units import Money

EGRESS = example_plan.tariff(
    (0, 100, "0"), (100, 10240, "0.09"), (10240, 51200, "0.085"), (51200, None, "0.07"), unit="GB", kind="egress", item="internet"
)
BOUNDED = example_plan.tariff((0, 100, "0.2"), (100, 500, "0.1"), unit="GB", kind="egress", item="internet")


@pytest.mark.parametrize(
    ("quantity", "usd", "written"),
    [
        ("0", "0", "0 GB"),
        ("100", "0", "100 GB free"),
        ("101", "0.09", "100 GB free + 1 GB * 0.09 USD"),
        ("1000", "81", "100 GB free + 900 GB * 0.09 USD"),
        # 10,140 * 0.09 = 912.60; 960 * 0.085 = 81.60
        ("11200", "994.2", "100 GB free + 10140 GB * 0.09 USD + 960 GB * 0.085 USD"),
        # 912.60 + 40,960 * 0.085 = 3,481.60 + 48,800 * 0.07 = 3,416.00
        ("100000", "7810.2", "100 GB free + 10140 GB * 0.09 USD + 40960 GB * 0.085 USD + 48800 GB * 0.07 USD"),
        ("100.5", "0.045", "100 GB free + 0.5 GB * 0.09 USD"),
    ],
)
def test_each_unit_costs_the_price_of_its_tier(quantity: str, usd: str, written: str) -> None:
    assert price(EGRESS, Decimal(quantity)) == Money.parse(usd)
    assert formula(EGRESS, Decimal(quantity)) == written


def test_use_above_the_last_price_is_missing_and_not_free() -> None:
    assert price(BOUNDED, Decimal(500)) == Money.parse("60")
    with pytest.raises(MissingPrice, match="above 500 GB in acme north"):
        price(BOUNDED, Decimal("500.001"))


def test_a_sum_is_rounded_once() -> None:
    """Three thirds of a nano-dollar are one: rounding each tier would lose them."""
    tiers = tuple(Tier(start=n, end=None if n == 2 else n + 1, price=Money(1)) for n in range(3))
    split = Tariff(cloud="a", region="r", kind="k", item="i", unit="GB", tiers=tiers, source="s", date="2026-11-01")
    whole = example_plan.tariff((0, None, "0.000000001"))
    assert price(split, Decimal("2.4")) == price(whole, Decimal("2.4")) == Money(2)


quantities = st.decimals(min_value=0, max_value=200_000, places=3)
prices = st.integers(0, 10**9).map(Money)


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    bounds = sorted(draw(st.sets(st.integers(1, 100_000), max_size=5)))
    edges = [0, *bounds]
    ends = [*bounds, None]
    tiers = tuple(Tier(start=start, end=end, price=draw(prices)) for start, end in zip(edges, ends, strict=True))
    return Tariff(cloud="a", region="r", kind="k", item="i", unit="GB", tiers=tiers, source="s", date="2026-11-01")


@given(tariffs(), quantities, st.integers(1, 100_000))
def test_splitting_a_tier_changes_nothing(tariff: Tariff, quantity: Decimal, at: int) -> None:
    tiers = list[Tier]()
    for tier in tariff.tiers:
        if tier.start < at and (tier.end is None or at < tier.end):
            tiers += [Tier(start=tier.start, end=at, price=tier.price), Tier(start=at, end=tier.end, price=tier.price)]
        else:
            tiers.append(tier)
    split = Tariff(cloud="a", region="r", kind="k", item="i", unit="GB", tiers=tuple(tiers), source="s", date="2026-11-01")
    assert price(split, quantity) == price(tariff, quantity)


@given(tariffs(), quantities, quantities)
def test_more_use_never_costs_less(tariff: Tariff, one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))
    assert price(tariff, less) <= price(tariff, more)


@given(tariffs(), quantities)
def test_a_bill_lies_between_its_cheapest_and_its_dearest_tier(tariff: Tariff, quantity: Decimal) -> None:
    each = [tier.price for tier in tariff.tiers]
    assert min(each).times(quantity) <= price(tariff, quantity) <= max(each).times(quantity)
