"""`provisioner cost NAME --cloud C[,C…]`: the price before the deploy, clouds side by side."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli.cost_output import print_difference, print_items, print_report, print_total
from provisioner.cli.options import from_option, set_option
from provisioner.cli.output import json_option, print_json, print_problems, print_table
from provisioner.cli.targets import cloud_option, region_option, requests, stack_option
from provisioner.errors import UsageError

if TYPE_CHECKING:
    from provisioner.cost.difference import Difference
    from provisioner.deploy.prepare import Prepared, Request


def file_option(name: str, words: str) -> Callable[..., Any]:
    return click.option(name, type=click.Path(path_type=Path, exists=True, dir_okay=False), help=words)


@click.command("cost")
@click.argument("name", required=False)
@cloud_option
@region_option
@stack_option
@set_option
@from_option
@click.option("--cheapest", is_flag=True, help="Search clouds, regions, spot and arm64; --region or --stack: what changes.")
@click.option("--continent", metavar="NAME", default="", help="With --cheapest: regions there alone, `Europe`.")
@click.option("--compare", metavar="CLOUD/REGION,…", help="Price in these places, line by line: aws/eu-west-1,gcp/europe-west1.")
@file_option("--usage", "A file with the monthly usage.")
@file_option("--account", "A file with the account's own prices and discounts.")
@file_option("--against", "An estimate made with --json before.")
@click.option(
    "--preview",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    help="Price what `pulumi preview --json --show-sames` printed, of any program in any language (- is standard input).",
)
@click.option("--budget", metavar="USD", help="With --preview: exit status 1 where a typical month costs more.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "markdown", "html"]),
    default="table",
    help="What is printed; see also --json.",
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
    cheapest: bool,
    continent: str,
    compare: str | None,
    usage: Path | None,
    account: Path | None,
    against: Path | None,
    preview: Path | None,
    budget: str | None,
    form: str,
    as_json: bool,
) -> None:
    """Price NAME before anything exists, on one cloud or on several side by side. Needs no credentials and no engine."""
    if preview is not None:
        from provisioner.cli.cost_preview import price

        if name or cloud or region or stack or compare or against or cheapest:
            raise UsageError(
                "--preview prices the document alone: leave NAME, --cloud, --region, --stack, --compare, --against out"
            )
        price(preview, usage, account, budget, form="json" if as_json else form)
        return
    if budget is not None:
        raise UsageError("--budget goes with --preview: a definition states its own `budget`")
    if continent and not cheapest:
        raise UsageError("--continent goes with --cheapest")
    from dataclasses import replace

    from provisioner.deploy.prepare import prepare

    if cheapest and cloud is None and stack is None:
        from provisioner.clouds.discovery import clouds

        cloud = ",".join(clouds())
    asked = _places(compare, name, assignments, sources) if compare else requests(
        name, cloud, region, stack, assignments, sources, several=True
    )  # fmt: skip
    asked = [replace(one, usage=usage or one.usage, account=account or one.account) for one in asked]
    if cheapest:
        from provisioner.cli.cost_cheapest import cheapest as search

        if compare or against or form != "table" or (region and len(asked) > 1):
            raise UsageError("--cheapest takes one place to compare with, and prints a table or --json: leave the others out")
        search(asked, continent, base=bool(region or stack), as_json=as_json)
        return
    prepared = [prepare(one) for one in asked]
    differences = _differences(prepared, against)
    if as_json:
        _print_json(prepared, differences)
    elif form != "table":
        title = f"{prepared[0].plan.name}: cost before deploy"
        difference = differences[0] if len(differences) == 1 else None
        print_report(form, title, [one.estimate for one in prepared], difference, (), ("then", "now"))
    else:
        _print(prepared, differences, by_line=compare is not None)
    _fail_over_budget(prepared, shown=form == "table" and not as_json)


def _fail_over_budget(prepared: "list[Prepared]", *, shown: bool) -> None:
    """Exit status 1 where a hard budget is exceeded, as `up` would; said here unless it is on the screen already."""
    over = [problem for one in prepared for problem in one.problems.errors]
    if over:
        print_problems(() if shown else over)
        raise click.exceptions.Exit(1)


def _places(compare: str, name: str | None, assignments: tuple[str, ...], sources: tuple[Path, ...]) -> "list[Request]":
    found = list["Request"]()
    for place in compare.split(","):
        cloud, slash, region = place.strip().partition("/")
        if not slash or not region:
            raise UsageError(f'expected --compare CLOUD/REGION,CLOUD/REGION, found "{place}"')
        found += requests(name, cloud, region, None, assignments, sources, several=False)
    return found


def _print_json(prepared: "list[Prepared]", differences: "list[Difference | None]") -> None:
    from provisioner.cli import documents

    amounts = [difference.monthly if difference else None for difference in differences]
    found = [documents.estimate(one.estimate, amount) for one, amount in zip(prepared, amounts, strict=True)]
    print_json(found[0] if len(found) == 1 else {"currency": "USD", "clouds": found})


def _print(prepared: "list[Prepared]", differences: "list[Difference | None]", *, by_line: bool) -> None:
    if len(prepared) > 1:
        _compare(prepared, by_line=by_line)
    else:
        _details(prepared[0])
    for one, difference in zip(prepared, differences, strict=True):
        for missing in one.estimate.missing:
            click.secho(f"no price for {missing.name} on {one.cloud.label}: {missing.reason}", fg="yellow")
        if difference is not None:
            print_difference(difference, f"{one.cloud.label} against the file", ("then", "now"))
            click.echo(f"{one.cloud.label}: {difference.monthly.signed} a month against the file")
        print_problems(problem for problem in one.problems if problem.severity != "note" or problem.code == "own-machines")


def _compare(prepared: "list[Prepared]", *, by_line: bool) -> None:
    """One row per kind of thing, or per thing, and one column per cloud and region: typical month."""
    from provisioner.cost.report import compare, line_by_line

    estimates = [one.estimate for one in prepared]
    found = line_by_line(estimates) if by_line else compare(estimates)
    rows = [
        [f"{row.name} {row.kind}".strip(), *("-" if cell is None else cell.cents for cell in row.cells)] for row in found.rows
    ]
    marks = [" and more" if partial else "" for partial in found.incomplete]
    rows += [["total, typical", *(total.cents + mark for total, mark in zip(found.totals, marks, strict=True))]]
    rows += [["low to high", *(f"{one.estimate.monthly.low.cents} to {one.estimate.monthly.high.cents}" for one in prepared)]]
    print_table(f"{prepared[0].plan.name}: USD a month", ("", *found.columns), rows, right=found.columns)
    names = dict.fromkeys(host.name for one in prepared for host in one.placement.hosts)
    print_table("Hosts", ("", *found.columns), [[name, *(_machine(one, name) for one in prepared)] for name in names])
    if found.cheapest:
        click.echo(f"cheapest: {found.cheapest}")


def _machine(one: "Prepared", name: str) -> str:
    return next((f"{host.offer.machine} in {host.zone}" for host in one.placement.hosts if host.name == name), "-")


def _details(one: "Prepared") -> None:
    estimate = one.estimate
    print_items(estimate, f"{one.plan.name} on {one.cloud.label} {estimate.region}: USD a month")
    shares = [(name, money.cents) for name, money in estimate.by_workload.items()]
    print_table("Per workload", ("workload", "typical"), shares, right=("typical",))
    print_total(estimate)


def _before(path: Path) -> dict[tuple[str, str], Mapping[str, Any]]:
    """The estimates of an earlier `--json`, by cloud and region."""
    try:
        document = json.loads(path.read_text())
        return {(one["cloud"], one["region"]): one for one in document.get("clouds", [document])}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UsageError(f"{path}: expected what `provisioner cost --json` printed") from None


def _differences(prepared: "list[Prepared]", file: Path | None) -> "list[Difference | None]":
    """A file without any of the places asked for is refused; where it lacks some, nothing is compared."""
    if file is None:
        return [None] * len(prepared)
    before = _before(file)
    asked = [(one.estimate.cloud, one.estimate.region) for one in prepared]
    absent = [" ".join(place) for place in asked if place not in before]
    held = ", ".join(" ".join(place) for place in before)
    if len(absent) == len(asked):
        raise UsageError(f"{file}: expected an estimate of {', '.join(absent)}, found {held or 'none'}")
    if absent:
        click.secho(f"{file} has no estimate of {', '.join(absent)}: nothing is compared there", fg="yellow", err=True)
    return [_difference(one, before, file) for one in prepared]


def _difference(one: "Prepared", before: Mapping[tuple[str, str], Mapping[str, Any]], file: Path) -> "Difference | None":
    from provisioner.cost.difference import against

    earlier = before.get((one.estimate.cloud, one.estimate.region))
    if earlier is None:
        return None
    try:
        return against(earlier, one.estimate)
    except ValueError as error:
        raise UsageError(f"{file}: {error}") from None
