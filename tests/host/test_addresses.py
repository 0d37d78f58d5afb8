"""Addresses on the overlay: every one its own, and what has one keeps it whatever is added or goes."""

from ipaddress import IPv4Address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from placed_plan import placement, plan

from provisioner.errors import Problems
from provisioner.host.addresses import NONE, Addresses, allocate
from provisioner.host.bundle import bundles

WORKLOADS = st.dictionaries(
    st.sampled_from([f"shop/{letter}" for letter in "abcdefgh"]),
    st.tuples(st.sampled_from(["app-1", "app-2", "app-3"]), st.booleans()),
    min_size=1,
)
"""Name to host, and whether it has two slots."""


def case(workloads: dict[str, tuple[str, bool]]) -> dict[str, Any]:
    container = {"image": "x", "ports": [{"container": 80}]}
    return {
        "workloads": {
            name: {"containers": {"main": {**container, "health": ["up"]} if slots else container}}
            for name, (_, slots) in workloads.items()
        },
        "runs-on": {name: host for name, (host, _) in workloads.items()},
    }


def allocated(workloads: dict[str, tuple[str, bool]], last: Addresses = NONE) -> Addresses:
    problems = Problems()
    found = allocate(plan(case(workloads)), placement(case(workloads)), last, problems)
    assert not list(problems)
    return found


@given(WORKLOADS, WORKLOADS)
def test_what_stays_where_it_was_keeps_its_address(
    before: dict[str, tuple[str, bool]], after: dict[str, tuple[str, bool]]
) -> None:
    last = allocated(before)
    now = allocated(after, last)
    assert {host: number for host, number in now.hosts.items() if host in last.hosts}.items() <= last.hosts.items()
    for name in before.keys() & after.keys():
        if before[name][0] == after[name][0] and before[name][0] in last.hosts:
            assert now.containers[f"{name}/main"] == last.containers[f"{name}/main"]


@given(WORKLOADS, WORKLOADS)
def test_no_two_have_one_address_and_each_is_in_its_hosts_range(
    before: dict[str, tuple[str, bool]], after: dict[str, tuple[str, bool]]
) -> None:
    now = allocated(after, allocated(before))
    assert len(set(now.containers.values())) == len(now.containers)
    assert len(set(now.hosts.values())) == len(now.hosts)
    for name, address in now.containers.items():
        host = after[name.rpartition("/")[0]][0]
        assert str(IPv4Address(address)).startswith(f"10.210.{now.hosts[host]}.")


def test_a_workload_more_changes_no_unit_that_is_there() -> None:
    """Even one that comes first everywhere: without the last addresses, all others would move up."""
    before = {"shop/m": ("app-1", False), "shop/n": ("app-1", True), "shop/o": ("app-2", False)}
    after = {"shop/a": ("app-1", True), "shop/b": ("app-2", False), **before}
    last = allocated(before)
    old = {(made.host, unit.name): unit.text for made in bundles(*placed(before), last=last) for unit in made.units}
    new = {(made.host, unit.name): unit.text for made in bundles(*placed(after), last=last) for unit in made.units}
    assert {key: new[key] for key in old} == old
    fresh = {(made.host, unit.name): unit.text for made in bundles(*placed(after)) for unit in made.units}
    assert {key: fresh[key] for key in old} != old


def placed(workloads: dict[str, tuple[str, bool]]) -> tuple[Any, Any]:
    return plan(case(workloads)), placement(case(workloads))


@pytest.mark.parametrize(("each", "most"), [(1, 252), (3, 84)])
def test_a_host_that_is_full_is_a_problem(each: int, most: int) -> None:
    workloads = {f"shop/w{number}": ("app-1", each == 3) for number in range(most + 1)}
    allocated(dict(list(workloads.items())[:most]))
    problems = Problems()
    allocate(*placed(workloads), NONE, problems)
    assert [problem.code for problem in problems] == ["out-of-range"]
    assert "expected at most 252 addresses of containers on one host" in str(next(iter(problems)))
