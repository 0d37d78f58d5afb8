"""Every construct that the reference counts in real packages, in one package of ours: it loads, resolves and is planned."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from resolve_cases import at, checked, printed

from provisioner.errors import Problems
from provisioner.package import Catalog, load
from provisioner.plan.build import build
from provisioner.plan.model import Target
from provisioner.resolve import resolve

FOLDER = Path(__file__).parents[1] / "cases/counted"
EXPECTED: dict[str, Any] = yaml.safe_load((FOLDER / "expected.txt").read_text("utf-8"))


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load([FOLDER])


def test_the_check_finds_what_is_odd_and_nothing_else(catalog: Catalog) -> None:
    found = [printed(problem, FOLDER) for problem in checked(catalog) if problem.place.path.split("/")[0] in ("", "w")]
    assert sorted(found) == sorted(EXPECTED["problems"])


def test_values_are_worked_out_and_all_of_it_is_planned(catalog: Catalog) -> None:
    problems = Problems()
    result = resolve(catalog, "w/outer", problems=problems)
    assert {path: at(result, path) for path in EXPECTED["values"]} == EXPECTED["values"]
    plan = build(result, Target(cloud="aws", region="eu-west-1", zones=("eu-west-1a",)), problems=problems)
    assert [workload.name for workload in plan.workloads] == EXPECTED["workloads"]
