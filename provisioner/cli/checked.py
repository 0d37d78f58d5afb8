"""`check` with a memory: the same bytes, checked by the same version, give the same answer without being read as YAML again.

An answer is kept under a digest of everything it follows from: our own code, the paths asked for, the path and bytes of every
file and MANIFEST, what discovery found wrong. Files that `<<<` embeds are known only afterwards, so their digests are kept in
the answer and compared when it is used.
"""

import hashlib
import importlib.util
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from provisioner.cli.memory import Memory
from provisioner.cli.processes import in_pieces
from provisioner.errors import Place, Problem, Problems
from provisioner.package.collector import resting_collector
from provisioner.package.discover import Found, discover
from provisioner.package.embeds import Embedded, is_unchanged

if TYPE_CHECKING:
    from provisioner.package.catalog import Catalog

_CODE: Final = ("errors.py", "units.py", "package", "script", "resolve", "plan", "cli/checked.py")


class Listing(NamedTuple):
    """One definition, as `check` lists it."""

    name: str
    kind: str
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """`files` and `definitions` are those at the paths asked for; `problems` are everybody's."""

    files: tuple[str, ...]
    definitions: tuple[Listing, ...]
    problems: tuple[Problem, ...]


def checked(sources: Sequence[Path], paths: Sequence[Path], memory: Memory | None = None) -> Checked:
    """Load `sources`, resolve every definition at `paths` (which are among them), collect every problem.

    With a `memory`, an answer that it holds for exactly these bytes is given at once.
    """
    with resting_collector():
        problems = Problems()
        found = tuple(discover(sources, problems))
        key = _key(found, paths, problems) if memory else ""
        kept = memory.get(key) if memory else None
        if kept is not None:
            answer = json.loads(kept)
            if all(is_unchanged(Embedded(*one)) for one in answer["embedded"]):
                return _restored(answer)
        return _worked_out(found, paths, problems, memory, key)


def _worked_out(found: Sequence[Found], paths: Sequence[Path], problems: Problems, memory: Memory | None, key: str) -> Checked:
    answer, embedded = _answer(found, paths, problems)
    if memory:
        document = {**asdict(answer), "embedded": embedded}
        memory.put(key, json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
    return answer


def _answer(found: Sequence[Found], paths: Sequence[Path], problems: Problems) -> tuple[Checked, tuple[Embedded, ...]]:
    from provisioner.package.catalog import assemble
    from provisioner.plan.draft import draft
    from provisioner.resolve import Checking

    catalog = assemble(found, problems)
    _note_empty(catalog, paths, problems)
    checking = Checking(catalog, catalog.names_in(paths), problems, draft)
    in_pieces(len(checking), checking.run, problems)
    listed = checking.listing()
    definitions = tuple(Listing(*one) for one in listed)
    return Checked(files=catalog.files_in(paths), definitions=definitions, problems=tuple(problems)), catalog.embedded


def _note_empty(catalog: "Catalog", paths: Sequence[Path], problems: Problems) -> None:
    """Say of every path that there is no package at it, where nothing else says why."""
    for path in paths:
        if not catalog.files_in([path]) and not any(problem.severity == "error" for problem in catalog.problems):
            message = "expected a MANIFEST, or YAML files with a `namespace`, found neither"
            problems.warning("nothing-found", Place(file=str(path)), message)


def _restored(answer: Any) -> Checked:
    return Checked(
        files=tuple(answer["files"]),
        definitions=tuple(Listing(*one) for one in answer["definitions"]),
        problems=tuple(_problem(**one) for one in answer["problems"]),
    )


def _problem(*, place: list[Any], **words: Any) -> Problem:
    return Problem(**words, place=Place(*place))


def _key(found: Sequence[Found], paths: Sequence[Path], problems: Problems) -> str:
    digest = hashlib.sha256()

    def add(*parts: object) -> None:
        digest.update(repr(parts).encode("utf-8", "surrogatepass"))

    add(_version(), [str(path.resolve()) for path in paths], tuple(problems))
    for one in found:
        add(one.name, one.folder, one.root, one.manifest and (one.manifest.place.file, one.manifest.source))
        for file in one.files:
            add(file.path, file.real, file.refusal, len(file.data))
            digest.update(file.data)
    return digest.hexdigest()


def _version() -> str:
    """A word that changes with our own code: names, sizes and times of the files that decide what `check` says.

    Python's version and the YAML library are part of it.
    """
    root = Path(__file__).parents[1]
    library = importlib.util.find_spec("yaml")
    yaml = [] if library is None or library.origin is None else list(_files(library.origin))
    return repr([sys.version, yaml, [entry for name in _CODE for entry in _files(str(root / name))]])


def _files(path: str) -> Iterator[tuple[str, int, int]]:
    status = os.stat(path)  # noqa: PTH116 - a hundred files at each start
    if not os.path.isdir(path):  # noqa: PTH112
        yield path, status.st_size, status.st_mtime_ns
        return
    with os.scandir(path) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            if entry.name.endswith(".py"):
                status = entry.stat()
                yield entry.path, status.st_size, status.st_mtime_ns
            elif entry.is_dir() and entry.name != "__pycache__":
                yield from _files(entry.path)
