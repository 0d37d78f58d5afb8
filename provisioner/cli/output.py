"""How results are printed: JSON for programs, tables for people, colour only on a terminal."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import click

from provisioner.errors import Problem

_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}

json_option: Callable[..., Any] = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")


def print_json(document: object) -> None:
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def print_problems(problems: Iterable[Problem]) -> None:
    """One line each, to standard error."""
    for problem in problems:
        label = click.style(problem.severity, fg=_COLOURS[problem.severity], bold=True)
        where = f"{problem.place}: " if str(problem.place) else ""
        hint = f" ({problem.hint})" if problem.hint else ""
        click.echo(f"{where}{label}: {problem.message}{hint}", err=True)


def problem_json(problem: Problem) -> Mapping[str, object]:
    place = problem.place
    return {
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "path": place.path,
        "hint": problem.hint,
    }


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *, right: Sequence[str] = ()) -> None:
    """A table with a heading; columns named in `right` are aligned to the right. Nothing is printed without rows."""
    if not rows:
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold", header_style="dim")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=240)
    with console.capture() as captured:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n")
