"""The reference page of the command line, written from the commands themselves: `python -m provisioner.cli.reference`."""

from collections.abc import Iterator

import click

from provisioner.cli.main import cli

HEAD = """# Command line

Written by `python -m provisioner.cli.reference`; a test compares.

Exit status 0: fine; 1: a problem in the input, or while working; 2: wrong usage. Results go to standard output, problems and
progress to standard error. `--json` prints the shape that the JSON Schema of the verb's name in `schemas/` describes. Colour only
on a terminal; `NO_COLOR` is respected.
Shell completion: `eval "$(_PROVISIONER_COMPLETE=bash_source provisioner)"`, or `zsh_source`, `fish_source`.
"""


def page() -> str:
    """The whole page, Markdown."""
    context = click.Context(cli, info_name="provisioner")
    return HEAD + "".join(_sections(cli, context))


def _sections(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            continue
        inner = click.Context(command, parent=context, info_name=name)
        usage = " ".join(inner.get_usage().removeprefix("Usage: ").split())
        yield f"\n## {inner.command_path}\n\n`{usage}`\n\n{_help(command)}\n"
        rows = [record for parameter in command.params if (record := parameter.get_help_record(inner))]
        if rows:
            yield "\n| option | meaning |\n| --- | --- |\n"
            yield from (f"| `{_cell(option)}` | {_cell(meaning)} |\n" for option, meaning in rows)
        if isinstance(command, click.Group):
            yield from _sections(command, inner)


def _help(command: click.Command) -> str:
    return " ".join((command.help or "").split())


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    click.echo(page(), nl=False)
