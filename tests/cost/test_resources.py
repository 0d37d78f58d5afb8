"""What single resources of any program bill, with the arithmetic written out (tests/cases/cost/resources/CLOUD.yaml)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from example_plan import Table

from provisioner.cost.model import Item, Quantity
from provisioner.cost.preview.document import read
from provisioner.cost.preview.price import Priced, price
from provisioner.cost.resources.scene import UNKNOWN
from provisioner.cost.resources.tables import TABLES, billed_types
from provisioner.cost.usage import DEFAULT, FIELDS, Usage
from provisioner.prices.tariff import Tariff, Tier
from provisioner.units import Money

FOLDER = Path(__file__).parent.parent / "cases/cost/resources"
CONFIG = {"aws": {"aws:region": "eu-west-1"}, "gcp": {"gcp:region": "europe-west1"}, "azure": {"azure-native:location": "westus"}}
CASES = [
    (cloud, case)
    for cloud in CONFIG
    for case in yaml.safe_load((FOLDER / f"{cloud}.yaml").read_text().replace("UNKNOWN", min(UNKNOWN)))
]


def tariffs() -> Table:
    found = list[Tariff]()
    for place, prices in yaml.safe_load((FOLDER / "prices.yaml").read_text()).items():
        for name, words in prices.items():
            (cloud, region), (kind, item), (usd, unit) = place.split(), name.split(" ", 1), words.split()
            tiers = (Tier(start=0, end=None, price=Money.parse(usd)),)
            found.append(
                Tariff(cloud=cloud, region=region, kind=kind, item=item, unit=unit, tiers=tiers, source="s", date="2026-11-01")
            )
    return Table(found)


PRICES = tariffs()


def priced(cloud: str, case: Mapping[str, Any], usage: Usage = DEFAULT) -> Priced:
    """Through the same document that `pulumi preview --json` prints."""
    urns = {name: f"urn:pulumi:dev::shop::{kind}::{name}" for kind, name, *_ in case["resources"]}
    steps: list[dict[str, Any]] = [
        {
            "op": "create",
            "urn": urns[name],
            "newState": {
                "urn": urns[name],
                "type": kind,
                "custom": True,
                "inputs": inputs,
                "propertyDependencies": {path: [urns[other]] for path, other in dict[str, str](*depends).items()},
            },
        }
        for kind, name, inputs, *depends in case["resources"]
    ]
    own = {
        name: {FIELDS[key]: Quantity.fixed(amount) for key, amount in stated.items()}
        for name, stated in case.get("usage", {}).items()
    }
    document = {"config": case.get("config", CONFIG[cloud]), "steps": steps}
    return price(read(document).after, replace(usage, resources=own), PRICES)


def line(item: Item) -> str:
    return f"{item.name}: {item.kind} {item.item}: {item.formula} = {item.monthly.typical.decimal.normalize():f}"


@pytest.mark.parametrize(("cloud", "case"), CASES, ids=lambda value: value if isinstance(value, str) else value["name"])
def test_the_bill_of_resources(cloud: str, case: dict[str, Any]) -> None:
    found = priced(cloud, case).estimate
    assert [line(item) for item in found.items] == case.get("bill", [])
    assert [f"{one.name}: {one.reason}" for one in found.missing] == case.get("missing", [])
    assert sum(map(worked_out, case.get("bill", [])), Decimal(0)) == found.monthly.typical.decimal


def worked_out(line: str) -> Decimal:
    """The arithmetic of a line, done again from its words; it must agree with the line's own result."""
    arithmetic, result = line.rsplit(": ", 1)[1].split(" = ")
    terms = re.findall(r"([\d.]+) \S+ \* ([\d.]+) USD", arithmetic)
    total = sum((Decimal(amount) * Decimal(usd) for amount, usd in terms), Decimal(0))
    assert total == Decimal(result), line
    return total


def test_about_sixty_types_and_more_are_priced() -> None:
    assert billed_types() >= 60
    assert all(len(table.rows) >= 20 for table in TABLES.values())


def test_no_type_is_priced_and_free() -> None:
    for table in TABLES.values():
        assert not [kind for kind in table.rows if table.is_free(kind)]


def test_ten_cases_and_more_for_each_cloud() -> None:
    assert all(sum(cloud == one for one, _ in CASES) >= 10 for cloud in CONFIG)
