"""SKUs of Google Cloud: pages of the Cloud Billing Catalog (v1), and SKUs and prices of the Pricing API (v1beta).

Formats: https://docs.cloud.google.com/billing/v1/how-tos/catalog-api and
https://docs.cloud.google.com/billing/docs/how-to/get-pricing-information-api. A price is `units` (a string) and `nanos`, for one
usage unit. Machine types have no SKU: `gcp_machines` composes them when all pages are read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from provisioner.prices.importers import gcp_items
from provisioner.prices.importers.amounts import Unit, Unusable, bound
from provisioner.prices.importers.json_members import members
from provisioner.prices.importers.sink import Sink
from provisioner.prices.importers.stream import Text, refused
from provisioner.prices.writer import Row
from provisioner.units import NANO

BRANCHES: Final = frozenset([("skus",)])
_ONE: Final = Unit(name="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sku:
    """A SKU with its price in force: where each tier starts, and nano-USD from there on."""

    number: str
    service: str
    description: str
    regions: Sequence[str]
    unit: str
    tiers: Sequence[tuple[int, int]]


def read_page(text: Text, sink: Sink) -> str:
    """One page of v1. Returns "": pages carry no date. Raises `InputError` where it is not one."""
    try:
        sink.writer.add(_rows(text, sink))
    except (ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        raise refused(text.path, f"expected a page of Google Cloud SKUs, found: {error}") from None
    return ""


def _rows(text: Text, sink: Sink) -> Iterator[Row]:
    for branch, _, value in members(text.lines.read, BRANCHES):
        if not branch:
            continue
        try:
            sku = _sku(value, sink.today)
        except Unusable as reason:
            sink.tally.leave_out(str(reason), str(value["skuId"]))
            continue
        yield from rows(sink, sku)


def _sku(value: Mapping[str, Any], today: str) -> Sku:
    """The price in force today: of the versions that have begun, the last."""
    begun = [info for info in value.get("pricingInfo", ()) if info.get("effectiveTime", "")[:10] <= today]
    if not begun:
        raise Unusable("a price that is not in force yet")
    expression = max(begun, key=lambda info: info.get("effectiveTime", ""))["pricingExpression"]
    return Sku(
        number=value["skuId"],
        service=value["category"]["serviceDisplayName"],
        description=value["description"],
        regions=value.get("serviceRegions") or ("global",),
        unit=expression.get("usageUnit", ""),
        tiers=[_tier(rate) for rate in expression["tieredRates"]],
    )


def _tier(rate: Mapping[str, Any]) -> tuple[int, int]:
    return bound(rate.get("startUsageAmount", 0), _ONE) or 0, money(rate["unitPrice"])


def money(price: Mapping[str, Any]) -> int:
    """Nano-USD from `units` (a number as a string, may be absent) and `nanos`. Raises `Unusable` for another currency."""
    currency = price.get("currencyCode", "USD")
    if currency != "USD":
        raise Unusable(f"a price in {currency}")
    return int(price.get("units") or 0) * NANO + int(price.get("nanos") or 0)


def rows(sink: Sink, sku: Sku) -> Iterator[Row]:
    """The rows of a SKU in each of its regions; parts of machines are also kept for `gcp_machines`."""
    part = gcp_items.part(sku.description) if sku.service == gcp_items.COMPUTE else None
    kind, item = gcp_items.classify(sku.service, sku.description) or (sku.service, f"{sku.description} {sku.number}")
    for region in sku.regions:
        if part and len(sku.tiers) == 1:
            _keep(sink, (region, part.family, part.part, part.use), sku)
        for index, (start, price) in enumerate(sku.tiers):
            yield Row(
                cloud="gcp",
                region=region,
                kind=kind,
                item=item,
                unit=gcp_items.unit(sku.unit),
                nano=price,
                source=sink.source,
                tier_start=start,
                tier_end=sku.tiers[index + 1][0] if index + 1 < len(sku.tiers) else None,
            )


def _keep(sink: Sink, key: tuple[str, str, str, str], sku: Sku) -> None:
    """A part with two prices is none: no machine is made of it."""
    price = sku.tiers[0][1]
    if sink.parts.setdefault(key, price) != price:
        sink.parts[key] = None
        sink.tally.leave_out("a part of machines that has another price already", f"{sku.description} {sku.number}")
