"""Workloads become units: the whole text of each, and that hosts would take all of them."""

from typing import Any

import pytest
from placed_plan import cases, placement, plan

from provisioner.errors import InputError
from provisioner.host.bundle import bundle, bundles
from provisioner.host.delivery import checkable
from provisioner.host.quadlet_check import refusals

UNITS = cases("units.yaml")


@pytest.mark.parametrize("case", UNITS, ids=lambda case: case["name"])
def test_a_workload_becomes_this_unit(case: dict[str, Any]) -> None:
    made = bundle(plan(case), placement(case), "app-1")
    assert {unit.name: unit.text for unit in made.units}[case["unit"]] == case["text"]


@pytest.mark.parametrize("case", UNITS, ids=lambda case: case["name"])
def test_hosts_take_every_unit(case: dict[str, Any]) -> None:
    for made in bundles(plan(case), placement(case)):
        assert refusals(checkable(made)) == []


@pytest.mark.parametrize("case", cases("refused.yaml"), ids=lambda case: case["name"])
def test_what_no_host_can_run_is_refused_with_its_place(case: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        bundles(plan(case), placement(case))
    assert [str(problem) for problem in refused.value.problems] == case["problems"]


def test_each_host_gets_its_own_workloads_in_start_order() -> None:
    case = {
        "workloads": {name: {"containers": {"main": {"image": f"{name}:1"}}} for name in ("shop/db", "shop/api", "shop/web")},
        "runs-on": {"shop/api": "app-2"},
    }
    first, second = bundles(plan(case), placement(case))
    assert [gate.workload for gate in first.gates] == ["shop/db", "shop/web"]
    assert [gate.workload for gate in second.gates] == ["shop/api"]
    services = ["provisioner-firewall.service", "provisioner-names.service"]
    assert [unit.name for unit in second.units] == [*services, "provisioner.network", "shop-api-main.container"]
    assert [service.name for service in second.services] == services
