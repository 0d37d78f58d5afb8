"""Machines of a region across tables: what the overriding table says of a machine stands, whatever lies below."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Final

from provisioner.prices.offers import Offer
from provisioner.prices.tariff import AmbiguousPrice
from provisioner.units import Money

_MACHINES: Final = """
SELECT price.item, millicpu, memory_mib, arch, gpu, nano, address, date FROM price
JOIN machine ON machine.cloud = price.cloud AND machine.machine = price.item
JOIN source ON source.id = price.source
WHERE price.cloud = ? AND price.region = ? AND price.kind = 'machine'"""
_SPOT: Final = "SELECT item, nano FROM price WHERE cloud = ? AND region = ? AND kind = 'spot'"
_FITTING: Final = """
SELECT nano, machine FROM shape WHERE cloud = ? AND region = ? AND arch = ?
AND millicpu >= ? AND memory_mib >= ? AND gpu >= ? ORDER BY nano, machine"""
_PRICED: Final = "SELECT 1 FROM price WHERE cloud = ? AND region = ? AND kind = 'machine' AND item = ?"


def offers(tables: Sequence[sqlite3.Connection], cloud: str, region: str) -> tuple[Offer, ...]:
    """Cheapest first, then by name. Raises `AmbiguousPrice` where a table has two prices of one machine."""
    machines = dict[str, tuple[Any, ...]]()
    spots = dict[str, int]()
    for table in reversed(tables):
        machines.update(_single(table.execute(_MACHINES, (cloud, region)), f"{cloud} {region} machine"))
        spots.update((item, row[1]) for item, row in _single(table.execute(_SPOT, (cloud, region)), f"{cloud} {region} spot"))
    found = (_offer(cloud, region, row, spots.get(item)) for item, row in machines.items())
    return tuple(sorted(found, key=lambda offer: (offer.hourly, offer.machine)))


def cheapest(tables: Sequence[sqlite3.Connection], where: tuple[str, str, str], needs: tuple[int, int, int]) -> str | None:
    """The cheapest machine in each table that no table above prices otherwise; of these the cheapest."""
    found: tuple[int, str] | None = None
    for index, table in enumerate(tables):
        for nano, machine in table.execute(_FITTING, (*where, *needs)):
            if any(above.execute(_PRICED, (*where[:2], machine)).fetchone() for above in tables[:index]):
                continue
            if found is None or (nano, machine) < found:
                found = (nano, machine)
            break
    return found[1] if found else None


def _single(rows: sqlite3.Cursor, what: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    seen = set[str]()
    for row in rows:
        if row[0] in seen:
            raise AmbiguousPrice(f"{what} {row[0]}: several prices")
        seen.add(row[0])
        yield row[0], row


def _offer(cloud: str, region: str, row: tuple[Any, ...], spot: int | None) -> Offer:
    machine, millicpu, memory_mib, arch, gpu, hourly, source, date = row
    return Offer(
        cloud=cloud,
        region=region,
        machine=machine,
        millicpu=millicpu,
        memory_mib=memory_mib,
        arch=arch,
        gpu=gpu,
        hourly=Money(hourly),
        spot=None if spot is None else Money(spot),
        source=source,
        date=date,
    )
