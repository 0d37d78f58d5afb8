"""Wrong programs, each refused by the simulated cloud for the right reason.

The program runs once a cloud; each case creates what it registered again, in its order, with one thing wrong.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from fixture_deployment import deployment
from simulated import cloud_of, run
from test_secure_defaults import FIXTURES

from provisioner.sandbox.kinds import CloudRefusal

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "sandbox" / "wrong-programs.yaml").read_text())["programs"]
Case = Mapping[str, Any]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['cloud']}: {case['title']}")
def test_a_wrong_program_is_refused(case: Case) -> None:
    wrong = with_edits(registered(case["cloud"]), case)
    with pytest.raises(CloudRefusal) as refused:
        create(case["cloud"], wrong)
    assert case["says"] in str(refused.value)


@pytest.mark.parametrize("cloud", FIXTURES)
def test_the_right_program_is_taken(cloud: str) -> None:
    create(cloud, registered(cloud))


def create(cloud: str, program: Sequence[tuple[str, str, Mapping[str, Any]]]) -> None:
    with cloud_of(FIXTURES[cloud][0]) as taking:
        for token, name, inputs in program:
            taking.create(token, name, inputs)


@cache
def registered(cloud: str) -> Sequence[tuple[str, str, Mapping[str, Any]]]:
    target, machines = FIXTURES[cloud]
    with cloud_of(target) as taking:
        run(deployment(target, machines=machines), taking)
        return taking.registered


def with_edits(program: Sequence[tuple[str, str, Mapping[str, Any]]], case: Case) -> Sequence[tuple[str, str, Mapping[str, Any]]]:
    wrong = deepcopy(list(program))
    found = [inputs for _, name, inputs in wrong if name == case["of"]]
    assert len(found) == 1, f"{case['of']} is the name of {len(found)} resources"
    for path, value in case["set"].items():
        edit(found[0], path.split("."), value)
    return wrong


def edit(inputs: Any, path: Sequence[str], value: object) -> None:
    """Set the value at a path into objects and lists; None removes what is there."""
    for step in path[:-1]:
        inputs = inputs[key(inputs, step)]
    if value is None:
        del inputs[key(inputs, path[-1])]
    else:
        inputs[key(inputs, path[-1])] = value


def key(inputs: object, step: str) -> Any:
    return int(step) if isinstance(inputs, list) else step
