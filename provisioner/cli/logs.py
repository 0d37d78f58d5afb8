"""`provisioner logs NAME`: what containers wrote."""

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from provisioner.cli.output import json_option
from provisioner.cli.stacks import deployed_option, real_targets

if TYPE_CHECKING:
    from provisioner.deploy.operate.logs import Line, Silent

_COLOURS = ("cyan", "yellow", "green", "magenta", "blue", "bright_red")


@click.command("logs")
@click.argument("name")
@click.option("--follow", "-f", is_flag=True, help="Go on with new lines as they come, until Ctrl-C.")
@click.option("--tail", type=click.IntRange(min=0), default=100, show_default=True, help="Last lines of each container.")
@deployed_option
@json_option
def command(*, name: str, follow: bool, tail: int, stack: str | None, as_json: bool) -> None:
    """Show what the containers of NAME wrote: a runnable, a replica (`shop/web/2`) or a container (`shop/web/app`).

    Lines of several containers begin with the name of theirs; with --json, each is an object on a line of its own. Exit status
    1 where a host does not answer.
    """
    from provisioner.deploy.hosts.connect import close_all
    from provisioner.deploy.operate import logs
    from provisioner.deploy.operate.names import choose

    chosen = choose(name, real_targets(stack))
    shown = _json if as_json else _prefixed([target.name for target in chosen])
    try:
        complete = _print(logs.follow(chosen, tail) if follow else logs.last(chosen, tail), shown)
    except KeyboardInterrupt:
        close_all()
        return
    if not complete:
        raise click.exceptions.Exit(1)


def _print(lines: "Iterable[Line | Silent]", shown: "Callable[[Line], str]") -> bool:
    """Whether every host answered."""
    from provisioner.deploy.operate.logs import Silent

    complete = True
    for line in lines:
        if isinstance(line, Silent):
            complete = False
            click.echo(f"{click.style(line.host, fg='red')}: {line.reason}", err=True)
        else:
            click.echo(shown(line))
    return complete


def _prefixed(names: list[str]) -> "Callable[[Line], str]":
    """The text, after the container's name in a colour of its own where there are several."""
    width = max(map(len, names))
    prefixes = {
        name: click.style(f"{name:{width}} |", fg=_COLOURS[number % len(_COLOURS)]) + " " if len(names) > 1 else ""
        for number, name in enumerate(names)
    }
    return lambda line: prefixes[line.container] + line.text


def _json(line: "Line") -> str:
    return json.dumps({"at": line.at, "container": line.container, "text": line.text}, ensure_ascii=False)
