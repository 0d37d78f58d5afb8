"""Traps of price data that an estimate can fall into, each a test (the numbers are those of the list the project was given).

Here: 11, 12, 14, 16, 17, 20, 23. In `tests/cases/cost/resources/*.yaml`, each case with its number: 1 tenancy, 5 Windows, 6 spot,
7 GPUs counted twice, 8 sustained use, 15 what gp3 includes, 16 sizes, 18 absent types, 19 unknown regions, 21 letters, 22 stopped
machines, 24 replicas. The others (2, 3, 4, 9, 10, 13) are traps of importing and belong to the price tables.
"""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import example_plan
import pytest
from example_plan import Table

from provisioner.clouds.discovery import clouds
from provisioner.cost import usage
from provisioner.cost.account_file import load
from provisioner.cost.estimate import estimate
from provisioner.cost.model import Charge, Quantity
from provisioner.cost.resources.azure_disks import SIZES, disk
from provisioner.cost.resources.scene import Resource, Unpriced
from provisioner.cost.tiers import price
from provisioner.units import Money


def test_11_a_tiers_end_is_a_bound_and_not_a_width() -> None:
    """512,000 GB: 51,200 in the first tier and 460,800 in the next; as widths the next would take 512,000."""
    tariff = example_plan.tariff((0, 51200, "0.0208"), (51200, 512000, "0.0200"), (512000, None, "0.0191"), unit="GB")
    # 51,200 * 0.0208 = 1,064.96; 460,800 * 0.02 = 9,216
    assert price(tariff, Decimal(512_000)) == Money.parse("10280.96")


def test_12_the_first_ten_terabytes_are_10240_gigabytes() -> None:
    """The curated egress tiers of AWS end there, so the 10,241st GB has the next price."""
    tariff = example_plan.tariff((0, 10240, "0.09"), (10240, None, "0.085"), unit="GB")
    assert price(tariff, Decimal(10_241)) - price(tariff, Decimal(10_240)) == Money.parse("0.085")
    assert price(tariff, Decimal(10_240)) - price(tariff, Decimal(10_239)) == Money.parse("0.09")


def test_14_a_fee_paid_up_front_is_spread_over_every_hour_of_its_years(tmp_path: Path) -> None:
    path = tmp_path / "account.yaml"
    row = "{cloud: azure, region: francecentral, kind: machine, item: D2s_v3, unit: hour, usd: 0, upfront: 1309, years: 3"
    path.write_text(f"prices:\n  - {row}, source: reservation, date: 2026-11-01}}\n")
    (tariff,) = load(path).prices.values()
    # 1,309 / 26,280 hours
    assert tariff.tiers[0].price == Money.parse("0.049809741")


@pytest.mark.parametrize(
    ("size", "name"), [(1, "P1"), (4, "P1"), (5, "P2"), (32, "P4"), (33, "P6"), (129, "P15"), (32767, "P80")]
)
def test_16_a_disk_is_rounded_up_to_the_next_size(size: int, name: str) -> None:
    assert disk("P", size) == name


def test_16_every_size_is_its_own_and_the_smallest_hdd_is_s4() -> None:
    assert [disk("P", holds) for _, holds in SIZES] == [f"P{number}" for number, _ in SIZES]
    assert disk("S", 1) == "S4"


def test_17_a_price_of_zero_among_others_is_never_chosen() -> None:
    """Two prices for the same use are a mistake in the tables: the line is missing, with the reason."""
    from provisioner.prices.tariff import Tariff, check_tiers

    class Doubled:
        def tariff(self, cloud: str, region: str, kind: str, item: str) -> Tariff:
            del cloud, region, kind, item
            return check_tiers(example_plan.tariff((0, None, "0"), (0, None, "0.048")))

    charge = Charge(name="network", kind="nat", item="gateway", region="north", quantity=Quantity.fixed(730))
    found = estimate("acme", "north", [charge], [], Doubled())
    assert (found.items, [one.name for one in found.missing]) == ((), ["network"])
    assert "several prices" in found.missing[0].reason


@pytest.mark.parametrize("written", [30, "30", 30.0, "30.0"])
def test_20_numbers_that_are_written_as_text(written: object) -> None:
    resource = Resource(urn="u", type="t", name="n", inputs={"size": written})
    assert resource.number("size") == 30


@pytest.mark.parametrize("written", ["large", -1, "NaN", "Infinity", {}, []])
def test_20_what_is_no_amount_is_not_priced(written: object) -> None:
    with pytest.raises(Unpriced, match="expected a number"):
        Resource(urn="u", type="t", name="n", inputs={"size": written}).number("size")


@pytest.mark.parametrize(("cloud", "billed"), [("aws", [200]), ("gcp", [100]), ("azure", [])])
def test_23_traffic_between_zones_is_billed_as_each_cloud_does(cloud: str, billed: list[int]) -> None:
    """AWS bills the sender and the receiver, Google Cloud the sender, Azure nobody."""
    own = replace(usage.DEFAULT, zone_gb=Quantity.fixed(100))
    charges = clouds()[cloud].charges(example_plan.plan({}, cloud=cloud), [], own)
    assert [charge.quantity.typical for charge in charges if charge.item == "between-zones"] == billed


def test_a_stopped_machine_of_a_plan_pays_its_disk_and_address() -> None:
    """Trap 22, for our own plans: `host-hours: 0` leaves the root disk and the address as they are."""
    own = replace(usage.DEFAULT, host_hours=Quantity.fixed(0))
    machines = [example_plan.machine("app-1", example_plan.offer(cloud="aws"))]
    charges = clouds()["aws"].charges(example_plan.plan({"egress": "direct"}, cloud="aws"), machines, own)
    found = {charge.kind: charge.quantity.typical for charge in charges if charge.name == "host app-1"}
    assert found == {"machine": 0, "disk": 30, "address": 730}


def test_a_free_first_tier_is_free_and_says_so() -> None:
    tariff = example_plan.tariff((0, 100, "0"), (100, None, "0.09"), unit="GB", kind="egress", item="internet")
    charge = Charge(name="network", kind="egress", item="internet", region="north", quantity=Quantity.fixed(40))
    (item,) = estimate("acme", "north", [charge], [], Table([tariff])).items
    assert (item.formula, item.monthly.typical) == ("40 GB free", Money())


def test_each_of_the_24_traps_is_a_test() -> None:
    """By number: functions called `test_11_…`, cases of resources with `trap 1` in their name, cases of prices called `1 …`."""
    tests = Path(__file__).parent.parent
    cost = "".join(path.read_text() for path in [*tests.glob("c*/test_*.py"), *tests.glob("cases/cost/resources/*.yaml")])
    tables = "".join(path.read_text() for path in tests.glob("cases/prices/*.yaml"))
    found = re.findall(r"def test_(\d+)_|- name: trap (\d+)", cost) + re.findall(r"- name: (\d+)( )", tables)
    assert {int(number) for pair in found for number in pair if number.strip()} == set(range(1, 25))
