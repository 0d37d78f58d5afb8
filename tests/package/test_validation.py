"""Definitions against the table of keys."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.errors import Problem, Problems
from provisioner.package.reader import read
from provisioner.package.validate import require, validate

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/package/validation.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_case(case: dict[str, Any]) -> None:
    problems = Problems()
    (document,) = read("namespace: a\n" + case["text"], "a.yaml", problems)
    for name, node in document.entries.items():
        if name != "namespace":
            validate(node, node.entries["defines"].text, f"a/{name}", problems)
            require(node, node.entries["defines"].text, f"a/{name}", problems)
    assert [printed(problem) for problem in problems] == case["problems"], "\n".join(map(str, problems))
    for words in case.get("says", []):
        assert any(words in str(problem) for problem in problems), "\n".join(map(str, problems))


def printed(problem: Problem) -> str:
    place = problem.place
    return f"{problem.severity} {problem.code} {place.line}:{place.column} {place.path}"
