"""The JSON shapes and table rows of `provisioner prices`, as `docs/reference/schemas/prices-*.json` state them."""

from collections.abc import Iterator, Mapping
from typing import Any

from provisioner.errors import NOWHERE
from provisioner.prices.importers.run import Imported
from provisioner.prices.tables import Table
from provisioner.prices.tariff import Tariff

__all__ = ["NOWHERE", "Tariff", "dates", "imported", "places", "table", "tariff", "tiers"]


def table(found: Table) -> Mapping[str, Any]:
    return {
        "name": found.name,
        "what": found.rank,
        "format": found.format,
        "imported": found.imported or None,
        "prices": found.prices,
        "regions": _regions(found.regions),
        "sources": [{"address": address, "date": date, "digest": digest} for address, date, digest in found.sources],
    }


def tariff(found: Tariff) -> Mapping[str, Any]:
    return {
        "cloud": found.cloud,
        "region": found.region,
        "kind": found.kind,
        "item": found.item,
        "unit": found.unit,
        "tiers": [{"start": tier.start, "end": tier.end, "usd": float(tier.price.decimal)} for tier in found.tiers],
        "source": found.source,
        "date": found.date,
    }


def tiers(found: Tariff) -> Iterator[tuple[str, ...]]:
    """One row for each tier."""
    for tier in found.tiers:
        end = "" if tier.end is None else f"{tier.end:,}"
        start = f"{tier.start:,}" if tier.start or end else ""
        yield (found.cloud, found.region, found.kind, found.item, start, end, f"{tier.price.decimal:f}", found.unit, found.date)


def imported(found: Imported) -> Mapping[str, Any]:
    return {
        "name": found.name,
        "format": found.format,
        "prices": found.prices,
        "regions": _regions(found.regions),
        "left_out": [{"reason": one.reason, "count": one.count, "example": one.example} for one in found.left_out],
    }


def places(found: Table) -> str:
    """`aws eu-west-1`, or `aws 12, gcp 12` where they are many."""
    if len(found.regions) == 1:
        return " ".join(found.regions[0])
    counts = dict[str, int]()
    for cloud, _ in found.regions:
        counts[cloud] = counts.get(cloud, 0) + 1
    return ", ".join(f"{cloud} {count}" for cloud, count in counts.items())


def dates(found: Table) -> str:
    """The oldest and the newest reading."""
    read = sorted({date for _, date, _ in found.sources})
    return " to ".join(dict.fromkeys((read[0], read[-1]))) if read else ""


def _regions(found: tuple[tuple[str, str], ...]) -> list[Mapping[str, str]]:
    return [{"cloud": cloud, "region": region} for cloud, region in found]
