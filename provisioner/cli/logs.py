"""`provisioner logs NAME`: what containers wrote."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from provisioner.cli.stacks import deployed_option, real_targets

if TYPE_CHECKING:
    from provisioner.deploy.operate.logs import Line, Silent

_COLOURS = ("cyan", "yellow", "green", "magenta", "blue", "bright_red")


@click.command("logs")
@click.argument("name")
@click.option("--follow", "-f", is_flag=True, help="Go on with new lines as they come, until Ctrl-C.")
@click.option("--tail", type=click.IntRange(min=0), default=100, show_default=True, help="Last lines of each container.")
@deployed_option
def command(*, name: str, follow: bool, tail: int, stack: str | None) -> None:
    """Show what the containers of NAME wrote: a runnable, a replica (`shop/web/2`) or a container (`shop/web/app`).

    Lines of several containers begin with the name of theirs. Exit status 1 where a host does not answer.
    """
    from provisioner.deploy.hosts.connect import close_all
    from provisioner.deploy.operate import logs
    from provisioner.deploy.operate.names import choose

    chosen = choose(name, real_targets(stack))
    names = [target.name for target in chosen]
    try:
        complete = _print(logs.follow(chosen, tail) if follow else logs.last(chosen, tail), names)
    except KeyboardInterrupt:
        close_all()
        return
    if not complete:
        raise click.exceptions.Exit(1)


def _print(lines: "Iterable[Line | Silent]", names: list[str]) -> bool:
    """Whether every host answered."""
    from provisioner.deploy.operate.logs import Silent

    width = max(map(len, names))
    prefixes = {
        name: click.style(f"{name:{width}} |", fg=_COLOURS[number % len(_COLOURS)]) + " " if len(names) > 1 else ""
        for number, name in enumerate(names)
    }
    complete = True
    for line in lines:
        if isinstance(line, Silent):
            complete = False
            click.echo(f"{click.style(line.host, fg='red')}: {line.reason}", err=True)
        else:
            click.echo(prefixes[line.container] + line.text)
    return complete
