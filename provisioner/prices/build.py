"""Builds the price database from the clouds' CSV files: SQLite, prices as integer nano-USD, tiers as rows."""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from provisioner.errors import Place, Problems
from provisioner.prices.importers.plain import MachineRow, PriceRow, read_machines, read_prices

SCHEMA: Final = """
CREATE TABLE source (id INTEGER PRIMARY KEY, address TEXT NOT NULL, date TEXT NOT NULL, digest TEXT NOT NULL,
  UNIQUE (address, date, digest));
CREATE TABLE price (cloud TEXT, region TEXT, kind TEXT, item TEXT, tier_start INTEGER, number INTEGER,
  tier_end INTEGER, unit TEXT NOT NULL, nano INTEGER NOT NULL, source INTEGER NOT NULL REFERENCES source,
  PRIMARY KEY (cloud, region, kind, item, tier_start, number)) WITHOUT ROWID;
CREATE TABLE machine (cloud TEXT, machine TEXT, millicpu INTEGER NOT NULL, memory_mib INTEGER NOT NULL,
  arch TEXT NOT NULL, gpu INTEGER NOT NULL, PRIMARY KEY (cloud, machine)) WITHOUT ROWID;
"""
"""`number` tells rows apart that claim the same tier, so that a look-up sees both and refuses."""

_INSERT_PRICE: Final = "INSERT INTO price VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def build_database(path: Path, folders: Mapping[str, Path]) -> None:
    """Fill the empty file `path`. Raises `InputError` with every mistake in the clouds' files."""
    problems = Problems()
    database = sqlite3.connect(path, isolation_level=None)
    try:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.executescript(SCHEMA)
        database.execute("BEGIN")
        for cloud, folder in sorted(folders.items()):
            machines = list(read_machines(folder / "machines.csv", problems))
            prices = list(read_prices(folder / "prices.csv", problems))
            _check_machines(folder / "prices.csv", machines, prices, problems)
            problems.raise_errors()
            _insert_machines(database, cloud, machines)
            _insert_prices(database, cloud, prices, hashlib.sha256((folder / "prices.csv").read_bytes()).hexdigest())
        database.execute("COMMIT")
    finally:
        database.close()


def _check_machines(path: Path, machines: Iterable[MachineRow], prices: Iterable[PriceRow], problems: Problems) -> None:
    """A machine that has a price but no capacity could never be chosen: refuse it instead of hiding it."""
    known = {row.machine for row in machines}
    for item in sorted({row.item for row in prices if row.kind in ("machine", "spot")} - known):
        problems.error("price-table", Place(file=str(path), path=item), f"expected {item} in machines.csv, found a price only")


def _insert_machines(database: sqlite3.Connection, cloud: str, machines: Iterable[MachineRow]) -> None:
    rows = ((cloud, row.machine, row.millicpu, row.memory_mib, row.arch, row.gpu) for row in machines)
    database.executemany("INSERT INTO machine VALUES (?, ?, ?, ?, ?, ?)", rows)


def _insert_prices(database: sqlite3.Connection, cloud: str, prices: Iterable[PriceRow], digest: str) -> None:
    sources = dict[tuple[str, str], int]()
    for number, row in enumerate(prices):
        source = sources.get((row.source, row.date))
        if source is None:
            values = (row.source, row.date, digest)
            source = database.execute("INSERT INTO source (address, date, digest) VALUES (?, ?, ?)", values).lastrowid or 0
            sources[row.source, row.date] = source
        key = (cloud, row.region, row.kind, row.item, row.tier_start, number)
        database.execute(_INSERT_PRICE, (*key, row.tier_end, row.unit, row.price.nano, source))
