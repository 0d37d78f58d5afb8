"""Tables on top of each other: for a region, those that speak of it, the one that overrides first."""

import sqlite3
from collections.abc import Iterator, Sequence


class Layers:
    """Open tables in order of precedence; the curated snapshot is the last."""

    def __init__(self, tables: Sequence[sqlite3.Connection]) -> None:
        self._tables = tuple(tables)
        self._regions = dict[tuple[str, str], tuple[sqlite3.Connection, ...]]()
        for table in self._tables:
            for region in table.execute("SELECT cloud, region FROM covers").fetchall():
                self._regions[region] = (*self._regions.get(region, ()), table)

    def of(self, cloud: str, region: str) -> tuple[sqlite3.Connection, ...]:
        return self._regions.get((cloud, region), ())

    def __iter__(self) -> Iterator[sqlite3.Connection]:
        return iter(self._tables)

    def close(self) -> None:
        for table in self._tables:
            table.close()
