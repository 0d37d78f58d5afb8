"""`provisioner sandbox`: simulated AWS, Google Cloud and Azure for any command."""

from pathlib import Path

import click

from provisioner.cli.output import json_option, print_json, print_table
from provisioner.sandbox.project import forget, project_folder, state_file


@click.group("sandbox")
def command() -> None:
    """Run commands against simulated clouds: the real Pulumi engine, the real SDKs, no account."""


@command.command("run", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, required=True, metavar="-- COMMAND…", type=click.UNPROCESSED)
def run(*, words: tuple[str, ...]) -> None:
    """Run COMMAND (`pulumi up`) with the simulated clouds in place of the real ones. Its exit status is passed on.

    The sandbox keeps its clouds and its stacks in the project's `.provisioner/`, apart from any real backend.
    """
    from provisioner.deploy import engine
    from provisioner.sandbox.run import run as run_inside

    environment = engine.environment(engine.require())
    raise click.exceptions.Exit(run_inside(words, folder=Path.cwd(), environment=environment))


@command.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List what exists in the simulated clouds."""
    from provisioner.sandbox.inspect import list_resources

    found = list_resources(_state())
    if as_json:
        print_json([{"package": one.package, "type": one.token, "id": one.id, "name": one.name} for one in found])
        return
    if not found:
        click.echo("the sandbox is empty")
        return
    print_table("", ("type", "name", "id"), [(one.token, one.name, one.id) for one in found])
    click.echo(f"{len(found)} resource{'s' * (len(found) != 1)}")


@command.command("reset")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(*, yes: bool) -> None:
    """Forget the simulated clouds and the stacks that describe them."""
    project = project_folder(Path.cwd())
    if not yes:
        click.confirm(f"forget everything in {project / '.provisioner'}?", abort=True)
    forget(project)
    click.echo("the sandbox is empty")


@command.group("faults", invoke_without_command=True)
@json_option
@click.pass_context
def faults(context: click.Context, *, as_json: bool) -> None:
    """Make calls to the simulated clouds fail. Alone: list the faults that are set."""
    if context.invoked_subcommand is not None:
        return
    from dataclasses import asdict

    from provisioner.sandbox.faults import list_faults

    found = list_faults(_state())
    if as_json:
        print_json([asdict(one) for one in found])
        return
    rows = [(one.kind, one.token, one.method, one.first, one.times or "always", one.seen) for one in found]
    print_table("", ("fault", "type", "method", "from call", "times", "seen"), rows)
    click.echo(f"{len(found)} fault{'s' * (len(found) != 1)}")


@faults.command("set")
@click.argument("kind", type=click.Choice(["throttle", "fail", "half", "stall", "die", "kill", "late"]))
@click.option("--type", "token", default="*", show_default=True, help="Resource type, with * for any part.")
@click.option("--method", default="Create", show_default=True, help="Check, Diff, Create, Read, Update, Delete, Invoke or *.")
@click.option("--first", default=1, show_default=True, help="The first matching call that it strikes.")
@click.option("--times", default=1, show_default=True, help="How many calls it strikes; 0: all that follow.")
@click.option("--seconds", default=60.0, show_default=True, help="How long a stall lasts, or a late resource is not seen.")
def set_(*, kind: str, token: str, method: str, first: int, times: int, seconds: float) -> None:
    """Add a fault: throttle, fail, half (created, then reported as failed), stall, die, kill or late.

    die kills the sandbox and kill the engine. A late resource is created and seen by others only `--seconds` later, as in an
    eventually consistent cloud.
    """
    from typing import cast

    from provisioner.sandbox.faults import Fault, FaultKind, set_fault

    fault = Fault(kind=cast("FaultKind", kind), token=token, method=method, first=first, times=times, seconds=seconds)
    set_fault(_state(), fault)


@faults.command("clear")
def clear() -> None:
    """Remove every fault."""
    from provisioner.sandbox.faults import clear_faults

    clear_faults(_state())


def _state() -> Path:
    return state_file(project_folder(Path.cwd()))
