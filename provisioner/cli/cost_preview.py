"""`provisioner cost --preview FILE`: the price of any Pulumi program, from what its preview printed."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli.cost_output import print_difference, print_items, print_report, print_total
from provisioner.cli.output import print_json
from provisioner.errors import UsageError
from provisioner.units import Money

if TYPE_CHECKING:
    from provisioner.cost.difference import Difference
    from provisioner.cost.preview.price import Priced


def price(path: Path, usage_path: Path | None, account_path: Path | None, limit: str | None, *, form: str) -> None:
    """Print the estimate. Exit status 1 where it is over `limit`; a total that leaves prices out is a lower bound of it."""
    from provisioner.cost import account, account_file, usage, usage_file
    from provisioner.cost.difference import between
    from provisioner.cost.preview import price as preview
    from provisioner.cost.preview.document import read
    from provisioner.deploy.prepare import open_prices

    budget = _money(limit) if limit is not None else None
    try:
        found = read(json.loads(_text(path)))
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None
    terms = account_file.load(account_path) if account_path else account.LIST
    profile = usage_file.load(usage_path) if usage_path else usage.DEFAULT
    with open_prices() as prices:
        tariffs = account.AccountTariffs(terms, prices)
        before, after = (preview.price(resources, profile, tariffs) for resources in (found.before, found.after))
    difference = between(before.estimate, after.estimate)
    notes = [*_notes(after, found.unlisted), *map(str, usage_file.unmatched(profile, after.charges))]
    over = budget is not None and after.estimate.monthly.typical > budget
    if over:
        notes.insert(0, f"over the budget: {after.estimate.monthly.typical} in a typical month, expected at most {budget}")
    if form == "json":
        print_json(_document(before, after, difference, found.unlisted))
    elif form == "table":
        _print(after, difference, notes)
    else:
        print_report(form, "Cost of this preview", [after.estimate], difference, tuple(notes), ("now", "then"))
    if over:
        click.echo(notes[0], err=True)
        raise click.exceptions.Exit(1)


def _text(path: Path) -> str:
    return sys.stdin.read() if str(path) == "-" else path.read_text()


def _money(text: str) -> Money:
    try:
        return Money.parse(text)
    except ValueError as error:
        raise UsageError(f"--budget: {error}") from None


def _notes(priced: "Priced", unlisted: int) -> list[str]:
    coverage = priced.coverage
    notes = [f"{coverage.priced} resources are priced, {coverage.free} have no charge of their own"]
    if coverage.unknown:
        kinds = ", ".join(f"{count} x {kind}" for kind, count in coverage.unknown.items())
        notes.append(f"not priced, and not free for that: {kinds}")
    if unlisted:
        notes.append(f"{unlisted} unchanged resources are not in the document: preview with --show-sames to count them")
    return notes


def _print(priced: "Priced", difference: "Difference", notes: list[str]) -> None:
    estimate = priced.estimate
    print_items(estimate, f"{estimate.cloud} {estimate.region}: USD a month".strip())
    for missing in estimate.missing:
        click.secho(f"no price for {missing.name}: {missing.reason}", fg="yellow")
    print_difference(difference, "What changes", ("now", "then"))
    for note in notes:
        click.echo(note)
    print_total(estimate)
    click.echo(f"change {difference.monthly.signed} a month")


def _document(before: "Priced", after: "Priced", difference: "Difference", unlisted: int) -> Mapping[str, Any]:
    from provisioner.cli import documents

    return {
        **documents.estimate(after.estimate, difference.monthly),
        "before": documents.amounts(before.estimate.monthly),
        "changes": [
            {"name": one.name, "kind": one.kind, "before": one.before.dollars, "after": one.after.dollars}
            for one in difference.changes
        ],
        "coverage": {
            "priced": after.coverage.priced,
            "free": after.coverage.free,
            "unknown": dict(after.coverage.unknown),
            "unlisted": unlisted,
        },
    }
