"""The examples that providers work out on their own pages, priced as resources of a program (tests/cases/cost/published.yaml)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from example_plan import Table

from provisioner.clouds.discovery import clouds
from provisioner.cost.model import Estimate, Quantity
from provisioner.cost.preview.document import read
from provisioner.cost.preview.price import price
from provisioner.cost.usage import DEFAULT, FIELDS
from provisioner.prices.store import Prices
from provisioner.prices.tariff import Tariff, Tier
from provisioner.units import Money

CASES = yaml.safe_load((Path(__file__).parent.parent / "cases/cost/published.yaml").read_text())
REGIONS = {"aws": "us-east-1", "gcp": "us-central1", "azure-native": "eastus"}
CLOUDS = {"aws": "aws", "gcp": "gcp", "azure-native": "azure"}


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prices]:
    with Prices.open({name: cloud.data for name, cloud in clouds().items()}, tmp_path_factory.mktemp("cache")) as opened:
        yield opened


def stated(provider: str, prices: Mapping[str, Any]) -> Table:
    """`0.08 GiB-month` is one price; a list has `[from, to, price]` for each tier."""
    found = list[Tariff]()
    for name, words in prices.items():
        rows: list[tuple[int, int | None, str]] = [(0, None, words)] if isinstance(words, str) else words
        (kind, item), unit = name.split(" ", 1), rows[0][2].split()[1]
        tiers = tuple(Tier(start=start, end=end, price=Money.parse(text.split()[0])) for start, end, text in rows)
        place = {"cloud": CLOUDS[provider], "region": REGIONS[provider]}
        found.append(Tariff(**place, kind=kind, item=item, unit=unit, tiers=tiers, source="the page", date="2026-11-22"))
    return Table(found)


def estimate(case: Mapping[str, Any], curated: Prices) -> Estimate:
    provider = case["resources"][0][0].partition(":")[0]
    steps: list[dict[str, Any]] = []
    for copy in range(case.get("copies", 1)):
        for kind, name, inputs in case["resources"]:
            urn = f"urn:pulumi:dev::shop::{kind}::{name}-{copy}"
            state = {"urn": urn, "type": kind, "custom": True, "inputs": inputs}
            steps.append({"op": "create", "urn": urn, "newState": state})
    config = {f"{provider}:{'location' if provider == 'azure-native' else 'region'}": case.get("curated", REGIONS[provider])}
    usage = {FIELDS[key]: Quantity.fixed(Decimal(str(amount))) for key, amount in case.get("usage", {}).items()}
    prices = curated if "curated" in case else stated(provider, case["prices"])
    return price(read({"config": config, "steps": steps}).after, replace(DEFAULT, **usage), prices).estimate  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_page_and_the_estimate_agree(case: dict[str, Any], curated: Prices) -> None:
    """As far as the page's figure is written out."""
    assert case["page"].startswith("https://")
    found = estimate(case, curated)
    for what, share, figure in case["figures"]:
        lines = [item for item in found.items if what in {"total", item.billed_as}]
        assert lines, (what, found)
        month = sum((Fraction(item.monthly.typical.nano, 10**9) for item in lines), Fraction(0))
        places = len(str(figure).partition(".")[2])
        assert round(month * Fraction(share), places) == Fraction(str(figure)), (what, found.items)
