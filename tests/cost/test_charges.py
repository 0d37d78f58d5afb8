"""What each cloud bills for a plan in its default region, with the arithmetic written out (tests/cases/cost/CLOUD.yaml)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import example_plan
import pytest
import yaml

from provisioner.clouds.discovery import clouds
from provisioner.cost import usage
from provisioner.cost.estimate import estimate
from provisioner.cost.model import Estimate, Item, Quantity
from provisioner.prices.store import Prices

CASES = [
    (cloud, case)
    for cloud in clouds()
    for case in yaml.safe_load((Path(__file__).parent.parent / f"cases/cost/{cloud}.yaml").read_text())
]


@pytest.fixture(scope="module")
def prices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prices]:
    folders = {name: cloud.data for name, cloud in clouds().items()}
    with Prices.open(folders, tmp_path_factory.mktemp("cache")) as opened:
        yield opened


def priced(cloud: str, case: dict[str, Any], prices: Prices) -> Estimate:
    region = case.get("region", clouds()[cloud].default_region)
    offers = {offer.machine: offer for offer in prices.offers(cloud, region)}
    machines = [
        example_plan.machine(name, offers[host["machine"]], spot=host.get("spot", False), disk=host.get("disk", 30))
        for name, host in case.get("hosts", {}).items()
    ]
    plan = example_plan.plan(case, cloud=cloud, region=region)
    charges = clouds()[cloud].charges(plan, machines, usage.DEFAULT)
    return estimate(cloud, region, charges, machines, prices)


def line(item: Item) -> str:
    return f"{item.name}: {item.kind} {item.item}: {item.formula} = {item.monthly.typical.decimal.normalize():f}"


@pytest.mark.parametrize(("cloud", "case"), CASES, ids=lambda value: value if isinstance(value, str) else value["name"])
def test_the_bill_of_a_plan(cloud: str, case: dict[str, Any], prices: Prices) -> None:
    found = priced(cloud, case, prices)
    assert [line(item) for item in found.items] == case["bill"]
    assert [f"{one.name}: {one.reason}" for one in found.missing] == case.get("missing", [])
    assert sum(map(worked_out, case["bill"]), Decimal(0)) == found.monthly.typical.decimal == Decimal(str(case["typical"]))


@pytest.mark.parametrize(("hosts", "billed"), [(1, 1), (32, 32), (33, 32), (500, 32)])
def test_cloud_nat_bills_32_hosts_at_most(hosts: int, billed: int) -> None:
    machines = [example_plan.machine(f"app-{number}", example_plan.offer(cloud="gcp")) for number in range(hosts)]
    charges = clouds()["gcp"].charges(example_plan.plan({"egress": "nat"}, cloud="gcp"), machines, usage.DEFAULT)
    (found,) = (charge for charge in charges if (charge.kind, charge.item) == ("nat", "vm"))
    assert found.quantity.typical == billed * 730


@pytest.mark.parametrize("cloud", list(clouds()))
def test_more_traffic_costs_more(cloud: str, prices: Prices) -> None:
    """Egress, NAT, balancer and bucket data each move the month, so nothing that the profile states is ignored."""
    region = clouds()[cloud].default_region
    plan = example_plan.plan({"egress": "nat", "balancers": {"web": None}, "buckets": ["b"]}, cloud=cloud, region=region)
    month = estimate(cloud, region, clouds()[cloud].charges(plan, [], usage.DEFAULT), [], prices).monthly.typical
    for name in ("egress_gb", "nat_gb", "balancer_gb", "bucket_gib"):
        more = replace(usage.DEFAULT, **{name: Quantity.fixed(5000)})
        assert estimate(cloud, region, clouds()[cloud].charges(plan, [], more), [], prices).monthly.typical > month


def worked_out(line: str) -> Decimal:
    """The arithmetic of a line, done again from its words; it must agree with the line's own result."""
    arithmetic, result = line.rsplit(": ", 1)[1].split(" = ")
    terms = re.findall(r"([\d.]+) \S+ \* ([\d.]+) USD", arithmetic)
    total = sum((Decimal(amount) * Decimal(usd) for amount, usd in terms), Decimal(0))
    assert total == Decimal(result), line
    return total
