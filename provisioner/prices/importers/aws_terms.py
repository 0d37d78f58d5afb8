"""Terms of the AWS price list: from one price dimension to rows of ours."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from provisioner.prices.importers.amounts import Unit, Unusable, bound, nano
from provisioner.prices.importers.aws_items import UNITS
from provisioner.prices.importers.sink import Sink
from provisioner.prices.writer import Product, Row

FREE_EGRESS_GB: Final = 100
"""Free in every account and month; the list keeps it in a SKU of no region. Source: https://aws.amazon.com/ec2/pricing/."""

RESERVABLE: Final = frozenset(("machine", "metal", "database", "cache"))

_FEE: Final = Unit(name="hour")
_LEASE: Final = re.compile(r"(\d+) ?y(?:r|ear)?s?", re.IGNORECASE)


class Dimension(NamedTuple):
    """One price of a term. A reservation has a rate by the hour and a fee (`Quantity`)."""

    rate: str
    """The rate code, for messages."""
    unit: str
    begin: str
    end: str
    price: str
    currency: str


class Term(NamedTuple):
    """`code` tells one reservation of a SKU from the other; "" for on demand."""

    code: str = ""
    lease: str = ""
    purchase: str = ""
    offering: str = ""


def rows(sink: Sink, product: Product, dimension: Dimension, term: Term) -> Iterator[Row]:
    """The row of one price, or two where the first use is free; a word in the tally where it cannot be used."""
    if dimension.currency != "USD":
        sink.tally.leave_out(f"a price in {dimension.currency or 'no currency'}", dimension.rate)
        return
    try:
        yield from _reserved(sink, product, dimension, term) if term.code else _on_demand(sink, product, dimension)
    except Unusable as reason:
        sink.tally.leave_out(str(reason), dimension.rate)


def _on_demand(sink: Sink, product: Product, dimension: Dimension) -> Iterator[Row]:
    unit = UNITS.get(dimension.unit) or Unit(name=dimension.unit or "each")
    start, end = bound(dimension.begin or "0", unit) or 0, bound(dimension.end, unit)
    if product.tier_start is not None:
        start, end = product.tier_start, product.tier_end
    price = nano(dimension.price, unit)
    if (product.kind, product.item, start) == ("egress", "internet", 0) and price:
        yield _row(sink, product, unit, price=0, start=0, end=FREE_EGRESS_GB)
        start = FREE_EGRESS_GB
    yield _row(sink, product, unit, price=price, start=start, end=end)


def _row(sink: Sink, product: Product, unit: Unit, *, price: int, start: int, end: int | None) -> Row:
    return Row(
        cloud="aws",
        region=product.region,
        kind=product.kind,
        item=product.item,
        unit=unit.name,
        nano=price,
        source=sink.source,
        tier_start=start,
        tier_end=end,
    )


def _reserved(sink: Sink, product: Product, dimension: Dimension, term: Term) -> Iterator[Row]:
    years = _years(term.lease)
    if product.kind not in RESERVABLE or not years:
        sink.tally.leave_out("a reservation of something that is priced on demand only here", dimension.rate)
        return
    fee = dimension.unit == "Quantity"
    price = nano(dimension.price, _FEE)
    kind = term_kind(term.offering, years, term.purchase)
    yield Row(
        cloud="aws",
        region=product.region,
        kind=kind if product.kind == "machine" else f"{product.kind}-{kind}",
        item=product.item,
        unit="hour",
        nano=0 if fee else price,
        upfront=price if fee else 0,
        years=years,
        source=sink.source,
        meter=term.code,
    )


@cache
def _years(lease: str) -> int:
    found = _LEASE.fullmatch(lease)
    return int(found[1]) if found else 0


@cache
def term_kind(offering: str, years: int, purchase: str) -> str:
    """`reserved-3y-partial-upfront`, `convertible-1y-no-upfront`."""
    sort = "convertible" if offering.lower() == "convertible" else "reserved"
    return f"{sort}-{years}y-{purchase.lower().replace(' ', '-')}"


def of_json(rate: str, dimension: Mapping[str, Any]) -> Dimension:
    """A price dimension of an offer. Its price is a string in a currency of the file."""
    currencies: Mapping[str, Any] = dimension.get("pricePerUnit") or {}
    currency = "USD" if "USD" in currencies else next(iter(currencies), "")
    return Dimension(
        rate=rate,
        unit=str(dimension.get("unit", "")),
        begin=str(dimension.get("beginRange", "0")),
        end=str(dimension.get("endRange", "Inf")),
        price=str(currencies.get(currency, "")),
        currency=currency,
    )
