"""Builds the price database of the curated snapshot from the clouds' CSV files."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from provisioner.errors import Place, Problems
from provisioner.prices.importers.plain import MachineRow, PriceRow, read_machines, read_prices
from provisioner.prices.tables import CURATED
from provisioner.prices.writer import Row, TableWriter


def build_database(path: Path, folders: Mapping[str, Path]) -> None:
    """Fill the empty file `path`. Raises `InputError` with every mistake in the clouds' files."""
    problems = Problems()
    with TableWriter(path) as writer:
        for cloud, folder in sorted(folders.items()):
            machines = list(read_machines(folder / "machines.csv", problems))
            prices = list(read_prices(folder / "prices.csv", problems))
            check_machines(folder / "machines.csv", machines, problems)
            _check_capacities(folder / "prices.csv", machines, prices, problems)
            problems.raise_errors()
            digest = hashlib.sha256((folder / "prices.csv").read_bytes()).hexdigest()
            writer.add_machines(cloud, machines)
            writer.add(plain_rows(writer, cloud, prices, digest))
        writer.note(rank=CURATED, format="plain", imported="")
        writer.finish()


def check_machines(path: Path, machines: Iterable[MachineRow], problems: Problems) -> None:
    """A type that is stated twice could hold two things."""
    for machine, count in Counter(row.machine for row in machines).items():
        if count > 1:
            problems.error("price-table", Place(file=str(path), path=machine), f"expected {machine} once, found {count} rows")


def _check_capacities(path: Path, machines: Iterable[MachineRow], prices: Iterable[PriceRow], problems: Problems) -> None:
    """A machine that has a price but no capacity could never be chosen: refuse it instead of hiding it."""
    known = {row.machine for row in machines}
    for item in sorted({row.item for row in prices if row.kind in ("machine", "spot")} - known):
        problems.error("price-table", Place(file=str(path), path=item), f"expected {item} in machines.csv, found a price only")


def plain_rows(writer: TableWriter, cloud: str, prices: Iterable[PriceRow], digest: str) -> Iterator[Row]:
    """Rows of our plain CSV, each with the source that it states."""
    for price in prices:
        yield Row(
            cloud=cloud,
            region=price.region,
            kind=price.kind,
            item=price.item,
            unit=price.unit,
            nano=price.price.nano,
            source=writer.source(price.source, price.date, digest),
            tier_start=price.tier_start,
            tier_end=price.tier_end,
        )
