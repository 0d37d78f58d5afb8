"""How results are printed: JSON for programs, tables for people, colour only on a terminal."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import zip_longest
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
    """For editors: where the problem has no hint of its own, it is what `provisioner explain` says to do."""
    from provisioner.cli.codes import CODES

    place = problem.place
    known = CODES.get(problem.code)
    return {
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "path": place.path,
        "hint": problem.hint or (known.remedy if known else ""),
    }


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *, right: Sequence[str] = ()) -> None:
    """A table with a heading; columns named in `right` are aligned to the right. Nothing is printed without rows.

    Written out here, because a library for terminals takes longer to load than a whole answer takes to compute.
    """
    if not rows:
        return
    lines = [line for row in rows for line in _lines(row)]
    widths = [max(map(_width, column)) for column in zip(columns, *lines, strict=True)]
    if title:
        click.secho(title, bold=True)
    click.secho(_line(columns, columns, widths, right), dim=True)
    for line in lines:
        click.echo(_line(line, columns, widths, right))
    click.echo()


def _lines(row: Sequence[object]) -> Iterable[tuple[str, ...]]:
    """A row's lines: a cell of several lines continues below itself."""
    return zip_longest(*(str(cell).splitlines() or [""] for cell in row), fillvalue="")


def _line(cells: Sequence[str], columns: Sequence[str], widths: Sequence[int], right: Sequence[str]) -> str:
    words = zip(cells, columns, widths, strict=True)
    return "  ".join(_padded(cell, width, is_right=column in right) for cell, column, width in words).rstrip()


def _padded(cell: str, width: int, *, is_right: bool) -> str:
    space = " " * (width - _width(cell))
    return space + cell if is_right else cell + space


def _width(cell: str) -> int:
    """On a terminal: colours take no room."""
    return len(click.unstyle(cell))
