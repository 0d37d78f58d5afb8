"""The Pricing API of Google Cloud (v1beta): a list of SKUs with their places, and a list of their prices."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from provisioner.prices.importers.amounts import Unit, Unusable, bound
from provisioner.prices.importers.gcp import Sku, money, rows
from provisioner.prices.importers.json_members import members
from provisioner.prices.importers.sink import Sink
from provisioner.prices.importers.stream import Text, refused
from provisioner.prices.writer import Product, Row

SKUS: Final = frozenset([("skus",)])
PRICES: Final = frozenset([("prices",)])
SERVICES: Final[Mapping[str, str]] = {
    "6F81-5844-456A": "Compute Engine",
    "E505-1604-58F8": "Networking",
    "95FF-2EF5-5EA1": "Cloud Storage",
    "CCD8-9BF1-090E": "Kubernetes Engine",
    "9662-B51E-5089": "Cloud SQL",
}
"""Source: https://cloud.google.com/skus. A service that is not here is named by its number."""

_ONE: Final = Unit(name="")


def read_skus(text: Text, sink: Sink) -> str:
    """A page of SKUs: kept until the pages of prices come, which therefore stand behind."""
    try:
        for branch, _, value in members(text.lines.read, SKUS):
            if branch:
                sink.writer.keep(value["skuId"], _product(value))
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise refused(text.path, f"expected a page of SKUs of the Pricing API, found: {error}") from None
    return ""


def read_prices(text: Text, sink: Sink) -> str:
    """A page of prices. One of a SKU that no page named is left out with a word."""
    try:
        sink.writer.add(_rows(text, sink))
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise refused(text.path, f"expected a page of prices of the Pricing API, found: {error}") from None
    return ""


def _product(value: Mapping[str, Any]) -> Product:
    service = str(value.get("service", "")).rsplit("/", 1)[-1]
    return Product(
        region=" ".join(_regions(value.get("geoTaxonomy", {}))), kind=SERVICES.get(service, service), item=value["displayName"]
    )


def _regions(taxonomy: Mapping[str, Any]) -> Iterator[str]:
    """The codes of the regions; `global` where the taxonomy names none."""
    single = taxonomy.get("regionalMetadata", {}).get("region", {}).get("region")
    several = taxonomy.get("multiRegionalMetadata", {}).get("regions", ())
    found = [single] if single else [one["region"] for one in several]
    yield from found or ["global"]


def _rows(text: Text, sink: Sink) -> Iterator[Row]:
    for branch, _, value in members(text.lines.read, PRICES):
        if not branch:
            continue
        number = value["name"].split("/")[1]
        product = sink.writer.product(number)
        if product is None:
            sink.tally.leave_out("a price of a SKU that no page of SKUs names", number)
            continue
        if "rate" not in value:
            sink.tally.leave_out(f"a price that is a {value.get('valueType', 'word')}, not a rate", number)
            continue
        try:
            yield from rows(sink, _sku(number, product, value))
        except Unusable as reason:
            sink.tally.leave_out(str(reason), number)


def _sku(number: str, product: Product, value: Mapping[str, Any]) -> Sku:
    rate = value["rate"]
    info = rate.get("unitInfo", {})
    per = int(info.get("unitQuantity", {}).get("value", 1))
    tiers = list[tuple[int, int]]()
    for tier in rate["tiers"]:
        price = money({"currencyCode": value.get("currencyCode", "USD"), **tier["listPrice"]})
        tiers.append((bound(_amount(tier.get("startAmount", {})), _ONE) or 0, price))
    unit = info.get("unit", "")
    return Sku(
        number=number,
        service=product.kind,
        description=product.item,
        regions=product.region.split(),
        unit=unit if per == 1 else f"{per} {unit}",
        tiers=tiers,
    )


def _amount(amount: Mapping[str, Any]) -> str:
    """`{value: "1024"}`, or `{units: "1024", nanos: 0}`."""
    if "value" in amount:
        return str(amount["value"])
    return f"{int(amount.get('units') or 0)}.{int(amount.get('nanos') or 0):09d}"
