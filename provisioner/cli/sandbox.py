"""`provisioner sandbox`: simulated AWS, Google Cloud and Azure for any command."""

from pathlib import Path

import click

from provisioner.cli.output import json_option, print_json, print_table


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
    from provisioner.sandbox.inspect import resources

    found = resources(_state())
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
    from provisioner.sandbox.project import forget, project_folder

    project = project_folder(Path.cwd())
    if not yes:
        click.confirm(f"forget everything in {project / '.provisioner'}?", abort=True)
    forget(project)
    click.echo("the sandbox is empty")


def _state() -> Path:
    from provisioner.sandbox.project import project_folder, state_file

    return state_file(project_folder(Path.cwd()))
