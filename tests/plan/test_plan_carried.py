"""Machines and balancers that MonkScript's own definitions ask for, from their text to the plan."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.errors import Problem, Problems
from provisioner.package import load
from provisioner.plan.build import build
from provisioner.plan.model import Plan, Target
from provisioner.resolve import resolve

TARGET = Target(cloud="aws", region="eu-west-1", zones=("eu-west-1a", "eu-west-1b"))
CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/plan/carried.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_is_carried(case: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("namespace: a\n" + case["text"], "utf-8")
    problems = Problems()
    plan = build(resolve(load([tmp_path]), "a/all", problems=problems), TARGET, problems=problems)
    found = [printed(problem) for problem in problems if problem.severity != "note" and problem.code != "no-image-tag"]
    assert found == case.get("problems", []), "\n".join(map(str, problems))
    assert {what: described(plan)[what] for what in case["expect"]} == case["expect"]


def described(plan: Plan) -> dict[str, Any]:
    """What the cases speak of. A host port that the plan chose is None."""
    stated = {8080}
    return {
        "groups": [
            [group.name, group.minimum, group.maximum, group.machine, group.disk_gib, list(group.tags)] for group in plan.groups
        ],
        "affinity": {workload.name: workload.affinity.name for workload in plan.workloads},
        "balancers": [
            [
                one.name, one.type, one.workload, one.service, one.port,
                one.backend_port if one.backend_port in stated else None, one.health.kind, one.health.url,
            ]
            for one in plan.balancers
        ],
    }  # fmt: skip


def printed(problem: Problem) -> str:
    return f"{problem.severity} {problem.code} {problem.place.line}:{problem.place.column} {problem.place.path}"
