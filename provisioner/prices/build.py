"""Builds the price database from the clouds' CSV files: SQLite, prices as integer nano-USD, tiers as rows."""

import hashlib
import os
import sqlite3
import tempfile
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


def ensure_database(folders: Mapping[str, Path], cache: Path) -> Path:
    """The database of exactly these files: `cache/prices-DIGEST.sqlite`, built when it is not there yet.

    Processes may build it at the same time: each writes a file of its own and renames it, and all have the same bytes.
    Raises `InputError` with every mistake in the files.
    """
    digest = _digest(folders)
    path = cache / f"prices-{digest[:20]}.sqlite"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=cache, prefix=".prices-", suffix=".sqlite")
        os.close(handle)
        try:
            _build(Path(name), folders)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    return path


def _digest(folders: Mapping[str, Path]) -> str:
    """Over schema, cloud names and file contents: any change of these is another database."""
    digest = hashlib.sha256(SCHEMA.encode())
    for cloud, folder in sorted(folders.items()):
        for name in ("machines.csv", "prices.csv"):
            digest.update(f"{cloud}/{name}\n".encode())
            digest.update(_contents(folder / name))
    return digest.hexdigest()


def _contents(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        problems = Problems()
        problems.error("price-table", Place(file=str(path)), f"expected a readable CSV file, found: {error.strerror}")
        problems.raise_errors()
        raise


def _build(path: Path, folders: Mapping[str, Path]) -> None:
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
            _insert_prices(database, cloud, prices, hashlib.sha256(_contents(folder / "prices.csv")).hexdigest())
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
