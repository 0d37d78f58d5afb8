"""Looks prices up. The tables are read-only, and every answer names the source and the date it was read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self

from provisioner.prices import choice
from provisioner.prices.cache import ensure_database
from provisioner.prices.layers import Layers
from provisioner.prices.offers import Offer
from provisioner.prices.options import PURCHASES, PurchaseOption, amortised
from provisioner.prices.tables import list_tables, open_table
from provisioner.prices.tariff import AmbiguousPrice, MissingPrice, Tariff, Tier, check_tiers
from provisioner.units import Money

TABLES: Final = "tables"
"""The folder of imported tables, inside the price cache."""

_TARIFF: Final = """
SELECT tier_start, tier_end, nano, unit, address, date, upfront, years FROM price JOIN source ON source.id = price.source
WHERE cloud = ? AND region = ? AND kind = ? AND item = ? ORDER BY tier_start, number"""
_FIND: Final = """
SELECT DISTINCT cloud, region, kind, item FROM price
WHERE cloud || ' ' || region || ' ' || kind || ' ' || item LIKE ? ESCAPE '\\' ORDER BY 1, 2, 3, 4"""


class Prices:
    """Open price tables. Money is exact; a price that is not there is `MissingPrice`, never 0."""

    def __init__(self, layers: Layers) -> None:
        self._layers = layers

    @classmethod
    def open(cls, folders: Mapping[str, Path], cache: Path) -> "Prices":
        """The prices in the clouds' folders (cloud name to the folder of its `machines.csv` and `prices.csv`),
        overridden by the tables that were imported into `cache/tables`.

        The database of the folders is kept in the folder `cache` and built again only when the data changed.
        Raises `InputError` with every mistake in the files, and for imported tables of another layout.
        """
        tables = [table.path for table in list_tables(cache / TABLES)]
        return cls(Layers([open_table(path) for path in (*tables, ensure_database(folders, cache))]))

    def offers(self, cloud: str, region: str) -> tuple[Offer, ...]:
        """Every machine type with a price in the region, cheapest first, then by name; none for a region without prices.

        Raises `AmbiguousPrice` where a machine type has two.
        """
        return choice.offers(self._layers.of(cloud, region), cloud, region)

    def cheapest(
        self, cloud: str, region: str, *, millicpu: int, memory_mib: int, arch: str = "amd64", gpu: int = 0
    ) -> str | None:
        """The machine type with the lowest on-demand price that holds this much; by name among equals; None: there is none."""
        return choice.cheapest(self._layers.of(cloud, region), (cloud, region, arch), (millicpu, memory_mib, gpu))

    def options(self, cloud: str, region: str, machine: str) -> tuple[PurchaseOption, ...]:
        """Every way to pay for a machine type there that the tables know, cheapest hour first.

        Raises `AmbiguousPrice` where one has several prices.
        """
        found = [option for kind in PURCHASES if (option := self._option(cloud, region, kind, machine))]
        return tuple(sorted(found, key=lambda option: (option.effective, option.kind)))

    def tariff(self, cloud: str, region: str, kind: str, item: str) -> Tariff:
        """What an item costs there; a commitment by the hour, with its fee spread over the term.

        Raises `MissingPrice` or `AmbiguousPrice`, both naming cloud, region and item.
        """
        rows = self._rows(cloud, region, kind, item)
        if not rows:
            raise MissingPrice(f"no price of {kind} {item} in {cloud} {region}")
        tariff = Tariff(
            cloud=cloud,
            region=region,
            kind=kind,
            item=item,
            unit=rows[0][3],
            tiers=tuple(Tier(start=row[0], end=row[1], price=Money(amortised(row[2], row[6], row[7]))) for row in rows),
            source="; ".join(dict.fromkeys(row[4] for row in rows)),
            date=min(row[5] for row in rows),
        )
        return check_tiers(tariff)

    def find(self, pattern: str) -> tuple[Tariff, ...]:
        """Every tariff whose `CLOUD REGION KIND ITEM` holds all of the pattern's words, in that order."""
        return tuple(self.tariff(*key) for key in self.keys(pattern))

    def keys(self, pattern: str) -> tuple[tuple[str, str, str, str], ...]:
        """Cloud, region, kind and item of everything that `find` finds, also where prices contradict each other."""
        words = pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").split()
        sought = ("%" + "%".join(words) + "%",)
        return tuple(sorted({row for table in self._layers for row in table.execute(_FIND, sought)}))

    def sources(self) -> tuple[tuple[str, str, str], ...]:
        """Where the figures come from: address, date, and the digest of the file that held them."""
        found = (row for table in self._layers for row in table.execute("SELECT address, date, digest FROM source"))
        return tuple(sorted(set(found)))

    def close(self) -> None:
        self._layers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _rows(self, cloud: str, region: str, kind: str, item: str) -> list[tuple[Any, ...]]:
        """The rows of the first table that has any."""
        for table in self._layers.of(cloud, region):
            rows = table.execute(_TARIFF, (cloud, region, kind, item)).fetchall()
            if rows:
                return rows
        return []

    def _option(self, cloud: str, region: str, kind: str, machine: str) -> PurchaseOption | None:
        rows = self._rows(cloud, region, kind, machine)
        if not rows:
            return None
        if len(rows) > 1:
            raise AmbiguousPrice(f"{cloud} {region} {kind} {machine}: {len(rows)} prices")
        _, _, hourly, _, source, date, upfront, years = rows[0]
        return PurchaseOption(
            kind=kind,
            years=years or _years(kind),
            upfront=Money(upfront),
            hourly=Money(hourly),
            effective=Money(amortised(hourly, upfront, years)),
            source=source,
            date=date,
        )


def _years(kind: str) -> int:
    return next((years for years in (1, 3) if f"-{years}y" in kind), 0)
