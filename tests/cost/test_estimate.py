"""The estimate of a plan: nothing lost, nothing free by accident, every host's cost divided among its workloads."""

from decimal import Decimal

import example_plan
import pytest
from example_plan import Table
from hypothesis import given
from hypothesis import strategies as st

from provisioner.cost.estimate import IDLE, estimate, split
from provisioner.cost.model import Charge, Quantity, Range
from provisioner.units import ZERO, Money

HOUR = example_plan.tariff((0, None, "0.1"))
DISK = example_plan.tariff((0, None, "0.2"), unit="GiB-month", kind="disk", item="ssd")
EGRESS = example_plan.tariff((0, 100, "0"), (100, None, "0.09"), unit="GB", kind="egress", item="internet")
PRICES = Table([HOUR, DISK, EGRESS])


def charge(kind: str, item: str, quantity: Quantity, *, name: str = "", workload: str = "") -> Charge:
    return Charge(name=name or f"{kind} {item}", kind=kind, item=item, region="north", quantity=quantity, workload=workload)


HOST = charge("machine", "medium", Quantity.fixed(730), name="host app-1", workload="app-1")
ROOT = charge("disk", "ssd", Quantity.fixed(30), name="host app-1", workload="app-1")
SENT = charge("egress", "internet", Quantity(low=Decimal(10), typical=Decimal(300), high=Decimal(1000)), name="network")


def test_every_line_can_be_recomputed_from_its_fields() -> None:
    found = estimate("acme", "north", [HOST, ROOT, SENT], [], PRICES)
    host, root, sent = found.items
    assert (host.formula, host.monthly.typical) == ("730 hour * 0.1 USD", Money.parse("73"))
    assert (root.formula, root.monthly.typical) == ("30 GiB-month * 0.2 USD", Money.parse("6"))
    assert sent.formula == "100 GB free + 200 GB * 0.09 USD"
    assert sent.monthly == Range(low=ZERO, typical=Money.parse("18"), high=Money.parse("81"))
    assert (sent.source, sent.price_date) == ("https://prices.example", "2026-11-01")
    assert found.monthly == Range(low=Money.parse("79"), typical=Money.parse("97"), high=Money.parse("160"))
    assert found.missing == ()


def test_what_has_no_price_is_listed_and_not_counted() -> None:
    tape = charge("disk", "tape", Quantity.fixed(100), name="volume archive")
    found = estimate("acme", "north", [HOST, tape], [], PRICES)
    assert [(one.name, one.reason) for one in found.missing] == [
        ("volume archive", "no price of disk tape in acme north"),
    ]
    assert found.monthly == Range(low=Money.parse("73"), typical=Money.parse("73"), high=Money.parse("73"))


def test_a_spot_host_without_a_spot_price_is_not_priced_on_demand() -> None:
    spot = charge("spot", "medium", Quantity.fixed(730), name="host app-1")
    found = estimate("acme", "north", [spot], [], PRICES)
    assert found.items == ()
    assert [one.reason for one in found.missing] == ["no price of spot medium in acme north"]


def test_each_workload_pays_its_share_of_host_and_disk() -> None:
    """The host costs 73 + 6 = 79: a quarter is 19.75, a half 39.50, and the last quarter is idle. Egress is nobody's share."""
    shares = {"demo/web": Decimal("0.25"), "demo/database": Decimal("0.5")}
    machine = example_plan.machine("app-1", example_plan.offer(), shares=shares)
    found = estimate("acme", "north", [HOST, ROOT, SENT], [machine], PRICES)
    assert list(found.by_workload.items()) == [
        ("demo/database", Money.parse("39.5")),
        ("demo/web", Money.parse("19.75")),
        (IDLE, Money.parse("19.75")),
    ]


def test_shares_beyond_the_host_are_scaled_to_it() -> None:
    """One asks for 0.9 of the CPU, the other for 0.6 of the memory: 0.9 / 1.5 and 0.6 / 1.5 of the cost, none idle."""
    assert split(Money.parse("30"), {"cpu": Decimal("0.9"), "memory": Decimal("0.6")}) == {
        "cpu": Money.parse("18"),
        "memory": Money.parse("12"),
        IDLE: ZERO,
    }


def test_a_host_without_workloads_is_idle() -> None:
    machine = example_plan.machine("app-1", example_plan.offer())
    found = estimate("acme", "north", [HOST, ROOT], [machine], PRICES)
    assert found.by_workload == {IDLE: Money.parse("79")}


shares = st.dictionaries(st.text("abc", min_size=1), st.decimals(min_value=0, max_value=1, places=6), max_size=6)


@given(st.integers(0, 10**15).map(Money), shares)
def test_the_parts_sum_to_the_whole(total: Money, shares: dict[str, Decimal]) -> None:
    parts = split(total, shares)
    assert sum(parts.values(), ZERO) == total
    assert all(part >= ZERO for part in parts.values())


@given(st.lists(st.tuples(st.decimals(0, 10**6, places=3), st.decimals(0, 10**6, places=3)), max_size=8))
def test_the_items_sum_to_the_month_and_low_is_never_above_high(amounts: list[tuple[Decimal, Decimal]]) -> None:
    charges = [
        charge("egress", "internet", Quantity(low=min(pair), typical=(pair[0] + pair[1]) / 2, high=max(pair)), name=f"n{number}")
        for number, pair in enumerate(amounts)
    ]
    found = estimate("acme", "north", charges, [], PRICES)
    assert found.monthly == sum((item.monthly for item in found.items), Range())
    assert found.monthly.low <= found.monthly.typical <= found.monthly.high


@pytest.mark.parametrize("low", ["0", "100", "250"])
def test_ranges_come_from_usage_only(low: str) -> None:
    fixed = charge("egress", "internet", Quantity.fixed(Decimal(low)))
    month = estimate("acme", "north", [fixed], [], PRICES).monthly
    assert month.low == month.typical == month.high
