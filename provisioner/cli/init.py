"""`provisioner init DIR`: a project of the user's own."""

import re
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

import click

from provisioner.cli.output import json_option, print_json
from provisioner.errors import UsageError
from provisioner.package.catalogue import catalogue_folder


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="Name of the project and of its first namespace. Default: the folder's name.")
@click.option("--dry-run", is_flag=True, help="List the files and write nothing.")
@json_option
def command(*, folder: Path, name: str | None, dry_run: bool, as_json: bool) -> None:
    """Make a project in DIR: Pulumi.yaml, a stack per cloud, and a first blueprint that inherits from the catalogue."""
    chosen = name or folder.resolve().name
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,38}[a-z0-9]", chosen):
        raise UsageError(
            f'expected a name of 2 to 40 lower-case letters, digits and hyphens, found "{chosen}": state one with --name'
        )
    if (catalogue_folder() / chosen).exists():
        raise UsageError(f'the catalogue has a package "{chosen}" already: state another name with --name')
    files = _files(chosen)
    taken = [str(folder / path) for path in files if (folder / path).exists()]
    if taken:
        raise UsageError(f"nothing was written: {', '.join(taken)} exists already")
    if not dry_run:
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
    if as_json:
        print_json({"name": chosen, "files": [str(folder / path) for path in files], "written": not dry_run})
        return
    for path in files:
        click.echo(f"{'would write' if dry_run else 'wrote'} {folder / path}")
    steps = (
        f"cd {folder}",
        f"provisioner cost {chosen}/platform --cloud aws,gcp,azure",
        "provisioner sandbox run -- pulumi up --stack aws",
    )
    click.echo("\n  ".join(("\nnext:", *steps)))


def _files(name: str) -> dict[Path, str]:
    """Relative path to contents, with the project's name put in."""
    root = resources.files("provisioner") / "template"
    found = {Path(path.replace("NAME", name)): Template(file.read_text()).substitute(name=name) for path, file in _walk(root, "")}
    found[Path(".gitignore")] = found.pop(Path("gitignore"))
    return found


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        path = f"{prefix}{entry.name}"
        if entry.name == "__pycache__":
            continue
        found += _walk(entry, f"{path}/") if entry.is_dir() else [(path, entry)]
    return found
