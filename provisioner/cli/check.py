"""`provisioner check PATH…`: load and resolve, no cloud, no credentials."""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from provisioner.cli.options import from_option
from provisioner.cli.output import json_option, print_json, print_problems, problem_json
from provisioner.errors import Problem


@click.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@from_option
@click.option("--notes", is_flag=True, help="Print notes too: defaults taken, definitions shadowed.")
@click.option("--cache/--no-cache", default=True, help="Use what was found earlier for exactly the same bytes.")
@json_option
def command(*, paths: tuple[Path, ...], sources: tuple[Path, ...], notes: bool, cache: bool, as_json: bool) -> None:
    """Load and resolve the packages at PATH… and report every problem. Exit status 1 where there is an error.

    `provisioner explain CODE` says more of a problem.
    """
    from provisioner.cli.checked import checked
    from provisioner.cli.memory import Memory
    from provisioner.package.catalogue import sources as all_sources

    memory = Memory(_cache_folder()) if cache else None
    found = checked(all_sources((*sources, *paths)), paths, memory)
    if as_json:
        definitions = [{"name": one.name, "kind": one.kind, "file": one.file, "line": one.line} for one in found.definitions]
        problems = [problem_json(one) for one in found.problems]
        print_json({"files": list(found.files), "definitions": definitions, "problems": problems})
    else:
        print_problems(problem for problem in found.problems if notes or problem.severity != "note")
        _summary(len(found.files), len(found.definitions), found.problems)
    raise click.exceptions.Exit(any(problem.severity == "error" for problem in found.problems))


def _summary(files: int, definitions: int, problems: Sequence[Problem]) -> None:
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = sum(problem.severity == "warning" for problem in problems)
    words = f"{files} file{'s' * (files != 1)}, {definitions} definition{'s' * (definitions != 1)}"
    click.echo(f"{words}: {errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}")
    codes = dict.fromkeys(problem.code for problem in problems if problem.severity != "note")
    if codes:
        click.echo("more: " + ", ".join(f"provisioner explain {code}" for code in list(codes)[:3]))


def _cache_folder() -> Path:
    """`check` in `$PROVISIONER_CACHE`, else in `provisioner` in the user's cache folder."""
    stated = os.environ.get("PROVISIONER_CACHE")
    root = Path(stated) if stated else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "provisioner"
    return root / "check"
