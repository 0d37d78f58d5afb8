"""Which machine sizes there are, and where: read from the project's own tables of Azure, as data."""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

TABLES = Path(__file__).parent.parent.parent / "clouds" / "azure"


def locations() -> tuple[str, ...]:
    return tuple(sorted(_sold()))


def is_location(name: str) -> bool:
    return name in _sold()


def is_sold(size: str, location: str) -> bool:
    return size in _sold().get(location, ())


def architecture(size: str) -> str:
    """`x64` or `Arm64`, as Azure says."""
    return _architectures()[size]


@cache
def vcpus(size: str) -> int:
    return next(int(row["vcpu"]) for row in _rows("machines.csv") if row["machine"] == size)


@cache
def _sold() -> Mapping[str, frozenset[str]]:
    """Location to the sizes with a price there."""
    found = dict[str, set[str]]()
    for row in _rows("prices.csv"):
        if row["kind"] == "machine":
            found.setdefault(row["region"], set()).add(row["item"])
    return {location: frozenset(sizes) for location, sizes in found.items()}


@cache
def _architectures() -> Mapping[str, str]:
    words = {"amd64": "x64", "arm64": "Arm64"}
    return {row["machine"]: words[row["arch"]] for row in _rows("machines.csv")}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
