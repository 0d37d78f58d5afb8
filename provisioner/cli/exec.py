"""`provisioner exec NAME -- COMMAND`: a command inside a running container."""

import sys

import click

from provisioner.cli.stacks import deployed_option, real_targets


@click.command("exec", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("words", nargs=-1, required=True, metavar="-- COMMAND…", type=click.UNPROCESSED)
@deployed_option
def command(*, name: str, words: tuple[str, ...], stack: str | None) -> None:
    """Run COMMAND in the container NAME (`shop/web`, `shop/web/2`, `shop/web/app`). Its exit status is passed on.

    Of several replicas, the first. On a terminal the command has one too; otherwise it reads this command's input.
    """
    from provisioner.deploy.operate.act import execute
    from provisioner.deploy.operate.names import one

    target = one(name, real_targets(stack))
    raise click.exceptions.Exit(execute(target, words, terminal=sys.stdin.isatty() and sys.stdout.isatty()))
