"""Where an importer puts what it reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from provisioner.prices.importers.plain import MachineRow
from provisioner.prices.importers.tally import Tally
from provisioner.prices.writer import TableWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class Sink:
    """One file on its way into a table."""

    writer: TableWriter
    tally: Tally
    source: int
    """The number of the file's source in the table."""
    today: str
    """ISO date: prices that take effect later are not in force yet."""
    machines: Mapping[str, Mapping[str, MachineRow]]
    """What machine types hold, by cloud and name, from the curated tables: Azure's prices do not say, Google Cloud's
    are made of it."""
    parts: dict[tuple[str, str, str, str], int | None] = field(default_factory=dict[tuple[str, str, str, str], int | None])
    """Google Cloud: nano-USD by region, family, part and use, over all pages, until machines are composed of them;
    None where there are two prices."""
