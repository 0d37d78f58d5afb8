"""`provisioner do NAME/ACTION k=v`: run an action of a definition where it runs."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from provisioner.cli.output import json_option, print_json
from provisioner.cli.stacks import deployed_option, real_targets
from provisioner.errors import UsageError

if TYPE_CHECKING:
    from provisioner.resolve.actors import Actors


@click.command("do")
@click.argument("name", metavar="NAME/ACTION")
@click.argument("given", nargs=-1, metavar="ARGUMENT=VALUE…")
@deployed_option
@json_option
def command(*, name: str, given: tuple[str, ...], stack: str | None, as_json: bool) -> None:
    """Run the action NAME/ACTION (`shop/db/backup`) and print its result. Exit status 1 where that is an error.

    The definition is the one in this project, with the stack's variables. Its commands run in the first replica's containers.
    """
    from provisioner.cli.documents import printable
    from provisioner.deploy.live.action import perform
    from provisioner.script.values import Failure, to_text

    values = dict(_pairs(given))
    targets = real_targets(stack)
    result = perform(_actors(targets[0].site.stack), targets, name, values)
    if as_json:
        failed = isinstance(result, Failure)
        print_json({"value": None if failed else printable(result), "error": result.message if failed else None})
    elif isinstance(result, Failure):
        click.echo(f"provisioner: {name}: {result.message}", err=True)
    elif result is not None:
        click.echo(str(to_text(result)))
    if isinstance(result, Failure):
        raise click.exceptions.Exit(1)


def _actors(stack: str) -> "Actors":
    from provisioner.deploy.settings import read_stack
    from provisioner.package.catalog import load
    from provisioner.package.catalogue import sources
    from provisioner.resolve.actors import Actors

    request = read_stack(Path.cwd(), stack)
    return Actors(load(sources(request.sources)), request.name, request.variables)


def _pairs(given: Iterable[str]) -> Iterable[tuple[str, str]]:
    seen: set[str] = set()
    for word in given:
        name, equals, value = word.partition("=")
        if not equals or not name or name in seen:
            raise UsageError(f'expected ARGUMENT=VALUE, each once, found "{word}"')
        seen.add(name)
        yield name, value
