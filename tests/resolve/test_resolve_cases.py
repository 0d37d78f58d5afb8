"""Definitions to what they mean, and to what is wrong with them."""

from pathlib import Path
from typing import Any

import pytest
from resolve_cases import at, cases, checked, printed, resolved, written


@pytest.mark.parametrize(
    "case",
    [
        *cases("inheritance"),
        *cases("variables"),
        *cases("containers"),
        *cases("blueprints"),
        *cases("carried"),
        *cases("entities"),
        *cases("decisions"),
        *cases("expressions"),
        *cases("lasting"),
    ],
    ids=lambda case: case["case"],
)
def test_values(case: dict[str, Any], tmp_path: Path) -> None:
    result, problems = resolved(written(tmp_path, case["files"]), case)
    assert [printed(problem, tmp_path) for problem in problems] == case.get("problems", []), "\n".join(map(str, problems))
    assert {path: at(result, path) for path in case["expect"]} == case["expect"]


@pytest.mark.parametrize("case", [*cases("problems"), *cases("defects")], ids=lambda case: case["case"])
def test_problems(case: dict[str, Any], tmp_path: Path) -> None:
    problems = checked(written(tmp_path, case["files"]))
    assert sorted(printed(problem, tmp_path) for problem in problems) == sorted(case["problems"]), "\n".join(map(str, problems))
    assert all(problem.place.line and problem.message for problem in problems)
    for words in case.get("says", []):
        assert any(words in str(problem) for problem in problems), "\n".join(map(str, problems))
