"""Sustained use on Google Cloud, by family and pro rata by hours, with the arithmetic written out."""

from decimal import Decimal

import example_plan
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.cost.resources.gcp_machines import sustained
from provisioner.cost.tiers import formula, price
from provisioner.prices.sustained import discounted, full_month
from provisioner.units import ZERO, Money

# Lists in us-central1: https://cloud.google.com/compute/vm-instance-pricing
CASES = [
    # 182.5 * 0.19 * (1 + 0.8 + 0.6 + 0.4) = 34.675 * 2.8
    ("n1-standard-4", "0.19", "730", "97.09"),
    # Half a month: 34.675 * (1 + 0.8)
    ("n1-standard-4", "0.19", "365", "62.415"),
    # A quarter and 10 hours: 34.675 + 10 * 0.19 * 0.8
    ("n1-standard-4", "0.19", "192.5", "36.195"),
    ("n1-standard-4", "0.19", "182.5", "34.675"),
    # 182.5 * 0.4 * (1 + 0.8678 + 0.733 + 0.6) = 73 * 3.2008
    ("n2-standard-8", "0.4", "730", "233.6584"),
    ("n2d-standard-8", "0.4", "730", "233.6584"),
    # 73 + 10 * 0.4 * 0.8678
    ("c2-standard-8", "0.4", "192.5", "76.4712"),
    ("f1-micro", "0.01", "730", "5.11"),
    # No family named C2 in C2D; none for E2, T2D, C3, G2, A2
    ("c2d-standard-8", "0.4", "730", "292"),
    ("e2-standard-8", "0.4", "730", "292"),
    ("t2d-standard-8", "0.4", "730", "292"),
    ("c3-standard-8", "0.4", "730", "292"),
    ("g2-standard-8", "0.4", "730", "292"),
    ("a2-highgpu-1g", "0.4", "730", "292"),
    ("n4-standard-8", "0.4", "730", "292"),
]


@pytest.mark.parametrize(("machine", "usd", "hours", "expected"), CASES)
def test_what_is_left_of_the_list(machine: str, usd: str, hours: str, expected: str) -> None:
    tariff = example_plan.tariff((0, None, usd))
    assert price(tariff, Decimal(hours), sustained(machine, spot=False)) == Money.parse(expected)


@pytest.mark.parametrize("machine", ["n1-standard-1", "n2d-standard-2", "f1-micro", "e2-micro", "g2-standard-4"])
def test_a_whole_month_costs_its_hours_at_the_sustained_price(machine: str) -> None:
    """The price of an hour that importers write for a month, and the walk of the estimate: one rule."""
    tariff, hour = example_plan.tariff((0, None, "0.5")), Money.parse("0.5")
    assert full_month(machine, hour).times(730) == price(tariff, Decimal(730), sustained(machine, spot=False))
    assert (full_month(machine, hour) < hour) == discounted(machine)


def test_spot_has_no_sustained_use() -> None:
    assert sustained("n1-standard-4", spot=True) == ()


def test_the_formula_states_every_quarter() -> None:
    tariff = example_plan.tariff((0, None, "0.4"))
    assert formula(tariff, Decimal(730), sustained("n1-standard-8", spot=False)) == (
        "182.5 hour * 0.4 USD + 182.5 hour * 0.32 USD + 182.5 hour * 0.24 USD + 182.5 hour * 0.16 USD"
    )


hours = st.decimals(min_value=0, max_value=730, places=2)


@given(st.sampled_from([machine for machine, *_ in CASES]), hours, hours)
def test_more_hours_never_cost_less_and_never_more_than_the_list(machine: str, one: Decimal, other: Decimal) -> None:
    tariff, steps = example_plan.tariff((0, None, "0.4")), sustained(machine, spot=False)
    less, more = sorted((one, other))
    assert ZERO <= price(tariff, less, steps) <= price(tariff, more, steps) <= price(tariff, more)
