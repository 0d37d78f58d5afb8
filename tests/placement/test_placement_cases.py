"""Placements of small tables: where each workload goes, on which machine, why, and what is refused."""

from collections import Counter
from typing import Any

import pytest
from checker import violations
from tables import OFFERS, cases, offers, plan

from provisioner.errors import InputError
from provisioner.placement import place

PLACED = ("packing", "sizing", "staying", "replicas", "surviving", "saving", "own")


@pytest.mark.parametrize("case", [case for name in PLACED for case in cases(f"{name}.yaml")], ids=lambda case: case["name"])
def test_is_placed(case: dict[str, Any]) -> None:
    planned, offered, last = plan(case), offers(case.get("offers", OFFERS)), case.get("last", {})
    placement = place(planned, offered, last=last, machines=case.get("known", {}), moves_percent=case.get("rebalance"))
    assert violations(planned, offered, placement, last) == []
    assert {name: placement.assignments[name] for name in case.get("assignments", {})} == case.get("assignments", {})
    machines = {host.name: host.offer.machine for host in placement.hosts}
    assert machines == case.get("machines", machines)
    assert list(placement.moved) == case.get("moved", [])
    words = {name: [f"{why.host}: {why.words}" for why in placement.reasons[name]] for name in case.get("why", {})}
    assert words == case.get("why", {})
    spot = {host.name: host.spot for host in placement.hosts}
    assert spot == case.get("spot", spot)
    assert placement.gap <= case.get("gap", placement.gap)
    for runnable, counts in case.get("per_host", {}).items():
        where = Counter(placement.assignments[replica.name] for replica in planned.replicas_of(runnable))
        assert sorted(where.values(), reverse=True) == counts


@pytest.mark.parametrize("case", cases("refused.yaml"), ids=lambda case: case["name"])
def test_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        place(plan(case), offers(case.get("offers", OFFERS)), last=case.get("last", {}), machines=case.get("known", {}))
    assert [f"[{problem.code}] {problem}" for problem in refused.value.problems] == case["errors"]
