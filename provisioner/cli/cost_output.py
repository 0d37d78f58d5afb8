"""How every form of `provisioner cost` prints an estimate."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from provisioner.cli.output import print_table

if TYPE_CHECKING:
    from provisioner.cost.difference import Difference
    from provisioner.cost.model import Estimate


def print_items(estimate: "Estimate", title: str) -> None:
    rows = [
        (
            item.name,
            item.billed_as,
            _plain(round(item.quantity, 2)),
            item.unit,
            _plain(item.unit_price.decimal),
            item.monthly.typical.cents,
        )
        for item in estimate.items
    ]
    print_table(title, ("for", "billed as", "quantity", "unit", "each", "typical"), rows, right=("quantity", "each", "typical"))


def print_total(estimate: "Estimate") -> None:
    more = " and what has no price" if estimate.missing else ""
    click.echo(f"total {estimate.monthly.typical} typical ({estimate.monthly.low} to {estimate.monthly.high}){more}")
    dates = sorted({item.price_date for item in estimate.items})
    if dates:
        click.echo(f"list prices read {dates[0]} to {dates[-1]}; sources with --json")


def print_difference(difference: "Difference", title: str, columns: tuple[str, str]) -> None:
    """`columns` say what stands on either side."""
    rows = [(change.name, change.kind, change.before.cents, change.after.cents) for change in difference.changes]
    print_table(title, ("for", "kind", *columns), rows, right=columns)


def print_report(
    form: str,
    title: str,
    estimates: "Sequence[Estimate]",
    difference: "Difference | None",
    notes: tuple[str, ...],
    sides: tuple[str, str],
) -> None:
    from provisioner.cost.report import Report

    report = Report(title=title, estimates=tuple(estimates), difference=difference, sides=sides, notes=notes)
    if form == "markdown":
        from provisioner.cost.markdown import markdown

        click.echo(markdown(report), nl=False)
    else:
        from provisioner.cost.page import page

        click.echo(page(report), nl=False)


def _plain(amount: Decimal) -> str:
    """`2,000,000` and `0.0000004`: never with a power of ten."""
    return f"{amount.normalize():,f}"
