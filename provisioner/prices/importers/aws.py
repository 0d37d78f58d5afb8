"""AWS Price List offers, JSON and CSV, whole: what our estimates know under our names, the rest under the service's.

Format: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/price-changes.html. An offer of one region has about
100,000 products; those of all regions together are 2 GB and more. Both are read in bounded memory.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from provisioner.prices.importers import aws_items
from provisioner.prices.importers.aws_terms import Dimension, Term, of_json, rows
from provisioner.prices.importers.json_members import members
from provisioner.prices.importers.sink import Sink
from provisioner.prices.importers.stream import Text, refused
from provisioner.prices.writer import Product, Row

BRANCHES: Final = frozenset([("products",), ("terms",), ("terms", "OnDemand"), ("terms", "Reserved")])

COLUMNS: Final[Mapping[str, str]] = {
    "Product Family": "productFamily",
    "serviceCode": "servicecode",
    "Location": "location",
    "Location Type": "locationType",
    "Region Code": "regionCode",
    "From Location": "fromLocation",
    "From Region Code": "fromRegionCode",
    "To Location": "toLocation",
    "Transfer Type": "transferType",
    "Instance Type": "instanceType",
    "vCPU": "vcpu",
    "Memory": "memory",
    "GPU": "gpu",
    "Physical Processor": "physicalProcessor",
    "Processor Architecture": "processorArchitecture",
    "Operating System": "operatingSystem",
    "License Model": "licenseModel",
    "Tenancy": "tenancy",
    "Pre Installed S/W": "preInstalledSw",
    "CapacityStatus": "capacitystatus",
    "MarketOption": "marketoption",
    "Volume API Name": "volumeApiName",
    "Database Engine": "databaseEngine",
    "Cache Engine": "cacheEngine",
    "Deployment Option": "deploymentOption",
    "usageType": "usagetype",
    "operation": "operation",
}
"""Columns of the CSV by the names that the JSON has."""

_PRICE_COLUMNS: Final = (
    "SKU",
    "TermType",
    "OfferTermCode",
    "RateCode",
    "Unit",
    "StartingRange",
    "EndingRange",
    "PricePerUnit",
    "Currency",
    "LeaseContractLength",
    "PurchaseOption",
    "OfferingClass",
)


def read_json(text: Text, sink: Sink) -> str:
    """An offer file. Returns the date of its publication. Raises `InputError` where it is not one."""
    head = dict[str, str]()
    try:
        sink.writer.add(_offer(text, sink, head))
    except (ValueError, AttributeError, TypeError, KeyError) as error:
        raise refused(text.path, f"expected an AWS offer, found: {error}") from None
    return head.get("publicationDate", "")[:10]


def read_csv(text: Text, sink: Sink) -> str:
    """An offer file in CSV. Returns the date of its publication. Raises `InputError` where it is not one."""
    lines = csv.reader(text.lines)
    meta = dict[str, str]()
    for fields in lines:
        if fields and fields[0] == "SKU":
            break
        meta |= {fields[0]: fields[1]} if len(fields) == 2 else {}
    else:
        raise refused(text.path, 'expected a line of column names that begins with "SKU"')
    missing = [name for name in _PRICE_COLUMNS if name not in fields]
    if missing:
        raise refused(text.path, f"expected the columns {', '.join(missing)} in line {lines.line_num}")
    sink.writer.add(_lines(sink, lines, fields, meta.get("OfferCode", "")))
    return meta.get("Publication Date", "")[:10]


def _offer(text: Text, sink: Sink, head: dict[str, str]) -> Iterator[Row]:
    """The rows of an offer, and in `head` its own words. Its products stand before their terms."""
    seen = False
    for branch, key, value in members(text.lines.read, BRANCHES):
        if branch == ("products",):
            seen = True
            _keep(sink, key, head.get("offerCode", ""), str(value.get("productFamily", "")), value.get("attributes", {}))
        elif len(branch) == 2:
            if not seen:
                raise refused(text.path, "expected the products before their terms")
            yield from _terms(sink, key, value, reserved=branch[1] == "Reserved")
        elif isinstance(value, str):
            head[key] = value


def _keep(sink: Sink, sku: str, service: str, family: str, attributes: Mapping[str, str]) -> Product | None:
    """Classify a product, and keep it for its terms."""
    region = aws_items.region(attributes)
    if not region:
        sink.tally.leave_out("a product of a place whose region is not known", f"{sku} {attributes.get('location', '')}")
        return None
    found = aws_items.classify(service, family, attributes)
    kind, item = found or aws_items.generic(service, sku, family, attributes)
    if kind == "machine" and item == attributes.get("instanceType"):
        machine = aws_items.machine(attributes)
        sink.writer.add_machines("aws", [machine] if machine else [])
    tier = (
        aws_items.IOPS_TIERS.get(aws_items.usage(attributes), (None, None)) if found and item.endswith("-iops") else (None, None)
    )
    product = Product(region=region, kind=kind, item=item, tier_start=tier[0], tier_end=tier[1])
    sink.writer.keep(sku, product)
    return product


def _terms(sink: Sink, sku: str, terms: Mapping[str, Any], *, reserved: bool) -> Iterator[Row]:
    product = sink.writer.product(sku)
    if product is None:
        sink.tally.leave_out("a price of a product that is left out", sku, len(terms))
        return
    for code, offered in terms.items():
        words = offered.get("termAttributes", {})
        term = Term(
            code=code if reserved else "",
            lease=words.get("LeaseContractLength", ""),
            purchase=words.get("PurchaseOption", ""),
            offering=words.get("OfferingClass", ""),
        )
        for rate, dimension in offered["priceDimensions"].items():
            yield from rows(sink, product, of_json(rate, dimension), term)


def _lines(sink: Sink, lines: Iterator[list[str]], header: Sequence[str], service: str) -> Iterator[Row]:
    """One price a line; the lines of a SKU follow each other, so that it is classified once."""
    column = {name: index for index, name in enumerate(header)}
    places = [(name, column[title]) for title, name in COLUMNS.items() if title in column]
    sku_at, term_at, code_at, *rest = (column[name] for name in _PRICE_COLUMNS)
    rate_at, unit_at, start_at, end_at, price_at, currency_at, lease_at, purchase_at, offering_at = rest
    sku, product = "", None
    for number, fields in enumerate(lines, 1):
        if len(fields) != len(header):
            sink.tally.leave_out("a line with another number of fields", f"price line {number}")
            continue
        if fields[sku_at] != sku:
            sku = fields[sku_at]
            attributes = {name: fields[index] for name, index in places}
            product = _keep(sink, sku, service, attributes.get("productFamily", ""), attributes)
        if product is None:
            sink.tally.leave_out("a price of a product that is left out", sku)
            continue
        reserved = fields[term_at] == "Reserved"
        dimension = Dimension(
            rate=fields[rate_at],
            unit=fields[unit_at],
            begin=fields[start_at],
            end=fields[end_at],
            price=fields[price_at],
            currency=fields[currency_at],
        )
        term = Term(
            code=f"{sku}.{fields[code_at]}" if reserved else "",
            lease=fields[lease_at],
            purchase=fields[purchase_at],
            offering=fields[offering_at],
        )
        yield from rows(sink, product, dimension, term)
