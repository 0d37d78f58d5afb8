"""An estimate against an earlier one, line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provisioner.cost.model import Estimate, Item
from provisioner.units import ZERO, Money

Lines = dict[tuple[str, str], Money]
"""Typical months by name and family."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A line that is new (`before` 0), gone (`after` 0) or costs something else in a typical month."""

    name: str
    kind: str
    before: Money
    after: Money

    @property
    def difference(self) -> Money:
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`monthly` is the typical month now minus then. `changes` holds the lines that differ, the largest change first."""

    monthly: Money
    changes: tuple[Change, ...]


def against(previous: Mapping[str, Any], estimate: Estimate) -> Difference:
    """Compare with a document that `provisioner cost --json` printed for the same definition.

    Lines are matched by name and family, so that another machine type for the same host is one changed line.
    Raises `ValueError` for anything that is not such a document.
    """
    return _difference(_before(previous), _lines(estimate.items, rounded=True))


def between(before: Estimate, after: Estimate) -> Difference:
    """Two estimates of the same program: as it is deployed, and as it would be."""
    return _difference(_lines(before.items), _lines(after.items))


def _difference(before: Lines, after: Lines) -> Difference:
    changes = [
        Change(name=name, kind=kind, before=before.get((name, kind), ZERO), after=after.get((name, kind), ZERO))
        for name, kind in before | after
    ]
    changed = [change for change in changes if change.difference != ZERO]
    changed.sort(key=lambda change: (-abs(change.difference.nano), change.name, change.kind))
    return Difference(
        monthly=sum(after.values(), ZERO) - sum(before.values(), ZERO),
        changes=tuple(changed),
    )


def _before(document: Mapping[str, Any]) -> Lines:
    found: Lines = {}
    try:
        for item in document["items"]:
            key = (str(item["name"]), str(item["kind"]))
            found[key] = found.get(key, ZERO) + Money.parse(str(item["monthly"]["typical"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"expected what `provisioner cost --json` prints, found no {error} in it") from None
    return found


def _lines(items: Sequence[Item], *, rounded: bool = False) -> Lines:
    """`rounded` as the document is, so that an unchanged line does not differ by a nano-dollar."""
    found: Lines = {}
    for item in items:
        key, typical = (item.name, item.kind), item.monthly.typical
        found[key] = found.get(key, ZERO) + (Money.parse(typical.dollars) if rounded else typical)
    return found
