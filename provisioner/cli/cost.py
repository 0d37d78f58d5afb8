"""`provisioner cost NAME --cloud C[,C…]`: the price before the deploy, clouds side by side."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from provisioner.cli.options import from_option, set_option
from provisioner.cli.output import json_option, print_json, print_problems, print_table
from provisioner.cli.targets import cloud_option, region_option, requests, stack_option
from provisioner.errors import UsageError
from provisioner.units import Money

if TYPE_CHECKING:
    from provisioner.deploy.prepare import Prepared


@click.command("cost")
@click.argument("name", required=False)
@cloud_option
@region_option
@stack_option
@set_option
@from_option
@click.option("--usage", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A file with the monthly usage.")
@click.option(
    "--against", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="An estimate made with --json before."
)
@json_option
def command(
    *,
    name: str | None,
    cloud: str | None,
    region: str | None,
    stack: str | None,
    assignments: tuple[str, ...],
    sources: tuple[Path, ...],
    usage: Path | None,
    against: Path | None,
    as_json: bool,
) -> None:
    """Price NAME before anything exists, on one cloud or on several side by side. Needs no credentials and no engine."""
    from dataclasses import replace

    from provisioner.deploy.prepare import prepare

    asked = requests(name, cloud, region, stack, assignments, sources, several=True)
    prepared = [prepare(replace(request, usage=usage or request.usage)) for request in asked]
    before = _before(against) if against else {}
    differences = [_difference(one, before) for one in prepared]
    if as_json:
        from provisioner.cli import documents

        found = [documents.estimate(one.estimate, difference) for one, difference in zip(prepared, differences, strict=True)]
        print_json(found[0] if len(found) == 1 else {"currency": "USD", "clouds": found})
        return
    _print(prepared, differences)


def _print(prepared: "list[Prepared]", differences: list[Money | None]) -> None:
    if len(prepared) > 1:
        _compare(prepared)
    else:
        _details(prepared[0])
    for one, difference in zip(prepared, differences, strict=True):
        for missing in one.estimate.missing:
            click.secho(f"no price for {missing.name} on {one.cloud.label}: {missing.reason}", fg="yellow")
        if difference is not None:
            sign = "+" if difference.nano >= 0 else "-"
            click.echo(f"{one.cloud.label}: {sign}{Money(abs(difference.nano))} a month against the file")
        print_problems(problem for problem in one.problems if problem.severity != "note")


def _compare(prepared: "list[Prepared]") -> None:
    """One row per kind of thing and one column per cloud: typical month."""
    kinds = list(dict.fromkeys(item.kind for one in prepared for item in one.estimate.items))
    heads = [f"{one.cloud.label} {one.plan.target.region}" for one in prepared]
    rows = [[kind, *(_kind_total(one, kind) for one in prepared)] for kind in kinds]
    rows += [["total, typical", *(one.estimate.monthly.typical.cents for one in prepared)]]
    rows += [["low to high", *(f"{one.estimate.monthly.low.cents} to {one.estimate.monthly.high.cents}" for one in prepared)]]
    print_table(f"{prepared[0].plan.name}: USD a month", ("", *heads), rows, right=heads)
    machines = [
        [
            placed.name,
            *(f"{one.placement.host(placed.name).offer.machine} in {one.placement.host(placed.name).zone}" for one in prepared),
        ]
        for placed in prepared[0].placement.hosts
        if all(any(host.name == placed.name for host in one.placement.hosts) for one in prepared)
    ]
    print_table("Hosts", ("", *heads), machines)


def _kind_total(one: "Prepared", kind: str) -> str:
    items = [item.monthly.typical for item in one.estimate.items if item.kind == kind]
    return sum(items, Money()).cents if items else "-"


def _details(one: "Prepared") -> None:
    estimate = one.estimate
    rows = [
        (item.name, item.item, f"{item.quantity:,.6g}", item.unit, f"{item.unit_price.decimal:.6g}", item.monthly.typical.cents)
        for item in estimate.items
    ]
    title = f"{one.plan.name} on {one.cloud.label} {estimate.region}: USD a month"
    print_table(title, ("for", "billed as", "quantity", "unit", "each", "typical"), rows, right=("quantity", "each", "typical"))
    shares = [(name, money.cents) for name, money in estimate.by_workload.items()]
    print_table("Per workload", ("workload", "typical"), shares, right=("typical",))
    click.echo(f"total {estimate.monthly.typical} typical ({estimate.monthly.low} to {estimate.monthly.high})")
    dates = sorted({item.price_date for item in estimate.items})
    if dates:
        click.echo(f"list prices read {dates[0]} to {dates[-1]}; sources with --json")


def _before(path: Path) -> dict[tuple[str, str], Money]:
    """Typical month by cloud and region, from an earlier `--json`."""
    try:
        document = json.loads(path.read_text())
        estimates = document.get("clouds", [document])
        return {(one["cloud"], one["region"]): Money.parse(str(one["monthly"]["typical"])) for one in estimates}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UsageError(f"{path}: expected what `provisioner cost --json` printed") from None


def _difference(one: "Prepared", before: dict[tuple[str, str], Money]) -> Money | None:
    found = before.get((one.estimate.cloud, one.estimate.region))
    return None if found is None else one.estimate.monthly.typical - found
