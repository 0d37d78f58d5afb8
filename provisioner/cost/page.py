"""An estimate as one HTML page with a chart: no script, no network, nothing to install."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from provisioner.cost.difference import Difference
from provisioner.cost.model import Estimate, Item
from provisioner.cost.report import Report, column, compare, line_by_line
from provisioner.units import ZERO, Money

COLOURS: Final = ("#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#76b7b2", "#edc948", "#b07aa1", "#9c755f", "#ff9da7", "#bab0ac")

STYLE: Final = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em; color: #222; background: #fff }
table { border-collapse: collapse; margin: 1em 0 } th, td { padding: .25em .8em; border-bottom: 1px solid #ddd; text-align: left;
  white-space: nowrap; vertical-align: top }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
td.wide { white-space: normal; min-width: 9em } .sources { font-size: 85%; overflow-wrap: anywhere }
.missing { background: #fff3cd; padding: .5em 1em }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #181818 } .missing { background: #4a3b00 }
  th, td { border-color: #444 } text { fill: #ddd } }
"""

BAR, GAP, LEFT, WIDTH = 26, 12, 200, 620
"""Pixels of the chart: height of a bar, space between bars, room for labels, length of the longest bar."""


def page(report: Report) -> str:
    return "\n".join(_page(report)) + "\n"


def _page(report: Report) -> Iterator[str]:
    title = escape(report.title)
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    yield f"<title>{title}</title><style>{STYLE}</style></head><body>"
    yield f"<h1>{title}</h1>"
    for estimate in report.estimates:
        month, where = estimate.monthly, escape(column(estimate))
        more = " <strong>and more, see below</strong>" if estimate.missing else ""
        yield f"<p><strong>{month.typical}</strong> in a typical month on {where} ({month.low} to {month.high}){more}</p>"
    yield from _chart(report.estimates)
    if report.difference is not None:
        yield from _changes(report.difference, report.sides)
    yield from (f"<p>{escape(note)}</p>" for note in report.notes)
    for estimate in report.estimates:
        yield from _missing(estimate)
    if len(report.estimates) > 1:
        yield from _comparison(report.estimates)
    for estimate in report.estimates:
        yield from _every_line(estimate)
        yield from _workloads(estimate)
    yield "</body></html>"


def _chart(estimates: Sequence[Estimate]) -> Iterator[str]:
    """A bar for each estimate, divided by family."""
    found = compare(estimates)
    longest = max(found.totals, default=ZERO).nano or 1
    kinds = [row.kind for row in found.rows]
    height = len(found.columns) * (BAR + GAP) + GAP + 22 * ((len(kinds) + 3) // 4)
    yield f'<svg role="img" aria-label="Cost by family" viewBox="0 0 {LEFT + WIDTH + 110} {height}" width="100%">'
    for number, label in enumerate(found.columns):
        top, left = GAP + number * (BAR + GAP), float(LEFT)
        yield f'<text x="{LEFT - 8}" y="{top + 18}" text-anchor="end" font-size="13">{escape(label)}</text>'
        for colour, row in enumerate(found.rows):
            cell = row.cells[number]
            if cell is None or cell <= ZERO:
                continue
            width = cell.nano / longest * WIDTH
            words = f"{escape(row.kind)}: {cell}"
            fill = COLOURS[colour % len(COLOURS)]
            yield f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{BAR}" fill="{fill}"><title>{words}</title></rect>'
            left += width
        total = found.totals[number].cents + (" +" if found.incomplete[number] else "")
        yield f'<text x="{left + 6:.1f}" y="{top + 18}" font-size="13">{total}</text>'
    base = GAP + len(found.columns) * (BAR + GAP) + 12
    for number, kind in enumerate(kinds):
        x, y = 20 + number % 4 * 220, base + number // 4 * 22
        yield f'<rect x="{x}" y="{y - 11}" width="12" height="12" fill="{COLOURS[number % len(COLOURS)]}"/>'
        yield f'<text x="{x + 18}" y="{y}" font-size="13">{escape(kind)}</text>'
    yield "</svg>"


def _changes(difference: Difference, sides: tuple[str, str]) -> Iterator[str]:
    yield f"<h2>Change: {difference.monthly.signed} a month</h2>"
    rows = [(one.name, one.kind, one.before.cents, one.after.cents, one.difference.signed) for one in difference.changes]
    yield from _table(("for", "kind", *sides, "change"), rows, right=3)


def _missing(estimate: Estimate) -> Iterator[str]:
    if estimate.missing:
        yield f'<div class="missing"><p>Not counted on {escape(column(estimate))}, because it has no price:</p><ul>'
        yield from (f"<li>{escape(one.name)}: {escape(one.reason)}</li>" for one in estimate.missing)
        yield "</ul></div>"


def _comparison(estimates: Sequence[Estimate]) -> Iterator[str]:
    found = line_by_line(estimates)
    yield "<h2>Side by side</h2>"
    rows = [(row.name, row.kind, *("" if cell is None else cell.cents for cell in row.cells)) for row in found.rows]
    yield from _table(("for", "kind", *found.columns), rows, right=len(found.columns))


def _every_line(estimate: Estimate) -> Iterator[str]:
    """Sources are many lines of text and few: each stands once, below the lines that name its number."""
    yield f"<h2>Lines on {escape(column(estimate))}</h2>"
    sources = {source: number for number, source in enumerate(dict.fromkeys(map(_source, estimate.items)), 1)}
    rows = [
        (
            one.name,
            one.billed_as,
            one.formula,
            f"[{sources[_source(one)]}]",
            _range(one.monthly.low, one.monthly.high),
            one.monthly.typical.cents,
        )
        for one in estimate.items
    ]
    yield from _table(("for", "billed as", "how", "source", "low to high", "typical"), rows, right=2, wide=2)
    yield '<ol class="sources">'
    yield from (f"<li>{escape(source)}</li>" for source in sources)
    yield "</ol>"


def _source(item: Item) -> str:
    return f"{item.source}, read {item.price_date}"


def _workloads(estimate: Estimate) -> Iterator[str]:
    if estimate.by_workload:
        yield "<h3>Per workload, of hosts and their disks</h3>"
        yield from _table(("workload", "typical"), [(name, money.cents) for name, money in estimate.by_workload.items()], right=1)


def _range(low: Money, high: Money) -> str:
    return low.cents if low == high else f"{low.cents} to {high.cents}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: int, wide: int = -1) -> Iterator[str]:
    """The last `right` columns are numbers; the column `wide` takes the lines it needs, the others stay on one."""
    classes = [' class="n"' if number >= len(columns) - right else "" for number in range(len(columns))]
    if wide >= 0:
        classes[wide] = ' class="wide"'
    heads = "".join(f"<th{style}>{escape(word)}</th>" for word, style in zip(columns, classes, strict=True))
    yield f"<table><thead><tr>{heads}</tr></thead><tbody>"
    for row in rows:
        cells = "".join(f"<td{style}>{escape(word)}</td>" for word, style in zip(row, classes, strict=True))
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table>"
