"""Writes a price database: rows come in any order and number; they are sorted, merged and checked on disk."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from provisioner.prices import schema
from provisioner.prices.importers.plain import MachineRow

BATCH: Final = 1000


_PRODUCT: Final = "SELECT region, kind, item, tier_start, tier_end FROM stage.product WHERE sku = ?"


class Row(NamedTuple):
    """One price as it was read. Commitments have `years`; a `meter` joins the rows of one commitment or of one version.

    A tuple, since a million of them go to the database as they are.
    """

    cloud: str
    region: str
    kind: str
    item: str
    unit: str
    nano: int
    source: int
    tier_start: int = 0
    tier_end: int | None = None
    upfront: int = 0
    years: int = 0
    meter: str = ""
    effective: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What a SKU is billed as. Where the source hides the tier in the SKU's name, `tier_start` says it; else None."""

    region: str
    kind: str
    item: str
    tier_start: int | None = None
    tier_end: int | None = None


_ROW: Final = f"INSERT INTO stage.row ({', '.join(Row._fields)}) VALUES ({', '.join('?' * len(Row._fields))})"  # noqa: S608


class TableWriter:
    """An empty database file to be filled. Use as a context; `finish` makes it whole."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._sources = dict[tuple[str, str, str], int]()
        self._kept = list[tuple[Any, ...]]()
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "temp_store = FILE", "cache_size = -32000"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute("ATTACH '' AS stage")
        self._database.execute("PRAGMA stage.cache_size = -32000")
        self._database.executescript(schema.SCHEMA + schema.STAGE)
        self._database.execute("BEGIN")

    def source(self, address: str, date: str, digest: str = "") -> int:
        """The number by which rows name where they come from. A digest that is known only later is set by `seal`."""
        key = (address, date, digest)
        if key not in self._sources:
            values = self._database.execute("INSERT INTO source (address, date, digest) VALUES (?, ?, ?)", key)
            self._sources[key] = values.lastrowid or 0
        return self._sources[key]

    def seal(self, source: int, *, date: str, digest: str) -> None:
        """What is known of a source when its file has been read to the end."""
        self._database.execute("UPDATE source SET date = ?, digest = ? WHERE id = ?", (date, digest, source))

    def add(self, rows: Iterable[Row]) -> None:
        self._database.executemany(_ROW, rows)

    def add_machines(self, cloud: str, machines: Iterable[MachineRow]) -> None:
        """What machine types hold. The first word on a type stands."""
        rows = ((cloud, row.machine, row.millicpu, row.memory_mib, row.arch, row.gpu) for row in machines)
        self._database.executemany("INSERT OR IGNORE INTO machine VALUES (?, ?, ?, ?, ?, ?)", rows)

    def keep(self, sku: str, product: Product) -> None:
        """Keep what a SKU is until its prices come by."""
        self._kept.append((sku, product.region, product.kind, product.item, product.tier_start, product.tier_end))
        if len(self._kept) >= BATCH:
            self._flush()

    def product(self, sku: str) -> Product | None:
        """What `keep` was told."""
        self._flush()
        found = self._database.execute(_PRODUCT, (sku,)).fetchone()
        if found is None:
            return None
        return Product(region=found[0], kind=found[1], item=found[2], tier_start=found[3], tier_end=found[4])

    def _flush(self) -> None:
        if self._kept:
            self._database.executemany("INSERT OR REPLACE INTO stage.product VALUES (?, ?, ?, ?, ?, ?)", self._kept)
            self._kept.clear()

    def note(self, **values: str) -> None:
        self._database.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", sorted(values.items()))

    def finish(self, *, open_tiers: bool = False, priced: Iterable[str] = ()) -> int:
        """Put everything in order and return the number of prices.

        `open_tiers`: the source names only where tiers start. `priced`: kinds that are never free; a price of 0 there
        (a row that a cloud keeps beside the real one) is left out, unless it is one tier of several.
        """
        execute = self._database.execute
        execute(schema.NEWER_VERSIONS)
        last = execute("SELECT COALESCE(MAX(rowid), 0) FROM stage.row").fetchone()[0]
        execute(schema.JOIN_TERMS)
        execute("DELETE FROM stage.row WHERE rowid <= ? AND meter <> '' AND years > 0", (last,))
        execute(schema.FILL)
        for kind in priced:
            execute(schema.FREE, (kind,))
        if open_tiers:
            execute(schema.CLOSE_TIERS)
        execute(schema.SHAPES)
        execute(schema.COVERS)
        self.note(layout=str(schema.LAYOUT))
        execute("COMMIT")
        return execute("SELECT COUNT(*) FROM price").fetchone()[0]

    def covers(self) -> tuple[tuple[str, str], ...]:
        """The clouds and regions of a finished table."""
        return tuple(self._database.execute("SELECT cloud, region FROM covers ORDER BY 1, 2").fetchall())

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
