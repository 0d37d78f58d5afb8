"""`provisioner ps`: what runs on the hosts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from provisioner.cli.output import json_option, print_json, print_table
from provisioner.cli.stacks import is_simulated, real_hosts
from provisioner.host.status import ContainerStatus

_COLOURS: Final = {
    "running": "green",
    "healthy": "green",
    "exited": "yellow",
    "starting": "yellow",
    "unknown": "yellow",
    "unhealthy": "red",
    "absent": "red",
    "failed": "red",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    stack: str
    host: str
    host_id: str
    status: ContainerStatus


@click.command("ps")
@click.option(
    "--stack", metavar="STACK", help="Only the hosts of this stack. Default: the whole sandbox; without one, the selected stack."
)
@json_option
def command(*, stack: str | None, as_json: bool) -> None:
    """Show the containers on the hosts of a stack, as the hosts report them. Exit status 1 where one does not answer.

    A stack that is deployed and in this project's sandbox as well is asked where it is real; `provisioner sandbox run --
    provisioner ps` asks for the simulated one.
    """
    hosts = () if stack is None and is_simulated(None) else real_hosts(stack)
    if not hosts:
        _show(list(_simulated(stack)), as_json=as_json)
        return
    from provisioner.deploy.operate.survey import survey

    found = survey(hosts)
    _show(
        [
            Row(stack=one.site.stack, host=one.site.host, host_id=one.site.machine.id, status=status)
            for one in found
            for status in one.containers
        ],
        as_json=as_json,
    )
    for one in found:
        for trouble in one.trouble:
            click.echo(f"{click.style(one.site.host, fg='red')}: {trouble}", err=True)
    if not all(one.answers for one in found):
        raise click.exceptions.Exit(1)


def _simulated(stack: str | None) -> Iterator[Row]:
    from provisioner.host.status import rows
    from provisioner.sandbox.inspect import list_bundles
    from provisioner.sandbox.project import project_folder, state_file

    for document in list_bundles(state_file(project_folder(Path.cwd()))):
        if stack in (None, document["stack"]):
            place = {"stack": document["stack"], "host": document["bundle"]["host"], "host_id": document["host_id"]}
            yield from (Row(**place, status=status) for status in rows(document))


def _show(found: list[Row], *, as_json: bool) -> None:
    if as_json:
        print_json([_json(row) for row in found])
    elif not found:
        click.echo("nothing runs")
    else:
        print_table("", ("stack", "host", "workload", "container", "image", "state", "health", "ports"), list(_cells(found)))


def _json(row: Row) -> dict[str, object]:
    one = row.status
    return {
        "stack": row.stack,
        "host": row.host,
        "host_id": row.host_id,
        "workload": one.workload,
        "container": one.container,
        "image": one.image,
        "state": one.state,
        "health": one.health,
        "ports": list(one.ports),
    }


def _cells(found: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    for row in found:
        one = row.status
        ports = " ".join(one.ports)
        yield (
            row.stack,
            row.host,
            one.workload,
            one.container,
            one.image,
            _coloured(one.state),
            _coloured(one.health or "-"),
            ports,
        )


def _coloured(word: str) -> str:
    return click.style(word, fg=_COLOURS[word]) if word in _COLOURS else word
