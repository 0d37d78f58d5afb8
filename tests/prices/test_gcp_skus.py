"""Google Cloud SKUs by a table of cases: each as pages of the catalogue (v1) and of the Pricing API (v1beta)."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.errors import InputError
from provisioner.prices.importers.gcp_beta import SERVICES
from provisioner.prices.importers.run import Imported
from provisioner.prices.store import Prices

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent.parent / "cases/prices/gcp.yaml").read_text())


def money(usd: str) -> dict[str, Any]:
    """`units` is a string, and is left out where it is 0, as the interface does; so is `nanos`."""
    whole, fraction = divmod(Decimal(usd), 1)
    return {**({"units": str(whole)} if whole else {}), **({"nanos": int(fraction * 10**9)} if fraction else {})}


def old(skus: list[Mapping[str, Any]]) -> list[str]:
    found = list[dict[str, Any]]()
    for number, sku in enumerate(skus):
        rates = [
            {"startUsageAmount": start, "unitPrice": {"currencyCode": sku.get("currency", "USD"), **money(usd)}}
            for start, usd in sku["rates"]
        ]
        # displayQuantity is how a price is shown, never a part of it
        expression = {"usageUnit": sku.get("unit", "h"), "displayQuantity": 1000, "tieredRates": rates}
        found.append(
            {
                "skuId": f"SKU-{number}",
                "description": sku["description"],
                "category": {"serviceDisplayName": sku.get("service", "Compute Engine"), "usageType": "OnDemand"},
                "serviceRegions": sku.get("regions", ["us-central1"]),
                "pricingInfo": [
                    {"effectiveTime": "2020-01-01T00:00:00Z", "pricingExpression": {**expression, "tieredRates": []}},
                    {"effectiveTime": "2026-01-01T00:00:00Z", "pricingExpression": expression},
                    {"effectiveTime": "2027-01-01T00:00:00Z", "pricingExpression": {**expression, "tieredRates": []}},
                ],
            }
        )
    return [json.dumps({"skus": found, "nextPageToken": ""})]


def beta(skus: list[Mapping[str, Any]]) -> list[str]:
    numbers = {name: number for number, name in SERVICES.items()}
    listed, prices = list[dict[str, Any]](), list[dict[str, Any]]()
    for number, sku in enumerate(skus):
        regions = sku.get("regions", ["us-central1"])
        taxonomy = {"type": "TYPE_REGIONAL", "regionalMetadata": {"region": {"region": regions[0]}}}
        if len(regions) > 1:
            several = [{"region": region} for region in regions]
            taxonomy = {"type": "TYPE_MULTI_REGIONAL", "multiRegionalMetadata": {"regions": several}}
        service = f"services/{numbers[sku.get('service', 'Compute Engine')]}"
        name = f"SKU-{number}"
        listed.append({"skuId": name, "displayName": sku["description"], "service": service, "geoTaxonomy": taxonomy})
        tiers = [{"startAmount": {"value": str(start)}, "listPrice": money(usd)} for start, usd in sku["rates"]]
        unit = {"unit": sku.get("unit", "h"), "unitQuantity": {"value": "1"}}
        rate = {"tiers": tiers, "unitInfo": unit}
        currency = sku.get("currency", "USD")
        prices.append({"name": f"skus/{name}/price", "currencyCode": currency, "valueType": "rate", "rate": rate})
    return [json.dumps({"prices": prices}), json.dumps({"skus": listed})]


FORMS = {"v1": old, "v1beta": beta}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
@pytest.mark.parametrize("form", FORMS)
def test_case(case: dict[str, Any], form: str, importer: Callable[..., Imported], everything: Callable[[], list[str]]) -> None:
    found = importer(*FORMS[form](case["skus"]))
    assert [line for line in everything() if " Compute Engine " not in line] == case["becomes"]
    assert {one.reason: one.count for one in found.left_out} == case.get("left_out", {})


def test_whatever_has_no_name_of_ours_is_found_under_its_own(
    importer: Callable[..., Imported], everything: Callable[[], list[str]]
) -> None:
    rates = [[0, "0.12"], [1024, "0.11"], [10240, "0.08"]]
    description = "Network Vpn Internet Egress from Americas to Africa"
    importer(*old([{"description": description, "unit": "GiBy", "regions": ["us-east1"], "rates": rates}]))
    name = f"us-east1 Compute Engine {description} SKU-0"
    assert everything() == [f"{name} | GiB | 0-1024 0.12, 1024-10240 0.11, 10240- 0.08"]


def test_composed_machines_are_offered_with_their_spot_price(
    importer: Callable[..., Imported], opened: Callable[[], Prices]
) -> None:
    skus = next(case["skus"] for case in CASES if case["name"].startswith("a machine is its cores"))
    importer(*old(skus))
    with opened() as prices:
        found = {one.machine: one for one in prices.offers("gcp", "us-central1")}
        assert prices.cheapest("gcp", "us-central1", millicpu=4000, memory_mib=16384) == "n2-standard-8"
    assert sorted(found) == ["n2-highmem-2", "n2-standard-8"]
    spot = found["n2-standard-8"].spot
    assert spot is not None
    assert spot < found["n2-standard-8"].hourly


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (['{"skus": [{"pricingInfo": []}]}'], "expected a page of Google Cloud SKUs|none: 1 left out"),
        (['{"skus": [{"pricingInfo": ['], "found: Expecting value"),
        (['{"prices": [{"name": "skus/A/price", "rate": {}}]}'], "1 left out: a price of a SKU that no page of SKUs names"),
    ],
)
def test_what_is_no_page_of_skus_is_refused(texts: list[str], says: str, importer: Callable[..., Imported]) -> None:
    with pytest.raises(InputError, match=says):
        importer(*texts)
