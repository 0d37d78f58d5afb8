"""What one account pays: its own prices before the list, discounts off the list, and nothing else changed."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import example_plan
import pytest
import yaml
from example_plan import Table
from hypothesis import given
from hypothesis import strategies as st

from provisioner.cost.account import LIST, Account, AccountTariffs, Commitment, Discount, discounted, offers
from provisioner.cost.account_file import load
from provisioner.cost.estimate import estimate
from provisioner.cost.model import Charge, Quantity, Step
from provisioner.errors import InputError
from provisioner.prices.tariff import AmbiguousPrice, MissingPrice
from provisioner.units import Money

CASES = yaml.safe_load((Path(__file__).parent.parent / "cases/cost/account.yaml").read_text())
LISTED = Table(
    [
        example_plan.tariff((0, None, "0.1")),
        example_plan.tariff((0, None, "0.06"), kind="reserved-1y-no-upfront"),
        example_plan.tariff((0, None, "0.2"), unit="GiB-month", kind="disk", item="ssd"),
        example_plan.tariff((0, 100, "0"), (100, None, "0.09"), unit="GB", kind="egress", item="internet"),
    ]
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_an_account(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "account.yaml"
    path.write_text(case["file"])
    if "says" in case:
        with pytest.raises(InputError) as raised:
            load(path)
        assert [str(problem).removeprefix(f"{tmp_path}/") for problem in raised.value.problems] == case["says"]
        return
    tariffs = AccountTariffs(load(path), LISTED)
    found = {name: tariffs.tariff("acme", "north", *name.split()) for name in case["prices"]}
    assert {name: [tier.price for tier in one.tiers] for name, one in found.items()} == {
        name: [Money.parse(usd) for usd in prices] for name, prices in case["prices"].items()
    }
    assert {name: found[name].source for name in case.get("sources", {})} == case.get("sources", {})


def test_what_neither_has_is_missing() -> None:
    account = Account(discounts=(Discount(percent=Decimal(100), source="a gift"),))
    with pytest.raises(MissingPrice):
        AccountTariffs(account, LISTED).tariff("acme", "south", "machine", "medium")


def test_a_promise_without_a_price_is_missing_and_two_are_ambiguous() -> None:
    """Neither falls back to the price on demand."""
    three = Commitment(option="reserved-3y")
    with pytest.raises(MissingPrice, match="reserved-3y medium"):
        AccountTariffs(Account(commitments=(three,)), LISTED).tariff("acme", "north", "machine", "medium")
    both = Account(commitments=(three, Commitment(option="reserved-1y-no-upfront")))
    with pytest.raises(AmbiguousPrice, match="several commitments"):
        AccountTariffs(both, LISTED).tariff("acme", "north", "machine", "medium")


def test_a_committed_machine_has_no_sustained_use() -> None:
    """730 hours at 0.06, not at what is left of it."""
    steps = (Step(end=Decimal(730), factor=Decimal("0.5")),)
    charge = Charge(name="host", kind="machine", item="medium", region="north", quantity=Quantity.fixed(730), steps=steps)
    account = Account(commitments=(Commitment(option="reserved-1y-no-upfront"),))
    month = [estimate("acme", "north", [charge], [], AccountTariffs(terms, LISTED)).monthly.typical for terms in (LIST, account)]
    assert month == [Money.parse("36.5"), Money.parse("43.8")]


def test_the_choice_of_machines_follows_what_is_paid() -> None:
    """big costs 0.12 on the list and 0.06 here, so it comes before medium at 0.1."""
    medium, big = example_plan.offer(), replace(example_plan.offer("big"), hourly=Money.parse("0.12"), spot=Money.parse("0.04"))
    account = Account(discounts=(Discount(percent=Decimal(50), source="a", item="big"),))
    assert [(offer.machine, offer.hourly, offer.spot) for offer in offers(account, (medium, big))] == [
        ("big", Money.parse("0.06"), Money.parse("0.02")),
        ("medium", Money.parse("0.1"), None),
    ]
    assert offers(LIST, (medium, big)) == (medium, big)


percents = st.decimals(min_value=0, max_value=100, places=2)


@given(percents, percents, st.integers(0, 10**12))
def test_a_discount_never_raises_a_price_and_a_larger_one_never_leaves_more(one: Decimal, other: Decimal, nano: int) -> None:
    listed = example_plan.tariff((0, None, str(Decimal(nano).scaleb(-9))))
    smaller, larger = (
        discounted(listed, (Discount(percent=percent, source="a"),)).tiers[0].price for percent in sorted((one, other))
    )
    assert Money(0) <= larger <= smaller <= Money(nano)
