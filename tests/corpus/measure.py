"""How much of real packages the language understands: `uv run python tests/corpus/measure.py DIR…` prints one table.

A DIR is a package or a repository with packages. Each is measured by itself, with the others there to refer to. YAML files
that no MANIFEST loads are measured as packages of their own. What a run transcript (`--transcripts FILE`) shows is compared with
the definitions of the commit that wrote it. `--list WORD` names what a row of the table counts as missing.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from corpus_expressions import expressions
from corpus_references import references
from corpus_runs import plans
from corpus_table import Table
from corpus_transcripts import agreement

from provisioner.errors import Problems
from provisioner.package import Catalog, load
from provisioner.resolve import check

SKIPPED = {"node_modules", "__pycache__"}
BROKEN = ("broken-yaml", "alias", "too-deep", "file-too-large", "unreadable")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--with", dest="others", action="append", default=[], type=Path, help="loaded, not measured")
    parser.add_argument("--transcripts", type=Path, help="corpus-transcripts.json")
    parser.add_argument("--list", dest="wanted", action="append", default=[], metavar="WORD", help="a row of the table, or all")
    options = parser.parse_args(arguments)
    if not options.folders:
        print("no packages to measure: name their folders")
        return 0
    table = Table()
    for folder in options.folders:
        others = [other for other in (*options.others, *options.folders) if other != folder]
        for unit in units(folder):
            measure(others if unit == folder else [*others, folder], unit, table)
        if options.transcripts:
            agreement(options.transcripts, folder, others, table)
    table.print(options.wanted)
    return 0


def units(folder: Path) -> list[Path]:
    """The folder itself, then the definitions in it that its packages do not load."""
    loaded = {Path(file).resolve() for file in load([folder]).files}
    return [folder, *(file for file in yaml_files(folder) if file.resolve() not in loaded)]


def yaml_files(folder: Path) -> list[Path]:
    """Files under the folder that look like definitions."""
    found = (file for suffix in ("yaml", "yml") for file in folder.rglob(f"*.{suffix}"))
    own = [file for file in found if not SKIPPED & set(file.parts) and not any(part.startswith(".") for part in file.parts)]
    return sorted(file for file in own if file.read_bytes().lstrip(b"-\r\n ").startswith((b"namespace:", b"/namespace:")))


def measure(others: Sequence[Path], unit: Path, table: Table) -> None:
    catalog = load([*others, unit])
    files(catalog, unit, table)
    names = catalog.names_in([unit])
    problems = Problems()
    listed = check(catalog, names, problems)
    for one in listed:
        table.count("definitions", one.kind)
    own = set(catalog.files_in([unit]))
    for problem in problems:
        if problem.severity != "note" and problem.place.file in own:
            table.count("problems", f"{problem.severity} {problem.code}", str(problem))
    references(catalog, names, table)
    expressions(catalog, names, table)
    plans(catalog, names, table)


def files(catalog: Catalog, unit: Path, table: Table) -> None:
    broken = {problem.place.file: str(problem) for problem in catalog.problems if problem.code in BROKEN}
    for file in catalog.files_in([unit]):
        table.count("files", "broken" if file in broken else "parsed", broken.get(file, file))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
