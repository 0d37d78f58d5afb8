"""`provisioner check PATH…`: load and resolve, no cloud, no credentials."""

from pathlib import Path

import click

from provisioner.cli.options import from_option
from provisioner.cli.output import json_option, print_json, print_problems, problem_json
from provisioner.errors import Problems


@click.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@from_option
@click.option("--notes", is_flag=True, help="Print notes too: defaults taken, definitions shadowed.")
@json_option
def command(*, paths: tuple[Path, ...], sources: tuple[Path, ...], notes: bool, as_json: bool) -> None:
    """Load and resolve the packages at PATH… and report every problem. Exit status 1 where there is an error."""
    from provisioner.package.catalog import load
    from provisioner.package.catalogue import sources as all_sources
    from provisioner.resolve import check

    problems = Problems()
    catalog = load(all_sources((*sources, *paths)))
    listed = check(catalog, catalog.names_in(paths), problems)
    files = catalog.files_in(paths)
    if as_json:
        definitions = [{"name": one.name, "kind": one.kind, "file": one.file, "line": one.line} for one in listed]
        print_json({"files": list(files), "definitions": definitions, "problems": [problem_json(one) for one in problems]})
    else:
        print_problems(problem for problem in problems if notes or problem.severity != "note")
        _summary(len(files), len(listed), problems)
    raise click.exceptions.Exit(1 if problems.errors else 0)


def _summary(files: int, definitions: int, problems: Problems) -> None:
    errors = len(problems.errors)
    warnings = sum(problem.severity == "warning" for problem in problems)
    words = f"{files} file{'s' * (files != 1)}, {definitions} definition{'s' * (definitions != 1)}"
    click.echo(f"{words}: {errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}")
