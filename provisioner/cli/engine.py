"""`provisioner engine`: which Pulumi CLI is used; `engine install` gets one."""

import subprocess

import click

from provisioner.cli.output import json_option, print_json
from provisioner.deploy import engine


@click.group("engine", invoke_without_command=True)
@json_option
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """Show which Pulumi CLI is used."""
    if context.invoked_subcommand is None:
        _show(engine.require(), as_json=as_json)


@command.command("install")
@json_option
def install(*, as_json: bool) -> None:
    """Get a Pulumi CLI: the one on PATH, the official download, or a build from Go modules."""
    _show(engine.install(lambda line: click.echo(line, err=True)), as_json=as_json)


@command.command("run", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, required=True, metavar="-- COMMAND…", type=click.UNPROCESSED)
def run(*, words: tuple[str, ...]) -> None:
    """Run COMMAND (`pulumi up`) with the engine that is used, on the real clouds. Its exit status is passed on."""
    environment = engine.environment(engine.require())
    raise click.exceptions.Exit(subprocess.run(words, env=environment, check=False).returncode)


def _show(found: engine.Engine, *, as_json: bool) -> None:
    if as_json:
        print_json({"version": found.version, "source": found.source, "folder": str(found.folder)})
        return
    click.echo(f"Pulumi {found.version} ({found.source}) in {found.folder}")
