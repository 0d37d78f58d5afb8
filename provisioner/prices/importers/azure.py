"""Azure Retail Prices: pages of items, each with all its traps.

Format: https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices. A reservation's price is that of
the whole term, although its unit says one hour; a savings plan stands inside the item on demand; the tiers of a meter
are several items. Machine types come without their sizes: what they hold is taken from the curated tables.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from provisioner.prices.importers import azure_items
from provisioner.prices.importers.amounts import Unit, Unusable, bound, nano
from provisioner.prices.importers.json_members import members
from provisioner.prices.importers.sink import Sink
from provisioner.prices.importers.stream import Text, refused
from provisioner.prices.writer import Row

BRANCHES: Final = frozenset([("Items",)])
NEEDED: Final = ("currencyCode", "retailPrice", "serviceName", "productName", "skuName", "meterName", "meterId", "type")

_TERM: Final = re.compile(r"(\d+) Years?")
_HOUR: Final = Unit(name="hour")
_MACHINES: Final = frozenset(("machine", "spot", "low-priority"))


def read_page(text: Text, sink: Sink) -> str:
    """One page, as the interface answered it. Returns "": pages carry no date. Raises `InputError` where it is not one."""
    try:
        sink.writer.add(_rows(text, sink))
    except (ValueError, TypeError, AttributeError) as error:
        raise refused(text.path, f"expected a page of Azure Retail Prices, found: {error}") from None
    return ""


def _rows(text: Text, sink: Sink) -> Iterator[Row]:
    known = {azure_items.same(name): name for name in sink.machines.get("azure", {})}
    for branch, key, item in members(text.lines.read, BRANCHES):
        if not branch:
            continue
        missing = [field for field in NEEDED if field not in item]
        if missing:
            raise ValueError(f"item {key} without {', '.join(missing)}")
        name = f"{item['meterName']} {item['meterId']}"
        reason = _unfit(item, sink.today)
        if reason:
            sink.tally.leave_out(reason, name)
            continue
        try:
            yield from _item(sink, item, known)
        except Unusable as found:
            sink.tally.leave_out(str(found), name)


def _unfit(item: Mapping[str, Any], today: str) -> str:
    """Why an item is no price of today for everybody, or ""."""
    if item["currencyCode"] != "USD":
        return f"a price in {item['currencyCode']}"
    if item["type"] not in ("Consumption", "Reservation"):
        return f"a price of type {item['type']}"
    if item.get("effectiveStartDate", "")[:10] > today:
        return "a price that is not in force yet"
    if item.get("effectiveEndDate") and item["effectiveEndDate"][:10] < today:
        return "a price that is no longer in force"
    return ""


def _item(sink: Sink, item: Mapping[str, Any], known: Mapping[str, str]) -> Iterator[Row]:
    found = azure_items.classify(item)
    kind, name = found or azure_items.generic(item)
    if found and kind in _MACHINES:
        windows = azure_items.WINDOWS if name.endswith(azure_items.WINDOWS) else ""
        plain = name.removesuffix(windows)
        name = known.get(azure_items.same(plain), plain) + windows
    if item["type"] == "Reservation":
        yield from _reservation(sink, item, kind, name)
        return
    unit = azure_items.DISK_MONTH if kind == "disk" else _unit(item)
    start = bound(item.get("tierMinimumUnits", 0), unit) or 0
    yield _row(sink, item, kind, name, unit.name)._replace(nano=nano(item["retailPrice"], unit), tier_start=start)
    for plan in item.get("savingsPlan") or ():
        years = _years(plan["term"])
        price = nano(plan["retailPrice"], unit)
        yield _row(sink, item, _term(kind, f"savings-{years}y"), name, unit.name)._replace(nano=price, years=years)


def _reservation(sink: Sink, item: Mapping[str, Any], kind: str, name: str) -> Iterator[Row]:
    """The fee of the whole term, whatever the unit says."""
    years = _years(str(item.get("reservationTerm", "")))
    fee = nano(item["retailPrice"], Unit(name="term"))
    unit = _HOUR.name if kind in ("machine", "database") else "amortised hour"
    yield _row(sink, item, _term(kind, f"reserved-{years}y"), name, unit)._replace(upfront=fee, years=years)


def _term(kind: str, term: str) -> str:
    """Machines under the term alone, as `options` names it; everything else beside its own kind."""
    return term if kind == "machine" else f"{kind}-{term}"


def _years(term: str) -> int:
    found = _TERM.fullmatch(term)
    if not found:
        raise Unusable("a term that is not in years")
    return int(found[1])


def _unit(item: Mapping[str, Any]) -> Unit:
    stated = str(item.get("unitOfMeasure", "")) or "each"
    return azure_items.UNITS.get(stated) or Unit(name=stated, factor=Decimal(1))


def _row(sink: Sink, item: Mapping[str, Any], kind: str, name: str, unit: str) -> Row:
    """Without its figures yet. The tiers of a meter and its versions share their number."""
    return Row(
        cloud="azure",
        region=str(item.get("armRegionName", "")).lower() or "global",
        kind=kind,
        item=name,
        unit=unit,
        nano=0,
        source=sink.source,
        meter=f"{item['meterId']} {item.get('skuId', '')}",
        effective=str(item.get("effectiveStartDate", ""))[:10],
    )
