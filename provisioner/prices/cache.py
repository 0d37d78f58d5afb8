"""Keeps the price database: built once for each state of the clouds' files, then only opened."""

import hashlib
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from provisioner.errors import Place, Problems
from provisioner.prices.schema import LAYOUT

FILES: Final = ("machines.csv", "prices.csv")


def ensure_database(folders: Mapping[str, Path], cache: Path) -> Path:
    """The database of exactly these files: `cache/prices-DIGEST.sqlite`, built when it is not there yet.

    Processes may build it at the same time: each fills a file of its own and renames it to the same name.
    Raises `InputError` with every mistake in the files.
    """
    path = cache / f"prices-{_digest(folders)[:20]}.sqlite"
    if not path.exists():
        _build(path, folders)
    return path


def _digest(folders: Mapping[str, Path]) -> str:
    """Over layout, cloud names and file contents: any change of these is another database."""
    digest = hashlib.sha256(f"layout {LAYOUT}\n".encode())
    problems = Problems()
    for cloud, folder in sorted(folders.items()):
        for name in FILES:
            try:
                contents = (folder / name).read_bytes()
            except OSError as error:
                message = f"expected a readable CSV file, found: {error.strerror}"
                problems.error("price-table", Place(file=str(folder / name)), message)
                continue
            digest.update(f"{cloud}/{name} {len(contents)}\n".encode() + contents)
    problems.raise_errors()
    return digest.hexdigest()


def _build(path: Path, folders: Mapping[str, Path]) -> None:
    from provisioner.prices.build import build_database

    with replacement(path) as own:
        build_database(own, folders)


@contextmanager
def replacement(path: Path) -> Generator[Path]:
    """A new file beside `path` that takes its place when the block ends well, in one step; else nothing changes."""
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".prices-", suffix=".sqlite")
    os.close(handle)
    own = Path(name)
    try:
        yield own
        own.replace(path)
    finally:
        own.unlink(missing_ok=True)
