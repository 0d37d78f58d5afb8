"""AWS offers by a table of cases: each runs through the JSON and through the CSV, which must become the same prices."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.errors import InputError
from provisioner.prices.importers.aws import COLUMNS
from provisioner.prices.importers.run import Imported
from provisioner.prices.store import Prices
from provisioner.units import Money

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent.parent / "cases/prices/aws.yaml").read_text())
DEFAULTS = {
    "location": "EU (Ireland)",
    "locationType": "AWS Region",
    "instanceType": "",
    "operatingSystem": "Linux",
    "tenancy": "Shared",
    "preInstalledSw": "NA",
    "capacitystatus": "Used",
    "vcpu": "2",
    "memory": "8 GiB",
    "processorArchitecture": "64-bit",
    "physicalProcessor": "Intel Xeon Platinum 8175",
    "operation": "RunInstances",
}
Prices_ = list[Mapping[str, Any]]


def attributes(product: Mapping[str, Any]) -> dict[str, str]:
    machine = DEFAULTS if product["family"].startswith("Compute Instance") else {"location": "EU (Ireland)"}
    stated = {key: str(value) for key, value in product.items() if key not in ("sku", "family", "prices", "reserved")}
    return {**machine, **stated}


def dimensions(product: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]]:
    """Term type, offer term code, term attributes and price, of every price of a product."""
    for price in product.get("prices", ()):
        yield "OnDemand", "JRTCKXETXF", {}, price
    for number, term in enumerate(product.get("reserved", ())):
        words = {"LeaseContractLength": term["lease"], "PurchaseOption": term["purchase"], "OfferingClass": term["class"]}
        for price in term["prices"]:
            yield "Reserved", f"TERM{number}", words, price


def as_json(products: Prices_, code: str = "AmazonEC2") -> str:
    terms: dict[str, dict[str, dict[str, Any]]] = {"OnDemand": {}, "Reserved": {}}
    for product in products:
        for number, (kind, offer, words, price) in enumerate(dimensions(product)):
            sku = product["sku"]
            term = (
                terms[kind]
                .setdefault(sku, {})
                .setdefault(
                    f"{sku}.{offer}", {"offerTermCode": offer, "sku": sku, "priceDimensions": {}, "termAttributes": words}
                )
            )
            term["priceDimensions"][f"{sku}.{offer}.{number}"] = {
                "unit": price["unit"],
                "beginRange": str(price.get("from", 0)),
                "endRange": str(price.get("to", "Inf")),
                "pricePerUnit": {price.get("currency", "USD"): str(price["usd"])},
            }
    listed = {
        product["sku"]: {"sku": product["sku"], "productFamily": product["family"], "attributes": attributes(product)}
        for product in products
    }
    head = {"formatVersion": "v1.0", "offerCode": code, "publicationDate": "2026-11-01T00:00:00Z"}
    return json.dumps({**head, "products": listed, "terms": terms}, indent=1)


def as_csv(products: Prices_, code: str = "AmazonEC2") -> str:
    text = io.StringIO()
    lines = csv.writer(text, quoting=csv.QUOTE_ALL)
    for name, value in (("FormatVersion", "v1.0"), ("Disclaimer", "a, b"), ("Publication Date", "2026-11-01T00:00:00Z")):
        lines.writerow((name, value))
    lines.writerows((("Version", "20261101"), ("OfferCode", code)))
    prices = ["SKU", "OfferTermCode", "RateCode", "TermType", "StartingRange", "EndingRange", "Unit", "PricePerUnit", "Currency"]
    lines.writerow([*prices, "LeaseContractLength", "PurchaseOption", "OfferingClass", *COLUMNS])
    for product in products:
        found = {**attributes(product), "productFamily": product["family"]}
        for number, (kind, offer, words, price) in enumerate(dimensions(product)):
            sku = product["sku"]
            figures = (price.get("from", 0), price.get("to", "Inf"), price["unit"], price["usd"], price.get("currency", "USD"))
            row = [sku, offer, f"{sku}.{offer}.{number}", kind, *figures]
            row += [words.get(name, "") for name in ("LeaseContractLength", "PurchaseOption", "OfferingClass")]
            lines.writerow([*row, *(found.get(name, "") for name in COLUMNS.values())])
    return text.getvalue()


WRITERS = {"json": as_json, "csv": as_csv}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
@pytest.mark.parametrize("form", WRITERS)
def test_case(case: dict[str, Any], form: str, importer: Callable[..., Imported], everything: Callable[[], list[str]]) -> None:
    found = importer(WRITERS[form](case["products"], case.get("code", "AmazonEC2")))
    assert everything() == case["becomes"]
    assert {one.reason: one.count for one in found.left_out} == case.get("left_out", {})


def product(sku: str, name: str, **others: Any) -> dict[str, Any]:
    prices = [{"unit": "Hrs", "usd": "0.1"}]
    return {"sku": sku, "family": "Compute Instance", "instanceType": name, "prices": prices, **others}


@pytest.mark.parametrize("form", WRITERS)
def test_what_machines_hold_comes_from_the_offer(
    form: str, importer: Callable[..., Imported], opened: Callable[[], Prices]
) -> None:
    graviton = {"physicalProcessor": "AWS Graviton4 Processor", "vcpu": "96", "memory": "1,536 GiB"}
    importer(WRITERS[form]([product("A", "t3.nano", memory="0.5 GiB"), product("B", "r8g.24xlarge", **graviton)]))
    with opened() as prices:
        found = {one.machine: (one.millicpu, one.memory_mib, one.arch, one.gpu) for one in prices.offers("aws", "eu-west-1")}
        assert prices.offers("aws", "eu-west-1")[0].date == "2026-11-01"
    assert found == {"t3.nano": (2000, 512, "amd64", 0), "r8g.24xlarge": (96_000, 1_572_864, "arm64", 0)}


def test_a_gzip_file_is_read_as_it_lies(importer: Callable[..., Imported], everything: Callable[[], list[str]]) -> None:
    import gzip

    importer(gzip.compress(as_json([product("A", "m5.large")]).encode()))
    assert everything() == ["eu-west-1 machine m5.large | hour | 0.1"]


def test_a_reservation_is_the_rate_and_the_fee_over_the_term(
    importer: Callable[..., Imported], opened: Callable[[], Prices]
) -> None:
    """Partial upfront of a year: 0.03 an hour and 262.80 at once are 0.03 + 262.80 / 8,760 = 0.06 an hour."""
    term = {"lease": "1yr", "purchase": "Partial Upfront", "class": "standard"}
    parts = [{"unit": "Quantity", "usd": "262.80"}, {"unit": "Hrs", "usd": "0.0300000000"}]
    importer(as_json([product("A", "m5.large", reserved=[{**term, "prices": parts}])]))
    with opened() as prices:
        reserved, on_demand = prices.options("aws", "eu-west-1", "m5.large")
    assert (reserved.kind, reserved.years) == ("reserved-1y-partial-upfront", 1)
    assert (reserved.upfront, reserved.hourly) == (Money.parse("262.80"), Money.parse("0.03"))
    assert reserved.effective == Money.parse("0.06")
    assert (on_demand.kind, on_demand.effective) == ("machine", Money.parse("0.1"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"offerCode": "AmazonEC2", "products": {"A": ', "the document ends too early"),
        ('{"offerCode": "AmazonEC2", "products": {"A": {"attributes": 3}}}', "expected an AWS offer"),
        ('{"offerCode": "AmazonEC2", "terms": {"OnDemand": {"A": {}}}}', "expected the products before their terms"),
        ('{"offerCode": "AmazonEC2", "products": {}}', "expected at least one price, found none: the files hold none"),
        ('"FormatVersion","v1.0"\n"Version","1"\n', 'expected a line of column names that begins with "SKU"'),
        ('"FormatVersion","v1.0"\n"SKU","Unit"\n', "expected the columns TermType"),
    ],
)
def test_what_is_no_offer_is_refused_and_leaves_the_old_table(
    text: str, says: str, importer: Callable[..., Imported], everything: Callable[[], list[str]]
) -> None:
    importer(as_json([product("A", "m5.large")]))
    with pytest.raises(InputError, match=says):
        importer(text)
    assert everything() == ["eu-west-1 machine m5.large | hour | 0.1"]
