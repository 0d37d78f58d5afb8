"""Our own plain CSV: `machines.csv` (what a machine type holds) and `prices.csv` (what things cost), one pair per cloud.

    machine,vcpu,memory_mib,arch,gpu
    region,kind,item,unit,tier_start,tier_end,usd,source,date

`tier_start` empty means 0, `tier_end` empty means without limit. Every mistake is reported with file, line and column.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from provisioner.errors import Problems
from provisioner.prices.importers.table import Record, read_table
from provisioner.units import ZERO, Money, parse_cpu

MACHINE_COLUMNS: Final = ("machine", "vcpu", "memory_mib", "arch", "gpu")
PRICE_COLUMNS: Final = ("region", "kind", "item", "unit", "tier_start", "tier_end", "usd", "source", "date")


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineRow:
    machine: str
    millicpu: int
    memory_mib: int
    arch: str
    gpu: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRow:
    region: str
    kind: str
    item: str
    unit: str
    tier_start: int
    tier_end: int | None
    price: Money
    source: str
    date: str


def read_machines(path: Path, problems: Problems) -> Iterator[MachineRow]:
    """Every machine type of a `machines.csv`. Rows that cannot be used are reported to `problems` and left out."""
    for record in read_table(path, MACHINE_COLUMNS, problems):
        row = MachineRow(
            machine=record.take("machine", _text, ""),
            millicpu=record.take("vcpu", parse_cpu, 0),
            memory_mib=record.take("memory_mib", _whole, 0),
            arch=record.take("arch", _arch, ""),
            gpu=record.take("gpu", _whole, 0),
        )
        if record.good:
            yield row


def read_prices(path: Path, problems: Problems) -> Iterator[PriceRow]:
    """Every price of a `prices.csv`. Rows that cannot be used are reported to `problems` and left out."""
    for record in read_table(path, PRICE_COLUMNS, problems):
        row = PriceRow(
            region=record.take("region", _text, ""),
            kind=record.take("kind", _text, ""),
            item=record.take("item", _text, ""),
            unit=record.take("unit", _text, ""),
            tier_start=record.take("tier_start", _start, 0),
            tier_end=record.take("tier_end", _end, None),
            price=record.take("usd", _price, ZERO),
            source=record.take("source", _text, ""),
            date=record.take("date", _date, ""),
        )
        _check_tier(record, row)
        if record.good:
            yield row


def _check_tier(record: Record, row: PriceRow) -> None:
    if row.tier_end is not None and row.tier_end <= row.tier_start:
        record.refuse("tier_end", f"expected more than tier_start {row.tier_start}, found {row.tier_end}")


def _text(text: str) -> str:
    if not text or text != text.strip():
        raise ValueError(f'expected text without surrounding spaces, found "{text}"')
    return text


def _arch(text: str) -> str:
    if text not in ("amd64", "arm64"):
        raise ValueError(f'expected amd64 or arm64, found "{text}"')
    return text


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f'expected a whole number, found "{text}"')
    return int(text)


def _start(text: str) -> int:
    return _whole(text) if text else 0


def _end(text: str) -> int | None:
    return _whole(text) if text else None


def _price(text: str) -> Money:
    price = Money.parse(text)
    if price < ZERO:
        raise ValueError(f'expected a price of at least 0, found "{text}"')
    return price


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f'expected a date such as 2026-11-22, found "{text}"') from None
