"""Wrong definitions: what the plan refuses, and what only the cloud can know, each for the right reason on each cloud."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cloud_plans
import pytest
import yaml
from simulated import simulate

from provisioner.clouds.discovery import clouds
from provisioner.errors import InputError
from provisioner.sandbox.state import State

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "sandbox" / "wrong-definitions.yaml").read_text())
DEFINITIONS: Sequence[Mapping[str, Any]] = CASES["definitions"]
EACH = [
    pytest.param(case, cloud, id=f"{case['title']} ({cloud})")
    for case in DEFINITIONS
    for cloud in clouds()
    if cloud in {*case.get("cloud", {}), *case.get("plan", {})} or "times" not in case
]
"""Each definition on each cloud; what is many of something, where it is refused."""


def test_there_are_thirty_and_each_is_refused_somewhere() -> None:
    assert len(DEFINITIONS) >= 30
    assert [case["title"] for case in DEFINITIONS if not {"plan", "cloud"} & case.keys()] == []
    for cloud in clouds():
        assert [case for case in DEFINITIONS if cloud in refusals(case, "cloud")] != []


@pytest.mark.parametrize(("case", "cloud"), EACH)
def test_a_wrong_definition_ends_as_it_should(tmp_path: Path, case: Mapping[str, Any], cloud: str) -> None:
    world = State(Path(":memory:"))
    try:
        if "beside" in case:
            simulate(cloud_plans.planned(tmp_path, cloud, package(other=case["beside"]), name="t/other"), beside=world)
        text = package(b=overlaid(CASES["blueprint"], case))
        if cloud in refusals(case, "plan"):
            with pytest.raises(InputError) as refused:
                cloud_plans.planned(tmp_path, cloud, text)
            (problem, *_) = refused.value.problems
            assert refusals(case, "plan")[cloud] in problem.message
            assert problem.place.line > 0
            return
        prepared = cloud_plans.planned(tmp_path, cloud, text)
        if cloud not in refusals(case, "cloud"):
            simulate(prepared, beside=world)
            return
        with pytest.raises(Exception) as unwanted:  # noqa: PT011  (what a cloud says, and what a component makes of it)
            simulate(prepared, beside=world)
        assert refusals(case, "cloud")[cloud] in str(unwanted.value)
    finally:
        world.close()


def refusals(case: Mapping[str, Any], by: str) -> Mapping[str, str]:
    """The words by cloud; a text is meant for every cloud."""
    words = case.get(by, {})
    return dict.fromkeys(clouds(), words) if isinstance(words, str) else words


def package(**blueprints: Mapping[str, Any]) -> str:
    defined = {name: {"defines": "blueprint", **blueprint} for name, blueprint in blueprints.items()}
    return yaml.safe_dump({"namespace": "t", "web": CASES["runnable"], **defined}, sort_keys=False)


def overlaid(base: Mapping[str, Any], case: Mapping[str, Any]) -> Mapping[str, Any]:
    """The blueprint with the case's `with` over it, `times` times, with its number for `%n`."""
    made = base
    for number in range(case.get("times", 1)):
        made = merged(made, yaml.safe_load(json.dumps(case["with"]).replace("%n", str(number))))
    return made


def merged(under: Any, over: Any) -> Any:
    """Mappings key by key, lists one behind the other; anything else is replaced."""
    match under, over:
        case {}, {}:
            return {**under, **{key: merged(under.get(key), value) for key, value in over.items()}}
        case [*first], [*more]:
            return [*first, *more]
        case _:
            return over
