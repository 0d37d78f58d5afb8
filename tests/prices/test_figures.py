"""The arithmetic of prices: fees over terms, sustained use, and JSON that is read piece by piece."""

import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.prices.importers import json_members
from provisioner.prices.importers.amounts import Unit, Unusable, bound, nano
from provisioner.prices.importers.run import Imported
from provisioner.prices.options import amortised
from provisioner.prices.store import Prices
from provisioner.units import Money


@pytest.mark.parametrize(
    ("hourly", "upfront", "years", "effective"),
    [
        ("0.067", "0", 1, "0.067"),
        ("0", "543.12", 1, "0.062"),
        ("0.02", "525.60", 3, "0.04"),
        ("0", "644", 1, "0.073515982"),
        ("0", "1309", 3, "0.049809741"),
    ],
)
def test_14_a_fee_is_spread_over_8760_hours_a_year(hourly: str, upfront: str, years: int, effective: str) -> None:
    assert amortised(Money.parse(hourly).nano, Money.parse(upfront).nano, years) == Money.parse(effective).nano


@pytest.mark.parametrize(
    ("price", "factor", "nanos"),
    [
        ("0.0000000580", 10**6, 58_000_000),
        ("45.056", Decimal(1) / 1024, 44_000_000),
        (Decimal("0.112"), 1, 112_000_000),
        (3, 1, 3_000_000_000),
        ("0.0123456789", 1, 12_345_679),  # rounded: it changes by far less than 0.01 %
    ],
)
def test_20_figures_may_be_strings_or_numbers(price: object, factor: int | Decimal, nanos: int) -> None:
    assert nano(price, Unit(name="x", factor=Decimal(factor))) == nanos


@pytest.mark.parametrize("price", ["", "free", "-1", "NaN", "Infinity", "0.0000000004", None])
def test_what_is_no_exact_price_is_unusable(price: object) -> None:
    with pytest.raises(Unusable):
        nano(price, Unit(name="x"))


@pytest.mark.parametrize(
    ("amount", "factor", "units"), [("0", 1, 0), ("Inf", 1, None), ("6000000000", 10**6, 6000), (51200.0, 1, 51200)]
)
def test_bounds_are_whole_units(amount: object, factor: int, units: int | None) -> None:
    assert bound(amount, Unit(name="x", factor=Decimal(factor))) == units


DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from(("products", "terms", "other")), DOCUMENTS, max_size=3),
    st.integers(1, 9),
    st.sampled_from((None, 1)),
)
def test_json_is_read_alike_in_pieces_of_any_size(document: dict[str, Any], piece: int, indent: int | None) -> None:
    """Walking the members gives what the decoder of the standard library gives, however the text is cut."""
    text = io.StringIO(json.dumps(document, indent=indent))
    rebuilt: dict[str, Any] = {}
    walked: Any = document.get("products")
    listed = isinstance(walked, list)
    if isinstance(walked, dict | list):
        rebuilt |= {"products": [] if listed else {}}
    for branch, key, value in json_members.members(lambda _: text.read(piece), frozenset([("products",)])):
        if not branch:
            rebuilt[key] = value
        elif listed:
            rebuilt["products"].append(value)
        else:
            rebuilt["products"][key] = value
    assert rebuilt == document


@given(st.integers(0, 200))
def test_json_that_breaks_off_is_refused(length: int) -> None:
    whole = json.dumps({"products": {"A": {"b": [1, 2.5, "c"]}}, "terms": {"OnDemand": {}}})
    text = io.StringIO(whole[: min(length, len(whole) - 1)])
    with pytest.raises(ValueError, match=r"expected|Expecting|ends too early|Unterminated|Extra|Invalid"):
        list(json_members.members(text.read, frozenset([("products",), ("terms",)])))


def plan(years: int, payment: str, *rates: tuple[str, str, str], family: str = "EC2InstanceSavingsPlans") -> str:
    listed = [
        {
            "discountedUsageType": usage,
            "discountedOperation": operation,
            "discountedServiceCode": "AmazonEC2",
            "rateCode": f"S.{number}",
            "unit": "Hrs",
            "discountedRate": {"price": price, "currency": "USD"},
        }
        for number, (usage, operation, price) in enumerate(rates)
    ]
    term = {"sku": "S", "leaseContractLength": {"duration": years, "unit": "year"}, "rates": listed}
    product = {"sku": "S", "productFamily": family, "attributes": {"purchaseOption": payment}}
    head = {"version": "1", "publicationDate": "2026-11-01T00:00:00Z", "regionCode": "eu-west-1"}
    return json.dumps({**head, "products": [product], "terms": {"savingsPlan": [term]}})


def test_savings_plans_are_rates_of_shared_linux_machines(
    importer: Callable[..., Imported], opened: Callable[[], Prices]
) -> None:
    rates = (
        ("EU-BoxUsage:m5.large", "RunInstances", "0.0770000000"),
        ("EU-BoxUsage:m5.large", "RunInstances:0002", "0.169"),
        ("EU-DedicatedUsage:m5.large", "RunInstances", "0.08"),
        ("EU-UnusedBox:m5.large", "RunInstances", "0.077"),
        ("EU-BoxUsage:m5.metal", "RunInstances", "3.7"),
    )
    found = importer(plan(1, "No Upfront", *rates), name="ec2")
    importer(plan(3, "All Upfront", ("BoxUsage:m5.large", "RunInstances", "0.05"), family="ComputeSavingsPlans"), name="compute")
    assert [(one.count, one.reason) for one in found.left_out] == [
        (4, "a savings plan rate of something other than a shared Linux machine")
    ]
    with opened() as prices:
        options = {one.kind: str(one.effective.decimal) for one in prices.options("aws", "eu-west-1", "m5.large")}
        assert prices.tariff("aws", "eu-west-1", "savings-1y-no-upfront", "m5.large").date == "2026-11-01"
    assert options == {"savings-1y-no-upfront": "0.077", "compute-savings-3y-all-upfront": "0.05"}
