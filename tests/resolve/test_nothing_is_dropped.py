"""Nothing that a package writes is left out silently: whichever value of it changes, something else comes of it.

What comes of it may be another resolved value, another plan, or another problem. The package holds every counted construct.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from provisioner.errors import InputError, Problems
from provisioner.package import Catalog, load
from provisioner.package.nodes import Node
from provisioner.plan.build import build
from provisioner.plan.digest import canonical
from provisioner.plan.model import Target
from provisioner.resolve import resolve

FOLDER = Path(__file__).parents[1] / "cases/counted"
TARGET = Target(cloud="aws", region="eu-west-1", zones=("eu-west-1a",))
FOR_PEOPLE = ("metadata", "metatada", "metdata", "description", "version")
WITHOUT_EFFECT = {
    "w/base/variables/defines": "a label of old packages, as all of these",
    "w/base/containers/defines": "",
    "w/base/services/defines": "",
    "w/base/actions/defines": "",
    "w/base/variables/name": "replaced by an inheritor",
    "w/base/containers/c/image-tag": "replaced by an inheritor",
    "w/base/variables/required-one/required": "it has its value",
    "w/base/containers/c/command/0": "a warning says that `bash` is the command, as of the next",
    "w/base/containers/c/cmd": "",
    "w/base/volumes/v1/size": "a folder of the host, which has no size",
    "w/base/volumes/v3/name": "a warning says so",
    "w/thing/rules/0": "`rules!0` replaces it",
}


@lru_cache
def catalog() -> Catalog:
    return load([FOLDER])


def leaves(node: Node, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(node.value, str):
        yield path
    for key, below in (*node.entries.items(), *enumerate(node.elements)):
        if key not in FOR_PEOPLE:
            yield from leaves(below, (*path, key))


NAMES = ("w/base", "w/app", "w/db", "w/codey", "w/mnt", "w/stack", "w/outer", "w/thing")
CHANGED = [
    ("/".join(map(str, (name, *path))), name, path) for name in NAMES for path in leaves(catalog().definitions[name].node, ())
]


@pytest.mark.parametrize(("place", "name", "path"), CHANGED, ids=[place for place, _, _ in CHANGED])
def test_a_change_makes_a_difference(place: str, name: str, path: tuple[str | int, ...]) -> None:
    definition = catalog().definitions[name]
    changed = definition._replace(node=_changed(definition.node, path))
    differs = outcome(replace(catalog(), definitions={**catalog().definitions, name: changed})) != before()
    assert differs is (place not in WITHOUT_EFFECT)


def outcome(found: Catalog) -> object:
    """All that comes of `w/outer`: values and plan without places, problems by their words."""
    problems = Problems()
    resolved = resolve(found, "w/outer", problems=problems)
    try:
        plan = None if problems.errors else build(resolved, TARGET, problems=problems)
    except InputError:
        plan = None
    return canonical(resolved), plan and plan.digest, [(problem.code, problem.message) for problem in problems]


@lru_cache
def before() -> object:
    return outcome(catalog())


def _changed(node: Node, path: tuple[str | int, ...]) -> Node:
    if not path:
        return node._replace(value=_other(node.text))
    key = path[0]
    if isinstance(node.value, dict):
        return node._replace(value={**node.value, str(key): _changed(node.value[str(key)], path[1:])})
    elements = list(node.elements)
    elements[int(key)] = _changed(elements[int(key)], path[1:])
    return node._replace(value=tuple(elements))


def _other(text: str) -> str:
    if text.isdigit():
        return str(int(text) + 1)
    if text in ("true", "yes", "false", "no"):
        return "false" if text in ("true", "yes") else "true"
    return '<- "other"' if text.startswith("<-") else f"{text}z"
