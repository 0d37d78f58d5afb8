"""The user's own tables beside the curated snapshot: one SQLite file for each import, replaced as a whole.

A table overrides what stands below it for each single (cloud, region, kind, item). Own prices (plain CSV) stand over
the clouds' public files, a later import over an earlier one, and everything over the curated snapshot.
"""

import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from provisioner.errors import Place, Problems, UsageError, nearest
from provisioner.prices.schema import LAYOUT

OWN: Final = "own"
PUBLIC: Final = "public"
CURATED: Final = "curated"
"""What stands in a table: prices of the user's own, a cloud's public file, the snapshot that the project carries."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table. `imported` is the ISO time of the import, "" for the snapshot; `format` the one that was read."""

    name: str
    path: Path
    rank: str
    format: str
    imported: str
    prices: int
    regions: tuple[tuple[str, str], ...]
    """Clouds and regions it speaks of."""
    sources: tuple[tuple[str, str, str], ...]
    """Address, date and digest of what was read."""


def open_table(path: Path) -> sqlite3.Connection:
    """Read-only, and never checked for changes: tables are replaced, not written to."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def table_path(folder: Path, name: str) -> Path:
    """Where a table of this name is kept. Raises `UsageError` for what is no name."""
    if not _NAME.fullmatch(name):
        raise UsageError(f'expected a table name of letters, digits, ".", "-" and "_", found "{name}"')
    return folder / f"{name}.sqlite"


def list_tables(folder: Path) -> tuple[Table, ...]:
    """All tables, those first that override the others. Raises `InputError` where one cannot be used any more."""
    problems = Problems()
    found = [table for path in sorted(folder.glob("[!.]*.sqlite")) if (table := read_table(path, problems))]
    problems.raise_errors()
    found.sort(key=lambda table: table.imported, reverse=True)
    return tuple(sorted(found, key=lambda table: table.rank != OWN))


def remove_table(folder: Path, name: str) -> None:
    """Forget an imported table. Raises `UsageError` where there is none of the name."""
    path = table_path(folder, name)
    if not path.exists():
        close = nearest(name, (one.stem for one in folder.glob("[!.]*.sqlite")))
        raise UsageError(f'no imported table "{name}"' + (f'; did you mean "{close}"?' if close else ""))
    path.unlink()


def read_table(path: Path, problems: Problems) -> Table | None:
    """What a table says of itself; None, with a problem, where it cannot be used any more."""
    hint = f"import it again, or `provisioner prices remove {path.stem}`"
    database = open_table(path)
    try:
        meta = dict(database.execute("SELECT key, value FROM meta").fetchall())
        if meta.get("layout") != str(LAYOUT):
            message = f"expected a table of layout {LAYOUT}, found {meta.get('layout', 'none')}"
            problems.error("price-table", Place(file=str(path)), message, hint=hint)
            return None
        regions = database.execute("SELECT cloud, region, prices FROM covers ORDER BY 1, 2").fetchall()
        sources = database.execute("SELECT address, date, digest FROM source ORDER BY 1, 2, 3").fetchall()
    except sqlite3.DatabaseError as error:
        problems.error("price-table", Place(file=str(path)), f"expected a price table, found: {error}", hint=hint)
        return None
    finally:
        database.close()
    return Table(
        name=path.stem,
        path=path,
        rank=meta["rank"],
        format=meta["format"],
        imported=meta["imported"],
        prices=sum(row[2] for row in regions),
        regions=tuple((row[0], row[1]) for row in regions),
        sources=tuple(sources),
    )
