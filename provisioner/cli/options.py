"""Options that several verbs share."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from provisioner.errors import UsageError

from_option: Callable[..., Any] = click.option(
    "--from", "sources", multiple=True, type=click.Path(path_type=Path, exists=True), help="A package folder or file to add."
)


def set_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--set`, and `--variables-file`, whose values stand before those of `--set`, so that these win."""
    assigned = click.option(
        "--set",
        "assignments",
        multiple=True,
        metavar="[NAME/]VARIABLE=VALUE",
        help="Set a variable of the definition, or of NAME.",
        callback=_after_files,
    )
    filed = click.option(
        "--variables-file",
        "variables_files",
        multiple=True,
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="A YAML file that sets variables: VARIABLE: VALUE, or nested, NAMESPACE: {NAME: {VARIABLE: VALUE}}.",
        expose_value=False,
        is_eager=True,
        callback=_remember,
    )
    return assigned(filed(command))


def _remember(context: click.Context, _: click.Parameter, files: tuple[Path, ...]) -> None:
    if files:
        from provisioner.cli.variables_file import assignments

        context.meta[_FILES] = tuple(assignment for file in files for assignment in assignments(file))


def _after_files(context: click.Context, _: click.Parameter, stated: tuple[str, ...]) -> tuple[str, ...]:
    return (*context.meta.get(_FILES, ()), *stated)


_FILES = "provisioner.cli.options.variables_files"


def own_sources(stated: Sequence[Path]) -> tuple[Path, ...]:
    """`blueprints/` of the project one stands in, then what `--from` adds."""
    project = Path("blueprints")
    return (*((project,) if project.is_dir() else ()), *stated)


def variables(name: str, assignments: Sequence[str]) -> dict[str, dict[str, object]]:
    """`size=3` sets a variable of `name`; `shop/web/size=3` one of `shop/web`."""
    found: dict[str, dict[str, object]] = {}
    for assignment in assignments:
        target, equals, value = assignment.partition("=")
        if not equals or not target:
            raise UsageError(f'expected --set VARIABLE=VALUE, found "{assignment}"')
        definition, _, variable = target.rpartition("/")
        found.setdefault(definition or name, {})[variable] = value
    return found
