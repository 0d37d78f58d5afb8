"""Plans of written definitions: what each blueprint becomes, and how each mistake is refused."""

from typing import Any, cast

import pytest
from written import TARGET, cases, resolved

from provisioner.errors import InputError, Problem, Problems
from provisioner.plan.build import build
from provisioner.plan.digest import canonical
from provisioner.plan.model import Plan, Target

GOOD = [case for file in ("blueprints.yaml", "rules.yaml", "defaults.yaml", "placing.yaml") for case in cases(file)]
WRONG = [*cases("wrong.yaml"), *cases("company.yaml")]


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case["name"])
def test_becomes_the_plan(case: dict[str, Any]) -> None:
    problems = Problems()
    plan = planned(case, problems)
    found = cast("dict[str, object]", canonical(plan))
    assert chosen(found, case["plan"]) == case["plan"]
    assert [f"{problem.severity} {problem.code}" for problem in problems] == case.get("problems", [])


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case["name"])
def test_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        planned(case, Problems())
    assert [words(problem) for problem in refused.value.problems] == case["errors"]


def test_problem_has_file_line_and_column() -> None:
    with pytest.raises(InputError) as refused:
        planned(WRONG[0], Problems())
    assert str(refused.value).startswith("wrong.yaml:5:13 shop/platform/network/cidr: expected an IPv4 address range")


def planned(case: dict[str, Any], problems: Problems) -> Plan:
    target = Target(**{**TARGET_FIELDS, **case.get("target", {})})
    return build(resolved(case), target, problems=problems)


TARGET_FIELDS: dict[str, Any] = {"cloud": TARGET.cloud, "region": TARGET.region, "zones": TARGET.zones}


def words(problem: Problem) -> str:
    path = problem.place.path.removeprefix("shop/platform/")
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"{path} [{problem.code}] {problem.message}{hint}"


def chosen(found: object, expected: object) -> object:
    """The part of `found` that `expected` speaks of. A list of named things is looked up by name."""
    if isinstance(expected, dict):
        entries = cast("dict[str, object]", expected)
        if isinstance(found, list):
            named = {str(thing["name"]): thing for thing in cast("list[dict[str, object]]", found)}
            return {key: chosen(named.get(key), part) for key, part in entries.items() if key in named}
        if isinstance(found, dict):
            return {key: chosen(cast("dict[str, object]", found).get(key), part) for key, part in entries.items()}
    if isinstance(expected, list) and isinstance(found, list):
        listed = cast("list[object]", found)
        names = any(isinstance(part, str) for part in cast("list[object]", expected))
        return [cast("dict[str, object]", thing)["name"] if names and isinstance(thing, dict) else thing for thing in listed]
    return found
