"""Runs the tables in `cases/resolve/`: files in, values and problems out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import yaml

from provisioner.errors import Problem, Problems
from provisioner.package import Catalog, load
from provisioner.resolve import check, resolve
from provisioner.resolve.model import Field, Resolved

FOLDER = Path(__file__).parents[1] / "cases/resolve"


def cases(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))


def written(root: Path, files: Mapping[str, str]) -> Catalog:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return load([root])


def resolved(catalog: Catalog, case: Mapping[str, Any]) -> tuple[Resolved, Problems]:
    problems = Problems()
    return resolve(catalog, case["resolve"], variables=case.get("variables"), problems=problems), problems


def checked(catalog: Catalog) -> Problems:
    problems = Problems()
    check(catalog, None, problems)
    return problems


def printed(problem: Problem, root: Path) -> str:
    """`error code a.yaml:3:5 path`: all of a problem but its words."""
    place = problem.place
    file = str(Path(place.file).relative_to(root)) if place.file else "-"
    return f"{problem.severity} {problem.code} {file}:{place.line}:{place.column} {place.path}".strip()


def at(value: Any, path: str) -> Any:
    """What lies at `containers.0.image` or `sections.network.cidr`: attributes, keys and indexes; `\\` in a key is a slash."""
    for step in path.split("/"):
        value = _step(value.value if isinstance(value, Field) else value, step.replace("\\", "/"))
    return _plain(value)


def _step(value: Any, step: str) -> Any:
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)[step]
    return cast("list[Any]", value)[int(step)] if isinstance(value, list | tuple) else getattr(value, step)


def _plain(value: Any) -> Any:
    if isinstance(value, Field):
        return _plain(value.value)
    if isinstance(value, dict):
        return {key: _plain(below) for key, below in cast("dict[str, Any]", value).items()}
    if isinstance(value, list | tuple | frozenset):
        return [_plain(below) for below in cast("list[Any]", value)]
    return value if value is None or isinstance(value, bool | int | float) else str(value)
