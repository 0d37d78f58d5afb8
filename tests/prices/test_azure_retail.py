"""Azure Retail Prices by a table of cases: items, over one page or several, and the prices they become."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.errors import InputError
from provisioner.prices.importers.run import Imported
from provisioner.prices.store import Prices
from provisioner.units import Money

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent.parent / "cases/prices/azure.yaml").read_text())
DEFAULTS: Mapping[str, Any] = {
    "currencyCode": "USD",
    "tierMinimumUnits": 0.0,
    "armRegionName": "francecentral",
    "effectiveStartDate": "2024-01-01T00:00:00Z",
    "meterId": "m-1",
    "skuId": "SKU/1",
    "productName": "Virtual Machines DSv3 Series",
    "skuName": "D2s v3",
    "meterName": "D2s v3",
    "serviceName": "Virtual Machines",
    "unitOfMeasure": "1 Hour",
    "type": "Consumption",
    "isPrimaryMeterRegion": False,
}


def page(items: list[Mapping[str, Any]]) -> str:
    found = [{**DEFAULTS, "unitPrice": item.get("retailPrice", 0), **item} for item in items]
    return json.dumps({"BillingCurrency": "USD", "Items": found, "NextPageLink": None, "Count": len(found)})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
@pytest.mark.parametrize("pages", [1, 2])
def test_case(case: dict[str, Any], pages: int, importer: Callable[..., Imported], everything: Callable[[], list[str]]) -> None:
    """Items of one meter may lie on two pages, so that every case is told twice: whole, and cut in the middle."""
    items = case["items"]
    cut = len(items) // 2
    texts = [page(items)] if pages == 1 else [page(items[:cut]), page(items[cut:])]
    found = importer(*texts)
    assert everything() == case["becomes"]
    assert {one.reason: one.count for one in found.left_out} == case.get("left_out", {})


def test_machines_are_offered_where_it_is_known_what_they_hold(
    importer: Callable[..., Imported], opened: Callable[[], Prices]
) -> None:
    known = {"armSkuName": "Standard_D2s_v3", "retailPrice": 0.112}
    importer(page([known, {"armSkuName": "Standard_X99", "retailPrice": 0.01, "meterId": "m-2"}]))
    with opened() as prices:
        assert [(one.machine, one.memory_mib) for one in prices.offers("azure", "francecentral")] == [("Standard_D2s_v3", 8192)]
        assert prices.tariff("azure", "francecentral", "machine", "Standard_X99").tiers[0].price == Money.parse("0.01")


def test_a_table_names_the_address_of_every_page(importer: Callable[..., Imported], opened: Callable[[], Prices]) -> None:
    item = {"armSkuName": "Standard_D2s_v3", "retailPrice": 0.112}
    importer(page([item]), page([{**item, "armRegionName": "westeurope"}]))
    with opened() as prices:
        tariff = prices.tariff("azure", "westeurope", "machine", "Standard_D2s_v3")
        assert (tariff.source, tariff.date) == ("https://prices.example/t/1", "2026-11-20")
        assert [address for address, _, _ in prices.sources()] == ["https://prices.example/t/0", "https://prices.example/t/1"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"Items": [{"meterName": "D2s v3"}]}', "item 0 without currencyCode, retailPrice"),
        ('{"Items": [', "ends too early"),
        ('{"Items": [3]}', "expected a page of Azure Retail Prices"),
        ('{"Items": []}', "expected at least one price"),
        (page([{"armSkuName": "Standard_D2s_v3", "retailPrice": 0.1, "currencyCode": "EUR"}]), "1 left out: a price in EUR"),
    ],
)
def test_what_is_no_page_of_prices_is_refused(text: str, says: str, importer: Callable[..., Imported]) -> None:
    with pytest.raises(InputError, match=says):
        importer(text)
