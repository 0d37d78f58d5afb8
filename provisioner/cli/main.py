"""The command `provisioner`. Verbs are imported only when they are used, so that the start stays quick."""

import importlib
import sys
from collections.abc import Mapping
from typing import Final, NoReturn

import click

from provisioner.errors import InputError, ProvisionerError, UsageError

VERBS: Final[Mapping[str, str]] = {
    "check": "Load and resolve packages, and report every problem.",
    "explain": "Say what a problem means, and what to do.",
    "show": "Print one definition, fully resolved.",
    "eval": "Evaluate an ArrowScript expression.",
    "plan": "Print everything that would exist.",
    "cost": "Price a definition before it is deployed.",
    "prices": "Look prices up; import and refresh price lists.",
    "init": "Make a project of your own.",
    "sandbox": "Run commands against simulated clouds.",
    "engine": "Show or get the Pulumi engine.",
    "status": "Show a deployed stack: hosts, containers, endpoints, cost.",
    "ps": "Show what runs on the hosts.",
    "logs": "Show what containers wrote.",
    "exec": "Run a command in a container.",
    "do": "Run an action of a definition.",
    "restart": "Restart containers.",
}


class LazyGroup(click.Group):
    """A group whose commands are the modules of `provisioner.cli`, each with a `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        return importlib.import_module(f"provisioner.cli.{cmd_name}").command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        from provisioner.errors import nearest

        if args and args[0] not in VERBS and not args[0].startswith("-"):
            close = nearest(args[0], VERBS)
            ctx.fail(f'no verb "{args[0]}"' + (f'; did you mean "{close}"?' if close else ""))
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="provisioner", message="provisioner %(version)s")
def cli() -> None:
    """One definition of an application and its machines, priced and placed before `pulumi up` creates it.

    Shell completion: eval "$(_PROVISIONER_COMPLETE=bash_source provisioner)" (also zsh_source, fish_source).
    """


def main() -> NoReturn:
    """Exit status 0: fine; 1: a problem in the input or while working; 2: wrong usage."""
    try:
        cli(prog_name="provisioner")
    except InputError as error:
        from provisioner.cli.output import print_problems

        print_problems(error.problems)
        sys.exit(1)
    except UsageError as error:
        click.echo(f"provisioner: {error}", err=True)
        sys.exit(2)
    except ProvisionerError as error:
        click.echo(f"provisioner: {error}", err=True)
        sys.exit(1)
    sys.exit(0)
