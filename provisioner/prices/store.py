"""Looks prices up. The tables are read-only, and every answer names the source and the date it was read."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self

from provisioner.prices.cache import ensure_database
from provisioner.prices.offers import Offer
from provisioner.prices.tariff import AmbiguousPrice, MissingPrice, Tariff, Tier, check_tiers
from provisioner.units import Money

_TARIFF: Final = """
SELECT tier_start, tier_end, nano, unit, address, date FROM price JOIN source ON source.id = price.source
WHERE cloud = ? AND region = ? AND kind = ? AND item = ? ORDER BY tier_start, number"""
_OFFERS: Final = """
SELECT price.item, millicpu, memory_mib, arch, gpu, price.nano, spot.nano, address, date
FROM price
JOIN machine ON machine.cloud = price.cloud AND machine.machine = price.item
JOIN source ON source.id = price.source
LEFT JOIN price AS spot ON spot.cloud = price.cloud AND spot.region = price.region AND spot.kind = 'spot'
  AND spot.item = price.item
WHERE price.cloud = ? AND price.region = ? AND price.kind = 'machine'
ORDER BY price.nano, price.item"""
_FIND: Final = """
SELECT DISTINCT cloud, region, kind, item FROM price
WHERE cloud || ' ' || region || ' ' || kind || ' ' || item LIKE ? ESCAPE '\\' ORDER BY 1, 2, 3, 4"""


class Prices:
    """An open price database. Money is exact; a price that is not there is `MissingPrice`, never 0."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    @classmethod
    def open(cls, folders: Mapping[str, Path], cache: Path) -> "Prices":
        """The prices in the clouds' folders (cloud name to the folder of its `machines.csv` and `prices.csv`).

        The database is kept in the folder `cache` and built again only when the data changed.
        """
        path = ensure_database(folders, cache)
        return cls(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True))

    def offers(self, cloud: str, region: str) -> tuple[Offer, ...]:
        """Every machine type with a price in the region, cheapest first, then by name; none for a region without prices.

        Raises `AmbiguousPrice` where a machine type has two.
        """
        rows = self._database.execute(_OFFERS, (cloud, region)).fetchall()
        offers = tuple(_offer(cloud, region, row) for row in rows)
        for machine, count in Counter(offer.machine for offer in offers).items():
            if count > 1:
                raise AmbiguousPrice(f"{cloud} {region} machine {machine}: {count} prices")
        return offers

    def tariff(self, cloud: str, region: str, kind: str, item: str) -> Tariff:
        """What an item costs there. Raises `MissingPrice` or `AmbiguousPrice`, both naming cloud, region and item."""
        rows = self._database.execute(_TARIFF, (cloud, region, kind, item)).fetchall()
        if not rows:
            raise MissingPrice(f"no price of {kind} {item} in {cloud} {region}")
        tariff = Tariff(
            cloud=cloud,
            region=region,
            kind=kind,
            item=item,
            unit=rows[0][3],
            tiers=tuple(Tier(start=start, end=end, price=Money(nano)) for start, end, nano, _, _, _ in rows),
            source="; ".join(dict.fromkeys(row[4] for row in rows)),
            date=min(row[5] for row in rows),
        )
        return check_tiers(tariff)

    def find(self, pattern: str) -> tuple[Tariff, ...]:
        """Every tariff whose `CLOUD REGION KIND ITEM` holds all of the pattern's words, in that order."""
        words = pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").split()
        rows = self._database.execute(_FIND, ("%" + "%".join(words) + "%",)).fetchall()
        return tuple(self.tariff(*row) for row in rows)

    def sources(self) -> tuple[tuple[str, str, str], ...]:
        """Where the figures come from: address, date, and the digest of the file that held them."""
        return tuple(self._database.execute("SELECT address, date, digest FROM source ORDER BY 1, 2, 3").fetchall())

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _offer(cloud: str, region: str, row: tuple[Any, ...]) -> Offer:
    machine, millicpu, memory_mib, arch, gpu, hourly, spot, source, date = row
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
