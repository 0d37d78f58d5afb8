"""Estimates side by side, as data that the command line prints and that Markdown and HTML show."""

from collections.abc import Sequence
from dataclasses import dataclass

from provisioner.cost.difference import Difference
from provisioner.cost.model import Estimate
from provisioner.units import ZERO, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line. A cell is None where that column bills none of it, or has no price for it."""

    name: str
    """The thing it is for; "" in a comparison by family."""
    kind: str
    cells: tuple[Money | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Typical months: a column for each estimate in the order given.

    `incomplete` marks the columns whose total leaves out what has no price: they must not look cheapest.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    totals: tuple[Money, ...]
    incomplete: tuple[bool, ...]

    @property
    def cheapest(self) -> str:
        """The column with the smallest total among those that are complete; "" when none is."""
        complete = [
            (total, column)
            for total, column, partial in zip(self.totals, self.columns, self.incomplete, strict=True)
            if not partial
        ]
        return min(complete)[1] if complete else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What Markdown and HTML show: one estimate, or several side by side, with what changes and what is to be known."""

    title: str
    estimates: tuple[Estimate, ...]
    difference: Difference | None = None
    sides: tuple[str, str] = ("before", "after")
    """What stands on either side of the difference."""
    notes: tuple[str, ...] = ()


def compare(estimates: Sequence[Estimate]) -> Comparison:
    """A row for each family, in the order in which the estimates first bill them."""
    return _comparison(estimates, by_name=False)


def line_by_line(estimates: Sequence[Estimate]) -> Comparison:
    """A row for each thing and family: `host app-1 machine` stands beside `host app-1 machine`, whatever it is called there."""
    return _comparison(estimates, by_name=True)


def _comparison(estimates: Sequence[Estimate], *, by_name: bool) -> Comparison:
    sums = [_sums(estimate, by_name=by_name) for estimate in estimates]
    keys = dict.fromkeys(key for found in sums for key in found)
    return Comparison(
        columns=tuple(column(estimate) for estimate in estimates),
        rows=tuple(Row(name=name, kind=kind, cells=tuple(found.get((name, kind)) for found in sums)) for name, kind in keys),
        totals=tuple(estimate.monthly.typical for estimate in estimates),
        incomplete=tuple(bool(estimate.missing) for estimate in estimates),
    )


def column(estimate: Estimate) -> str:
    return f"{estimate.cloud} {estimate.region}"


def _sums(estimate: Estimate, *, by_name: bool) -> dict[tuple[str, str], Money]:
    found = dict[tuple[str, str], Money]()
    for item in estimate.items:
        key = (item.name if by_name else "", item.kind)
        found[key] = found.get(key, ZERO) + item.monthly.typical
    return found
