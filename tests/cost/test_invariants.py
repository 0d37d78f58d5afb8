"""What must hold of every estimate, whatever the plan, the cloud and the usage."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import example_plan
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioner.clouds.discovery import clouds
from provisioner.cost.estimate import estimate
from provisioner.cost.model import Charge, Estimate, Machine, Quantity, Range
from provisioner.cost.usage import DEFAULT, FIELDS, Usage
from provisioner.prices.store import Prices
from provisioner.units import ZERO, Money

SETTINGS = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def prices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prices]:
    folders = {name: cloud.data for name, cloud in clouds().items()}
    with Prices.open(folders, tmp_path_factory.mktemp("cache")) as opened:
        yield opened


cases = st.fixed_dictionaries(
    {
        "zones": st.integers(1, 3),
        "egress": st.sampled_from(["nat", "direct", "none"]),
        "volumes": st.dictionaries(st.sampled_from("abc"), st.tuples(st.just("SSD"), st.integers(1, 1024)).map(list)),
        "buckets": st.lists(st.sampled_from(["one", "two"]), unique=True),
        "addresses": st.lists(st.sampled_from(["entry", "spare"]), unique=True),
        "balancers": st.dictionaries(st.sampled_from(["web", "api"]), st.none()),
    }
)
amounts = st.integers(0, 20_000)
usages = st.dictionaries(st.sampled_from(sorted(FIELDS.values())), amounts, max_size=8)


def priced(cloud: str, case: dict[str, Any], hosts: int, usage: Usage, prices: Prices) -> Estimate:
    region = clouds()[cloud].default_region
    offers = prices.offers(cloud, region)
    machines: list[Machine] = [
        example_plan.machine(f"app-{number}", offers[number * 7 % len(offers)], disk=32, shares={"w": Decimal("0.4")})
        for number in range(hosts)
    ]
    plan = example_plan.plan(case, cloud=cloud, region=region)
    return estimate(cloud, region, clouds()[cloud].charges(plan, machines, usage), machines, prices)


@pytest.mark.parametrize("cloud", list(clouds()))
@SETTINGS
@given(case=cases, hosts=st.integers(0, 4), used=usages, more=usages)
def test_more_usage_never_costs_less(
    cloud: str, case: dict[str, Any], hosts: int, used: dict[str, int], more: dict[str, int], prices: Prices
) -> None:
    """Where something has no price, the sum leaves it out, and nothing is said about it."""
    used = {name: min(amount, 730) if name == "host_hours" else amount for name, amount in used.items()}
    grown = {name: used.get(name, 0) + more.get(name, 0) for name in used}
    grown = {name: min(amount, 730) if name == "host_hours" else amount for name, amount in grown.items()}
    less, greater = (
        priced(cloud, case, hosts, replace(DEFAULT, **{name: Quantity.fixed(amount) for name, amount in stated.items()}), prices)  # pyright: ignore[reportArgumentType]
        for stated in (used, grown)
    )
    if not greater.missing:
        assert less.monthly.typical <= greater.monthly.typical


@pytest.mark.parametrize("cloud", list(clouds()))
@SETTINGS
@given(case=cases, hosts=st.integers(0, 4))
def test_the_parts_sum_to_the_whole(cloud: str, case: dict[str, Any], hosts: int, prices: Prices) -> None:
    found = priced(cloud, case, hosts, DEFAULT, prices)
    assert found.monthly == sum((item.monthly for item in found.items), Range())
    assert found.monthly.low <= found.monthly.typical <= found.monthly.high
    shared = sum((item.monthly.typical for item in found.items if item.name.startswith("host ") and item.kind != "address"), ZERO)
    assert sum(found.by_workload.values(), ZERO) == shared


@given(st.lists(st.tuples(st.sampled_from(["x", "y"]), amounts), max_size=6))
def test_a_line_costs_the_same_whatever_stands_beside_it(lines: list[tuple[str, int]]) -> None:
    """What was priced before is remembered by its price and amount, never by its name."""
    table = example_plan.Table([example_plan.tariff((0, 100, "0.3"), (100, None, "0.1"), kind="egress", item="internet")])
    charges = [
        Charge(name=name, kind="egress", item="internet", region="north", quantity=Quantity.fixed(amount))
        for name, amount in lines
    ]
    together = estimate("acme", "north", charges, [], table).items
    alone = [item for charge in charges for item in estimate("acme", "north", [charge], [], table).items]
    assert list(together) == alone
    assert sum((item.monthly.typical for item in together), Money()) == sum((item.monthly.typical for item in alone), Money())
