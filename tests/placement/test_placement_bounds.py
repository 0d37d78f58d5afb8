"""The bound is never above the optimum, which is found by trying every set of hosts with every way to fill it."""

from dataclasses import replace
from itertools import combinations_with_replacement, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import offers, plan

from provisioner.placement.bounds import bound
from provisioner.placement.requests import Request, gather
from provisioner.placement.reserve import capacity
from provisioner.placement.size import candidates
from provisioner.placement.solve import place
from provisioner.plan.model import Plan
from provisioner.prices.offers import Offer
from provisioner.units import Money

OFFERS = offers("""
    small   2000   2048  0.020  spot=0.006
    medium  2000   4096  0.040  spot=0.012
    xlarge  4000  16384  0.160  spot=0.100
""")
Hosts = tuple[tuple[Offer, bool], ...]
"""Machines, and whether the cloud may take each back."""

sizes: st.SearchStrategy[Any] = st.tuples(st.sampled_from([250, 900, 1200, 1900]), st.sampled_from([256, 1200, 3000]))
wishes: dict[str, st.SearchStrategy[Any]] = {
    "ports": st.sampled_from([[80], [80, 443], [443]]),
    "name": st.sampled_from(["app-1", "app-2"]),
}
needs: dict[str, st.SearchStrategy[Any]] = {"needs": sizes}
workloads = st.dictionaries(st.sampled_from("abcde"), st.fixed_dictionaries(needs, optional=wishes), min_size=1, max_size=5)
terms = st.sampled_from([{}, {"spot": True}, {"spot": True, "on_demand": 50}, {"spot": True, "on_demand": 100}])
losses = st.sampled_from([None, "host", "zone"])


@settings(max_examples=60, deadline=None)
@given(workloads, terms, losses)
def test_nothing_costs_less_than_the_bound(workloads: dict[str, Any], terms: dict[str, Any], loss: str | None) -> None:
    planned = plan({"groups": {"app": {"count": [0, 9], **terms}}, "workloads": workloads, "survive_loss": loss})
    best = least(planned)
    assert best is None or bound(planned, candidates(planned, OFFERS), gather(planned)).nano <= best


@pytest.mark.parametrize(
    ("workloads", "terms", "loss"),
    [
        ({name: {"needs": [250, 256], "ports": [80]} for name in "abcd"}, {}, None),
        ({name: {"needs": [250, 256], "ports": ports} for name, ports in (("a", [80]), ("b", [80, 443]), ("c", [80]))}, {}, None),
        ({name: {"needs": [900, 1200], "name": "app-1"} for name in "abc"}, {}, None),
        ({name: {"needs": [1900, 256]} for name in "abcd"}, {"spot": True, "on_demand": 50}, None),
        ({name: {"needs": [1900, 256]} for name in "ab"}, {}, "host"),
        ({name: {"needs": [1900, 256]} for name in "abc"}, {}, "zone"),
    ],
    ids=["a port", "ports in common", "one host", "on demand", "a host lost", "a zone lost"],
)
def test_what_makes_hosts_dearer_is_known(workloads: dict[str, Any], terms: dict[str, Any], loss: str | None) -> None:
    planned = plan({"groups": {"app": {"count": [0, 9], **terms}}, "workloads": workloads, "survive_loss": loss})
    assert bound(planned, candidates(planned, OFFERS), gather(planned)).nano == least(planned)


def least(planned: Plan) -> int | None:
    """Nano-USD an hour of the cheapest hosts that hold everything, after every loss too; None where there are none."""
    requests, group = gather(planned), planned.groups[0]
    if planned.survive and any(request.host for request in requests):
        return None  # what is tied to a host is lost with it
    kinds = [(offer, spot) for offer in OFFERS for spot in ({True, False} if group.on_demand_percent else {group.spot})]
    sets = (hosts for count in range(1, 7) for hosts in combinations_with_replacement(kinds, count))
    priced = sorted(
        ((_cost(hosts), hosts) for hosts in sets if _keeps_share(hosts, group.on_demand_percent)), key=lambda one: one[0]
    )
    return next((cost for cost, hosts in priced if _stands([offer for offer, _ in hosts], requests, planned.survive)), None)


def _cost(hosts: Hosts) -> int:
    return sum((offer.spot if spot and offer.spot else offer.hourly).nano for offer, spot in hosts)


def _keeps_share(hosts: Hosts, percent: int) -> bool:
    return sum(not spot for _, spot in hosts) * 100 >= percent * len(hosts) or not percent


def _stands(machines: list[Offer], requests: tuple[Request, ...], loss: str | None) -> bool:
    if loss == "host":
        remaining = [machines[:lost] + machines[lost + 1 :] for lost in range(len(machines))]
        return all(_hold(rest, requests) for rest in remaining)
    if loss == "zone":
        zoned = (list(zip(machines, zones, strict=True)) for zones in product("ab", repeat=len(machines)))
        return any(all(_hold([one for one, at in hosts if at != lost], requests) for lost in "ab") for hosts in zoned)
    return _hold(machines, requests)


def _hold(machines: list[Offer], requests: tuple[Request, ...]) -> bool:
    """Whether everything fits, tried host by host for each request in turn."""

    def place(rest: tuple[Request, ...], held: tuple[tuple[Request, ...], ...]) -> bool:
        if not rest:
            return True
        changed = (
            (*held[:host], (*held[host], rest[0]), *held[host + 1 :])
            for host in range(len(held))
            if _fit([*held[host], rest[0]], machines[host])
        )
        return any(_names_apart(after) and place(rest[1:], after) for after in changed)

    return place(requests, ((),) * len(machines))


def _fit(held: list[Request], machine: Offer) -> bool:
    room = capacity(machine)
    ports = [port.host for request in held for port in request.ports]
    enough = sum(one.needs.millicpu for one in held) <= room.millicpu
    enough = enough and sum(one.needs.memory_mib for one in held) <= room.memory_mib
    return enough and len(ports) == len(set(ports)) and len({one.host for one in held if one.host}) <= 1


def _names_apart(held: tuple[tuple[Request, ...], ...]) -> bool:
    names = [name for part in held for name in {request.host for request in part if request.host}]
    return len(names) == len(set(names))


def test_a_bound_is_proven_anew_where_something_that_it_follows_from_changed() -> None:
    """What the last placement says of something else is not believed."""
    workloads = {name: {"needs": [900, 1200]} for name in "abc"}
    planned, more = (
        plan({"groups": {"app": {"count": [0, 9]}}, "workloads": each}) for each in (workloads, {**workloads, "d": {}})
    )
    dearer = [replace(offer, hourly=offer.hourly.times(2)) for offer in OFFERS]
    first = place(planned, OFFERS)
    stated = dict.fromkeys(first.proven, Money(1))
    assert place(planned, OFFERS, proven=stated).bound == Money(1)
    assert place(planned, dearer, proven=stated).bound == first.bound.times(2)
    assert place(more, OFFERS, proven=stated).bound == place(more, OFFERS).bound > Money(1)
