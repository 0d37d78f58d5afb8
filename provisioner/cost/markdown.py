"""An estimate as Markdown, for a pull request: what changes first, then every line."""

from collections.abc import Iterator, Sequence

from provisioner.cost.difference import Difference
from provisioner.cost.model import Estimate
from provisioner.cost.report import Report, line_by_line


def markdown(report: Report) -> str:
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"### {_cell(report.title)}"
    yield ""
    for estimate in report.estimates:
        month = estimate.monthly
        partial = " **and more, see below**" if estimate.missing else ""
        where = f"{estimate.cloud} {estimate.region}".strip() or "nothing that a cloud bills"
        yield f"**{month.typical}** in a typical month on {where} ({month.low} to {month.high}){partial}"
        yield ""
    if report.difference is not None:
        yield from _changes(report.difference, report.sides)
    for note in report.notes:
        yield f"> {_cell(note)}"
        yield ""
    for estimate in report.estimates:
        yield from _missing(estimate)
    yield from _comparison(report.estimates) if len(report.estimates) > 1 else _every_line(report.estimates)


def _changes(difference: Difference, sides: tuple[str, str]) -> Iterator[str]:
    if not difference.changes:
        yield "Nothing changes the cost."
        yield ""
        return
    yield f"**{difference.monthly.signed}** a month:"
    yield ""
    rows = [(one.name, one.kind, one.before.cents, one.after.cents, one.difference.signed) for one in difference.changes]
    yield from _table(("for", "kind", *sides, "change"), rows, right=3)


def _missing(estimate: Estimate) -> Iterator[str]:
    if not estimate.missing:
        return
    yield f"Not counted ({len(estimate.missing)}), because it has no price:"
    yield ""
    yield from (f"- {_cell(one.name)}: {_cell(one.reason)}" for one in estimate.missing)
    yield ""


def _comparison(estimates: Sequence[Estimate]) -> Iterator[str]:
    found = line_by_line(estimates)
    rows = [(row.name, row.kind, *("" if cell is None else cell.cents for cell in row.cells)) for row in found.rows]
    rows.append(("**total**", "", *(f"**{total.cents}**" for total in found.totals)))
    yield from _table(("for", "kind", *found.columns), rows, right=len(found.columns))


def _every_line(estimates: Sequence[Estimate]) -> Iterator[str]:
    for estimate in estimates:
        yield f"<details><summary>All {len(estimate.items)} lines</summary>"
        yield ""
        rows = [(one.name, one.billed_as, one.formula, one.monthly.typical.cents) for one in estimate.items]
        yield from _table(("for", "billed as", "how", "USD a month"), rows, right=1)
        dates = sorted({one.price_date for one in estimate.items})
        if dates:
            yield f"Prices read {dates[0]} to {dates[-1]}."
            yield ""
        yield "</details>"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: int) -> Iterator[str]:
    """The last `right` columns are aligned to the right."""
    yield f"| {' | '.join(columns)} |"
    yield f"| {' | '.join('---:' if number >= len(columns) - right else '---' for number in range(len(columns)))} |"
    yield from (f"| {' | '.join(map(_cell, row))} |" for row in rows)
    yield ""


def _cell(text: str) -> str:
    """Names come from other people's programs: no line break, column or tag of theirs reaches the page."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("@", "&#64;")
