"""What holds for every plan: the checker finds nothing, order decides nothing, and what can stay stays."""

from dataclasses import replace
from random import Random
from typing import Any

from checker import violations
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import offers, plan

from provisioner.errors import InputError
from provisioner.placement import place
from provisioner.placement.model import Placement
from provisioner.plan.model import Plan

OFFERS = offers()

counts = st.integers(2, 4) | st.tuples(st.integers(0, 2), st.integers(5, 9)).map(list)
machines = st.sampled_from([{"machine": "medium"}, {"machine": "xlarge"}, {"machine": "arm"}, {"needs": [2000, 4096]}, {}])
terms = st.sampled_from([{}, {}, {"headroom": 20}, {"spot": True}, {"spot": True, "on_demand": 40}])
tags = st.lists(st.sampled_from(["app", "data"]), max_size=2, unique=True)
groups = st.dictionaries(
    st.sampled_from(["app", "data", "edge"]),
    st.tuples(counts, machines, tags, terms).map(
        lambda drawn: {"count": drawn[0], "tags": drawn[2], **drawn[1], **(drawn[3] if drawn[1].get("machine") != "arm" else {})}
    ),
    min_size=1,
)
always = st.sampled_from([True])
wishes: dict[str, st.SearchStrategy[Any]] = {
    "tag": st.sampled_from(["app", "data"]),
    "name": st.sampled_from(["app-1", "data-2"]),
    "resident": always,
    "ignore_pressure": always,
    "ports": st.sampled_from([[80], [80, 443], [443]]),
    "arch": st.sampled_from(["amd64", "arm64"]),
    "volumes": st.sampled_from([["one"], ["two"]]),
    "replicas": st.sampled_from([2, 2, 3, 5]),
    "spot": st.sampled_from([False]),
}
needs: dict[str, st.SearchStrategy[Any]] = {
    "needs": st.tuples(st.sampled_from([50, 250, 500, 1000, 1900]), st.sampled_from([64, 256, 900, 2048, 3635]))
}
workloads = st.dictionaries(st.sampled_from("abcdefghij"), st.fixed_dictionaries(needs, optional=wishes), max_size=10)
volumes = st.fixed_dictionaries({}, optional={"one": st.just("app-1"), "two": st.sampled_from(["data-1", "data-2", "edge-2"])})


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Plans as `plan/` lets them through: only volumes, names and tags that are there, and none at odds with another."""
    case: dict[str, Any] = {"groups": draw(groups), "workloads": draw(workloads), "volumes": draw(volumes)}
    case["zones"] = draw(st.sampled_from([["a"], ["a", "b"], ["a", "b", "c"]]))
    hosts = {host for name, group in case["groups"].items() for host in _hosts(name, group)}
    known = {tag for group in case["groups"].values() for tag in group["tags"]}
    case["volumes"] = {name: host for name, host in case["volumes"].items() if host in hosts}
    for workload in case["workloads"].values():
        workload["volumes"] = [name for name in workload.get("volumes", []) if name in case["volumes"]]
        if workload["volumes"] or workload.get("name") not in hosts:
            workload.pop("name", None)
        if workload["volumes"] or workload.get("tag") not in known:
            workload.pop("tag", None)
        if workload["volumes"] or "name" in workload:
            workload.pop("replicas", None)
    _give_company(case["workloads"], draw(st.integers(0, 3)))
    return case


def _give_company(workloads: dict[str, dict[str, Any]], every: int) -> None:
    """Two neighbours share a host: with the same replicas, name and tag, as the plan makes them."""
    names = sorted(workloads)
    for one, other in zip(names[:: every + 2], names[1 :: every + 2], strict=False):
        first, second = workloads[one], workloads[other]
        if every and not first["volumes"] and not second["volumes"] and first.get("arch") == second.get("arch"):
            for key in ("replicas", "name", "tag"):
                second.pop(key, None)
                second |= {key: first[key]} if key in first else {}
            second.pop("ports", None)
            first["together"], second["together"] = [other], [one]


@settings(max_examples=60, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_every_placement_is_right_and_order_decides_nothing(case: dict[str, Any], random: Random) -> None:
    planned = plan(case)
    placement = placed_or_refused(planned)
    if placement is None:
        return
    assert violations(planned, OFFERS, placement, {}) == []
    shuffled = replace(planned, workloads=tuple(random.sample(planned.workloads, len(planned.workloads))))
    again = place(shuffled, random.sample(OFFERS, len(OFFERS)))
    assert again.assignments == placement.assignments
    assert [(host.name, host.offer) for host in again.hosts] == [(host.name, host.offer) for host in placement.hosts]
    assert again.reasons == placement.reasons


@settings(max_examples=60, deadline=None)
@given(cases())
def test_unchanged_input_moves_nothing(case: dict[str, Any]) -> None:
    planned = plan(case)
    first = placed_or_refused(planned)
    if first is not None:
        second = place(planned, OFFERS, last=first.assignments)
        assert violations(planned, OFFERS, second, first.assignments) == []
        assert second.assignments == first.assignments
        assert second.moved == ()


@settings(max_examples=40, deadline=None)
@given(cases(), st.integers(0, 9))
def test_a_removed_workload_moves_no_other(case: dict[str, Any], index: int) -> None:
    names = sorted(case["workloads"])
    first = placed_or_refused(plan(case))
    if first is not None and names:
        removed = names[index % len(names)]
        for other in case["workloads"].pop(removed).get("together", ()):
            del case["workloads"][other]["together"]
        planned = plan(case)
        second = place(planned, OFFERS, last=first.assignments)
        assert violations(planned, OFFERS, second, first.assignments) == []
        assert second.moved == ()


last_placements = st.dictionaries(
    st.sampled_from("abcdefghij"), st.sampled_from(["app-1", "app-2", "data-9", "edge-1", "gone-1"])
)


@settings(max_examples=40, deadline=None)
@given(cases(), last_placements)
def test_any_last_placement_gives_a_right_one(case: dict[str, Any], last: dict[str, str]) -> None:
    planned = plan(case)
    placement = placed_or_refused(planned, last)
    assert placement is None or violations(planned, OFFERS, placement, last) == []


@settings(max_examples=30, deadline=None)
@given(cases(), st.integers(0, 100))
def test_moves_keep_to_the_budget(case: dict[str, Any], share: int) -> None:
    planned = plan(case)
    first = placed_or_refused(planned)
    if first is None:
        return
    machines = {host.name: "xlarge" for host in first.hosts}
    before = place(planned, OFFERS, last=first.assignments, machines=machines)
    after = place(planned, OFFERS, last=first.assignments, machines=machines, moves_percent=share)
    assert violations(planned, OFFERS, after, first.assignments) == []
    assert len(after.moved) <= len(planned.workloads) * share // 100
    assert after.cost <= before.cost
    assert not any(workload.volumes for workload in planned.workloads if workload.name in after.moved)


@settings(max_examples=30, deadline=None)
@given(cases(), st.sampled_from(["host", "zone"]))
def test_what_is_to_survive_is_proven_or_refused(case: dict[str, Any], level: str) -> None:
    planned = plan(case | {"survive_loss": level})
    try:
        placement = place(planned, OFFERS)
    except InputError as refused:
        assert all(problem.code in ("not-survived", "unplaceable", "no-machine") for problem in refused.problems)  # noqa: PT017 - both ways are right
        return
    assert violations(planned, OFFERS, placement, {}) == []
    again = place(
        planned, OFFERS, last=placement.assignments, machines={host.name: host.offer.machine for host in placement.hosts}
    )
    assert again.moved == ()
    assert again.cost <= placement.cost


@settings(max_examples=40, deadline=None)
@given(cases(), st.integers(1, 20))
def test_a_machine_type_more_never_costs_more(case: dict[str, Any], cents: int) -> None:
    first = placed_or_refused(plan(case))
    more = (*OFFERS, *offers(f"more 3000 6144 {cents / 100}"))
    if first is not None and all(group.get("machine") or group.get("needs") for group in case["groups"].values()):
        second = place(plan(case), more)
        assert sum(host.hourly.nano for host in second.hosts) <= sum(host.hourly.nano for host in first.hosts)


def test_most_drawn_plans_can_be_placed() -> None:
    """Otherwise the properties above would say little."""
    placed: list[bool] = []

    @settings(max_examples=60, deadline=None, database=None, derandomize=True)
    @given(cases())
    def draw(case: dict[str, Any]) -> None:
        placed.append(placed_or_refused(plan(case)) is not None)

    draw()
    assert sum(placed) > len(placed) / 3


def placed_or_refused(planned: Plan, last: dict[str, str] | None = None) -> Placement | None:
    """None where the plan is refused, with words and a way out for each workload that has no place."""
    try:
        return place(planned, OFFERS, last=last or {})
    except InputError as refused:
        names = {workload.runnable for workload in planned.workloads}
        assert all(problem.place.path in names and problem.hint for problem in refused.problems)  # noqa: PT017 - both ways are right
        return None


def _hosts(name: str, group: dict[str, Any]) -> list[str]:
    most = group["count"] if isinstance(group["count"], int) else group["count"][1]
    return [f"{name}-{number}" for number in range(1, most + 1)]
