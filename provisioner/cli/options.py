"""Options that several verbs share."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from provisioner.errors import UsageError

from_option: Callable[..., Any] = click.option(
    "--from", "sources", multiple=True, type=click.Path(path_type=Path, exists=True), help="A package folder or file to add."
)
set_option: Callable[..., Any] = click.option(
    "--set", "assignments", multiple=True, metavar="[NAME/]VARIABLE=VALUE", help="Set a variable of the definition, or of NAME."
)


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
