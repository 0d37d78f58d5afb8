"""Reads a CSV file with a fixed header, and reports every field that cannot be used with its line and column."""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from provisioner.errors import Place, Problems

Value = TypeVar("Value")


class Record:
    """One line. A field that `take` cannot read is reported and makes the record bad: `good` is False then."""

    __slots__ = ("_columns", "_fields", "_line", "_path", "_problems", "good")

    def __init__(self, path: Path, line: int, columns: Sequence[str], fields: Sequence[str], problems: Problems) -> None:
        self._path, self._line, self._columns, self._fields = path, line, columns, fields
        self._problems = problems
        self.good = True

    def take(self, column: str, read: Callable[[str], Value], otherwise: Value) -> Value:
        """The field's value by `read`, which raises `ValueError` for what it refuses; then `otherwise`, never used."""
        try:
            return read(self._fields[self._columns.index(column)])
        except ValueError as error:
            self.refuse(column, str(error))
            return otherwise

    def refuse(self, column: str, message: str) -> None:
        self.good = False
        place = Place(file=str(self._path), line=self._line, column=self._offset(column), path=column)
        self._problems.error("price-table", place, message)

    def _offset(self, column: str) -> int:
        """Where the field starts in its line, from 1. Fields with a comma or a quote in them are written in quotes."""
        before = self._fields[: self._columns.index(column)]
        return 1 + sum(len(field) + 1 + (2 + field.count('"') if "," in field or '"' in field else 0) for field in before)


def read_table(path: Path, columns: Sequence[str], problems: Problems) -> Iterator[Record]:
    """The records of a file whose first line is exactly `columns`. A file that is missing is a problem too."""
    try:
        file = path.open(encoding="utf-8", newline="")
    except OSError as error:
        problems.error("price-table", Place(file=str(path)), f"expected a readable CSV file, found: {error.strerror}")
        return
    with file:
        lines = csv.reader(file)
        header = next(lines, list[str]())
        if header != list(columns):
            message = f'expected the header "{",".join(columns)}", found "{",".join(header)}"'
            problems.error("price-table", Place(file=str(path), line=1, column=1), message)
            return
        for fields in lines:
            if len(fields) == len(columns):
                yield Record(path, lines.line_num, columns, fields, problems)
            else:
                place = Place(file=str(path), line=lines.line_num, column=1)
                problems.error("price-table", place, f"expected {len(columns)} fields, found {len(fields)}")
