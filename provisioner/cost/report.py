"""Estimates side by side, as data that the command line prints."""

from collections.abc import Sequence
from dataclasses import dataclass

from provisioner.cost.model import Estimate
from provisioner.units import ZERO, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One family of charges. A cell is None where that cloud bills none of it, or has no price for it."""

    kind: str
    cells: tuple[Money | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Typical months: a row for each family, a column for each estimate in the order given.

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


def compare(estimates: Sequence[Estimate]) -> Comparison:
    """Families in the order in which the estimates first bill them."""
    kinds = dict.fromkeys(item.kind for estimate in estimates for item in estimate.items)
    return Comparison(
        columns=tuple(f"{estimate.cloud} {estimate.region}" for estimate in estimates),
        rows=tuple(Row(kind=kind, cells=tuple(_total(estimate, kind) for estimate in estimates)) for kind in kinds),
        totals=tuple(estimate.monthly.typical for estimate in estimates),
        incomplete=tuple(bool(estimate.missing) for estimate in estimates),
    )


def _total(estimate: Estimate, kind: str) -> Money | None:
    found = [item.monthly.typical for item in estimate.items if item.kind == kind]
    return sum(found, ZERO) if found else None
