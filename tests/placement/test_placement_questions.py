"""What would happen if: losses, moves that save, requests a little smaller. Each answer is checked against the plan itself."""

from typing import Any

import pytest
from checker import violations
from tables import OFFERS, cases, offers, plan

from provisioner.placement import place
from provisioner.placement.rebalance import rebalance
from provisioner.placement.sensitivity import hints
from provisioner.placement.survive import survive

CASES = cases("asking.yaml")


@pytest.mark.parametrize("case", [case for case in CASES if "survive" in case], ids=lambda case: case["name"])
def test_survival(case: dict[str, Any]) -> None:
    planned, expected = plan(case), case["survive"]
    placement = place(planned, offers())
    survival = survive(planned, placement, expected["level"])
    assert survival.proven == expected["proven"]
    if "tightest" in expected:
        assert survival.tightest is not None
        assert survival.tightest.name == expected["tightest"]
        assert dict(survival.tightest.stranded) == expected.get("stranded", dict(survival.tightest.stranded))
    for loss in survival.losses:
        gone = {host.name for host in placement.hosts if loss.name in (host.name, host.zone)}
        held = {name for name, host in placement.assignments.items() if host in gone}
        assert {*loss.moves, *loss.stranded} == held
        assert not gone & set(loss.moves.values())


@pytest.mark.parametrize("case", [case for case in CASES if "moves" in case], ids=lambda case: case["name"])
def test_rebalance(case: dict[str, Any]) -> None:
    planned = plan(case)
    placement = place(planned, offers(), last=case.get("last", {}), machines=case.get("known", {}))
    assert violations(planned, offers(), placement, case.get("last", {})) == []
    moves = rebalance(planned, offers(), placement)
    told = [f"{one.host} {one.machine or 'closed'} {{{', '.join(one.workloads)}}} {one.saves.cents}" for one in moves]
    assert told == case["moves"]


@pytest.mark.parametrize("case", [case for case in CASES if "hints" in case], ids=lambda case: case["name"])
def test_sensitivity(case: dict[str, Any]) -> None:
    planned = plan(case)
    placement = place(planned, offers(case.get("offers", OFFERS)))
    assert [hint.words for hint in hints(planned, offers(), placement)] == case["hints"]


def test_a_hint_keeps_its_promise() -> None:
    """The request made smaller, the plan costs less by what was told."""
    case: dict[str, Any] = {"groups": {"host": {"count": [1, 2]}}, "workloads": {"a": {"needs": [2000, 1000]}}}
    before = place(plan(case), offers())
    hint = hints(plan(case), offers(), before)[0]
    case["workloads"]["a"]["needs"] = [hint.millicpu, hint.memory_mib]
    after = place(plan(case), offers())
    assert (before.cost - after.cost).times(730) == hint.saves


def test_machines_that_are_there_stay() -> None:
    """A host keeps its machine, though a cheaper one would do by now; without the names it is taken to be the cheapest."""
    case: dict[str, Any] = {"groups": {"host": {"count": [1, 3]}}, "workloads": {"a": {"needs": [500, 500]}}}
    kept = place(plan(case), offers(), last={"a": "host-1"}, machines={"host-1": "xlarge"})
    assert [host.offer.machine for host in kept.hosts] == ["xlarge"]
    assert [host.offer.machine for host in place(plan(case), offers(), last={"a": "host-1"}).hosts] == ["micro"]
