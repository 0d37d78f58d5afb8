"""`provisioner eval EXPR [--in NAME]`: the value of an ArrowScript expression."""

import json
from pathlib import Path

import click

from provisioner.cli.options import from_option, own_sources, set_option, variables
from provisioner.cli.output import json_option, print_json, print_problems
from provisioner.errors import Problems, UsageError


@click.command("eval")
@click.argument("expression", metavar="EXPR")
@click.option("--in", "name", metavar="NAME", help="Evaluate in this definition, with its variables and connections.")
@set_option
@from_option
@json_option
def command(*, expression: str, name: str | None, assignments: tuple[str, ...], sources: tuple[Path, ...], as_json: bool) -> None:
    """Print the value of EXPR as JSON. Secrets and values known only after the deploy stay as the words that stand for them."""
    from provisioner.cli.documents import printable
    from provisioner.package.catalog import load
    from provisioner.package.catalogue import sources as all_sources
    from provisioner.resolve.ask import ask

    if name is None and (assignments or sources):
        raise UsageError("--set and --from need --in NAME: without it there is no definition to set anything of")
    problems = Problems()
    catalog = load(all_sources(own_sources(sources))) if name is not None else None
    outcome = ask(
        expression, problems, catalog=catalog, name=name or "", variables=variables(name or "", assignments) if name else {}
    )
    problems.raise_errors()
    if outcome is None:
        raise click.exceptions.Exit(1)
    if as_json:
        print_json({"value": printable(outcome.value), "steps": outcome.steps})
        return
    print_problems(problem for problem in problems if problem.severity == "warning")
    click.echo(json.dumps(printable(outcome.value), ensure_ascii=False))
