"""`provisioner do NAME/ACTION k=v`: run an action of a definition where it runs."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from provisioner.cli.output import json_option, print_json
from provisioner.cli.stacks import deployed_option, real_targets
from provisioner.errors import UsageError
from provisioner.units import print_mib

if TYPE_CHECKING:
    from provisioner.deploy.operate.names import Target
    from provisioner.resolve.actors import Actors
    from provisioner.script.values import Value


@click.command("do")
@click.argument("name", metavar="NAME/ACTION")
@click.argument("given", nargs=-1, metavar="ARGUMENT=VALUE…")
@deployed_option
@json_option
def command(*, name: str, given: tuple[str, ...], stack: str | None, as_json: bool) -> None:
    """Run the action NAME/ACTION (`shop/db/migrate`) and print its result. Exit status 1 where that is an error.

    The definition is the one in this project, with the stack's variables. Its commands run in the first replica's containers.

    Every volume (`pgdata`), and every runnable that keeps data on its host, has two actions where its definition has none of
    these names: `backup to=FILE` (a folder, or - for standard output) and `restore from=FILE`. They stop the containers meanwhile
    (`backup … stop=no` does not); `restore … overwrite=yes` replaces what is there; `volume=NAME` chooses among several.
    """
    from provisioner.deploy.live.action import perform
    from provisioner.deploy.operate.archive import ACTIONS

    values = dict(_pairs(given))
    targets = real_targets(stack)
    actors = _actors(targets[0].site.stack)
    owner, _, action = name.strip("/").rpartition("/")
    if action in ACTIONS and not actors.defines(name):
        _archive(owner, action, values, targets, as_json=as_json)
    else:
        _print(name, perform(actors, targets, name, values), as_json=as_json)


def _print(name: str, result: "Value", *, as_json: bool) -> None:
    from provisioner.cli.documents import printable
    from provisioner.script.values import Failure, to_text

    if as_json:
        failed = isinstance(result, Failure)
        print_json({"value": None if failed else printable(result), "error": result.message if failed else None})
    elif isinstance(result, Failure):
        click.echo(f"provisioner: {name}: {result.message}", err=True)
    elif result is not None:
        click.echo(str(to_text(result)))
    if isinstance(result, Failure):
        raise click.exceptions.Exit(1)


def _archive(owner: str, action: str, values: Mapping[str, str], targets: "Sequence[Target]", *, as_json: bool) -> None:
    """The archive goes to standard output alone where it is asked for there; what is said goes to standard error then."""
    from dataclasses import asdict

    from provisioner.deploy.operate.archive import backup, check, restore
    from provisioner.deploy.operate.kept import kept

    check(action, values)
    what = kept(owner, values.get("volume", ""), targets)
    if action == "backup":
        done = backup(what, values["to"], stop=values.get("stop", "yes") == "yes")
    else:
        done = restore(what, values["from"], overwrite=values.get("overwrite", "no") == "yes")
    if as_json and done.file != "-":
        print_json({"value": asdict(done), "error": None})
        return
    size = f", {print_mib(-(-done.bytes // 2**20))}" if done.bytes else ""
    words = "to" if action == "backup" else "from"
    message = f"{action} of {done.volume} {words} {done.file}{size}, sha256 {done.sha256}"
    click.echo(message, err=done.file == "-")


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
