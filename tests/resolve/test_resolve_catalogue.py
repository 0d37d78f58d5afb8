"""The catalogue resolves, and a user's short override of it does what it says."""

from pathlib import Path

import pytest

from provisioner.errors import Problems
from provisioner.package import load
from provisioner.resolve import check, resolve
from provisioner.resolve.model import Resolved

CATALOGUE = Path(__file__).parents[2] / "blueprints"
PACKAGES = sorted(path.name for path in CATALOGUE.iterdir())


def deployed(name: str, *folders: Path) -> Resolved:
    problems = Problems()
    result = resolve(load([CATALOGUE, *folders]), name, problems=problems)
    problems.raise_errors()
    return result


def test_the_catalogue_has_no_problems() -> None:
    problems = Problems()
    listing = check(load([CATALOGUE]), None, problems)
    assert [str(problem) for problem in problems if problem.severity != "note"] == []
    assert {"blueprint", "group", "runnable", "base"} <= {listed.kind for listed in listing}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_known_by_its_name(package: str) -> None:
    assert deployed(package).runnables == deployed(f"monk-{package}").runnables != ()


def test_the_demo_starts_in_the_order_of_depends() -> None:
    demo = deployed("demo/platform")
    names = [runnable.name for runnable in demo.runnables]
    for runnable in demo.runnables:
        assert all(names.index(before) < names.index(runnable.name) for before in runnable.depends.runnables)
    assert {container.image.rpartition(":")[2] for runnable in demo.runnables for container in runnable.containers}.isdisjoint(
        {"latest", ""}
    )
    assert all(container.health for runnable in demo.runnables for container in runnable.containers)


def test_a_users_override_stays_this_short(tmp_path: Path) -> None:
    lines = ["namespace: my-app", "postgresql:", "  inherits: monk-postgresql", "  variables:"]
    (tmp_path / "mine.yaml").write_text("\n".join([*lines, "    max-connections: 200", '    shared-buffers: "2GB"']))
    (own,) = deployed("my-app/postgresql", tmp_path).runnables
    (theirs,) = deployed("postgresql/db").runnables
    assert {name for name in own.variables if own.variables[name] != theirs.variables[name]} == {
        "max-connections",
        "shared-buffers",
    }
    assert own.variables["max-connections"] == 200
    assert own.containers[0].command != theirs.containers[0].command
    assert own.containers[0].environment == theirs.containers[0].environment
