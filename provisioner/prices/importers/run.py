"""Imports files into one table of the user's, which takes the place of the table of that name in one step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from provisioner.errors import InputError, Place, Problem, Problems
from provisioner.prices.build import check_machines, plain_rows
from provisioner.prices.cache import replacement
from provisioner.prices.importers.formats import FORMATS, PLAIN, detect
from provisioner.prices.importers.gcp_machines import machine_rows
from provisioner.prices.importers.plain import MachineRow, read_machines, read_prices
from provisioner.prices.importers.sink import Sink
from provisioner.prices.importers.stream import Progress, open_text, refused
from provisioner.prices.importers.tally import LeftOut, Tally
from provisioner.prices.tables import OWN, PUBLIC, table_path
from provisioner.prices.writer import TableWriter

_LAST: Final = "gcp-beta-prices"
"""Prices of the Pricing API say nothing before their SKUs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A file, the address it came from, and the ISO date on which it was read there."""

    path: Path
    address: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Files for the table `name` in `folder`. `now` is the ISO time of the import.

    `machines` are the curated machine types, by cloud and name: they complete what a file does not say.
    """

    inputs: Sequence[Input]
    folder: Path
    name: str
    now: str
    machines: Mapping[str, Mapping[str, MachineRow]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of an import."""

    name: str
    format: str
    prices: int
    regions: tuple[tuple[str, str], ...]
    left_out: tuple[LeftOut, ...]


def import_public(job: Job, progress: Progress) -> Imported:
    """Files in the public formats of one cloud. Raises `InputError` where one cannot be read, or none holds a price of use."""
    named = sorted(((detect(one.path), one) for one in job.inputs), key=lambda pair: pair[0] == _LAST)
    for name, one in named:
        if name == PLAIN:
            raise refused(one.path, "expected a file of a cloud's public format, found our plain CSV", hint="state its --cloud")
    formats = [FORMATS[name] for name, _ in named]
    if len({one.cloud for one in formats}) > 1:
        raise refused(named[-1][1].path, "expected files of one cloud in one import")
    tally, sink, cloud = Tally(), None, formats[0].cloud
    parts = dict[tuple[str, str, str, str], int | None]()
    with replacement(table_path(job.folder, job.name)) as path, TableWriter(path) as writer:
        for found, (_, one) in zip(formats, named, strict=True):
            source = writer.source(one.address, one.date)
            sink = Sink(writer=writer, tally=tally, source=source, today=job.now[:10], machines=job.machines, parts=parts)
            with open_text(one.path, progress) as text:
                stated = found.read(text, sink)
                writer.seal(source, date=stated or one.date, digest=text.hexdigest())
        if sink and parts:
            writer.add(machine_rows(sink))
        writer.add_machines(cloud, job.machines.get(cloud, {}).values())
        prices = writer.finish(
            open_tiers=any(one.open_tiers for one in formats), priced={kind for one in formats for kind in one.priced}
        )
        _stamp(writer, job, PUBLIC, formats[0].name)
        return _imported(job, formats[0].name, prices, writer, tally)


def import_plain(job: Job, cloud: str, capacities: Path | None, progress: Progress) -> Imported:
    """Our plain CSV: own prices, for one cloud. `capacities` is a `machines.csv` for types that the curated one lacks.

    Raises `InputError` with every mistake in the files.
    """
    problems = Problems()
    with replacement(table_path(job.folder, job.name)) as path, TableWriter(path) as writer:
        if capacities:
            machines = list(read_machines(capacities, problems))
            check_machines(capacities, machines, problems)
            writer.add_machines(cloud, machines)
        writer.add_machines(cloud, job.machines.get(cloud, {}).values())
        for one in job.inputs:
            with open_text(one.path, progress) as text:
                digest = text.hexdigest()
            writer.add(plain_rows(writer, cloud, read_prices(one.path, problems), digest))
        problems.raise_errors()
        prices = writer.finish()
        _stamp(writer, job, OWN, PLAIN)
        return _imported(job, PLAIN, prices, writer, Tally())


def _stamp(writer: TableWriter, job: Job, rank: str, name: str) -> None:
    writer.note(rank=rank, format=name, imported=job.now)


def _imported(job: Job, name: str, prices: int, writer: TableWriter, tally: Tally) -> Imported:
    """Raises `InputError` for an import without a single price: it would only hide that the file is not the right one."""
    if not prices:
        reasons = "; ".join(f"{one.count} left out: {one.reason} ({one.example})" for one in tally) or "the files hold none"
        message = f"expected at least one price, found none: {reasons}"
        place = Place(file=str(job.inputs[0].path))
        raise InputError([Problem(severity="error", code="price-table", place=place, message=message)])
    return Imported(name=job.name, format=name, prices=prices, regions=writer.covers(), left_out=tuple(tally))
