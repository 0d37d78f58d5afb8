"""The emulation of Quadlet against what the real generator said, and against the real one where it is installed."""

from pathlib import Path
from typing import Any

import pytest
from host_programs import dry_run
from placed_plan import cases

from provisioner.host.model import Unit
from provisioner.host.quadlet_check import refusals

CASES = cases("quadlet.yaml")


def units(case: dict[str, Any]) -> tuple[Unit, ...]:
    below = f"[Container]\nImage=docker.io/library/x:1\n{case.get('container')}\n"
    texts: dict[str, str] = case.get("units") or {"a.container": below}
    return tuple(Unit(name=name, text=text) for name, text in texts.items())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_refuses_what_real_hosts_refuse(case: dict[str, Any]) -> None:
    assert sorted({problem.code for problem in refusals(units(case))}) == case["refused"]
    assert case["refused"] or case["quadlet"] == "accepts"
    assert ("because" in case) == (bool(case["refused"]) and case["quadlet"] == "accepts")


def test_a_refusal_names_unit_line_and_the_nearest_key() -> None:
    unit = Unit(name="shop-web-app.container", text="[Container]\nImage=docker.io/library/x\nPublishPorts=80:80\n")
    (problem,) = refusals((unit,))
    assert str(problem) == (
        "shop-web-app.container:3:0: unsupported key 'PublishPorts' in group 'Container' (did you mean PublishPort?)"
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_recorded_answers_are_those_of_the_real_generator(case: dict[str, Any], tmp_path: Path) -> None:
    assert ("refuses" if dry_run(units(case), tmp_path) else "accepts") == case["quadlet"]
