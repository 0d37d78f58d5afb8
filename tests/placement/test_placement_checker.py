"""The checker finds what is wrong: each damage to a right placement is told in words."""

from dataclasses import replace

import pytest
from checker import violations
from tables import offers, plan

from provisioner.placement import place
from provisioner.placement.model import PlacedHost, Placement
from provisioner.units import Money

OFFERS = offers()
PLAN = plan(
    {
        "groups": {"app": {"machine": "medium", "count": 2}, "data": {"machine": "medium", "tags": ["data"]}},
        "volumes": {"pgdata": "data-1"},
        "workloads": {"web": {"ports": [80]}, "rival": {"ports": [80]}, "db": {"volumes": ["pgdata"]}, "cache": {"tag": "data"}},
    }
)
PLACEMENT = place(PLAN, OFFERS)


def moved(workload: str, host: str) -> Placement:
    """The placement with a workload taken to another host, told consistently."""
    assignments = {**PLACEMENT.assignments, workload: host}
    hosts = [
        replace(one, workloads=tuple(name for name in assignments if assignments[name] == one.name)) for one in PLACEMENT.hosts
    ]
    return replace(PLACEMENT, hosts=tuple(hosts), assignments=assignments)


def on_machine(machine: str) -> Placement:
    offer = next(offer for offer in OFFERS if offer.machine == machine)
    return replace(PLACEMENT, hosts=tuple(replace(host, offer=offer) for host in PLACEMENT.hosts))


def with_host(changed: PlacedHost) -> Placement:
    return replace(PLACEMENT, hosts=(changed, *PLACEMENT.hosts[1:]))


DAMAGES = {
    "db is away from volume pgdata": moved("db", "app-1"),
    "cache is on a host without its tag": moved("cache", "app-1"),
    "app-2 has a port twice": moved("rival", PLACEMENT.assignments["web"]),
    "data-1 gives 1000 of 900 millicpu": on_machine("micro"),
    "app-1 has machine micro": on_machine("micro"),
    "app-1 is in b": with_host(replace(PLACEMENT.hosts[0], zone="b")),
    "app-1 tells a wrong rest": with_host(replace(PLACEMENT.hosts[0], free_millicpu=1)),
    "group app has hosts [2]": replace(PLACEMENT, hosts=PLACEMENT.hosts[1:]),
    "hosts and assignments disagree": with_host(replace(PLACEMENT.hosts[0], workloads=())),
    "it says that ('web',) moved, and [] did": replace(PLACEMENT, moved=("web",)),
    "it costs less than what is proven least": replace(PLACEMENT, bound=Money.parse(9)),
    "web is not explained for every host": replace(PLACEMENT, reasons={}),
}


def test_the_placement_is_right() -> None:
    assert violations(PLAN, OFFERS, PLACEMENT, {}) == []


@pytest.mark.parametrize("words", DAMAGES)
def test_damage_is_found(words: str) -> None:
    assert words in violations(PLAN, OFFERS, DAMAGES[words], {})


APART = plan(
    {
        "groups": {"app": {"machine": "medium", "count": 4, "spot": True, "on_demand": 50}},
        "workloads": {
            "web": {"replicas": 4, "needs": [300, 300], "max_per_host": 1, "together": ["side"]},
            "side": {"replicas": 4, "needs": [300, 300], "together": ["web"], "max_per_host": 2},
            "db": {"spot": False, "needs": [300, 300]},
        },
        "survive_loss": "host",
    }
)
SPREAD = place(APART, OFFERS)


def swapped(placement: Placement, **hosts: str) -> Placement:
    assignments = {**placement.assignments, **{name.replace("_", "/"): host for name, host in hosts.items()}}
    changed = [
        replace(one, workloads=tuple(name for name in assignments if assignments[name] == one.name)) for one in placement.hosts
    ]
    return replace(placement, assignments=assignments, hosts=tuple(changed))


def on_spot(host: PlacedHost) -> PlacedHost:
    return replace(host, spot=True)


def without_first_move(placement: Placement) -> Placement:
    assert placement.survival is not None
    first, *others = placement.survival.losses
    survival = replace(placement.survival, losses=(replace(first, moves=dict([*first.moves.items()][1:])), *others))
    return replace(placement, survival=survival)


SPREAD_DAMAGES = {
    f"{SPREAD.assignments['web']} has 2 of web": swapped(SPREAD, web=SPREAD.assignments["web"], web_2=SPREAD.assignments["web"]),
    "web is away from side": swapped(SPREAD, side="app-1" if SPREAD.assignments["web"] != "app-1" else "app-2"),
    "db is on a spot host": swapped(SPREAD, db=next(host.name for host in SPREAD.hosts if host.spot)),
    "group app has 0 of 4 hosts on demand": replace(SPREAD, hosts=tuple(on_spot(host) for host in SPREAD.hosts)),
    f"losing {SPREAD.hosts[0].name} is told wrongly": without_first_move(SPREAD),
    "it does not prove what it survives": replace(SPREAD, survival=None),
}


def test_the_spread_placement_is_right() -> None:
    assert violations(APART, OFFERS, SPREAD, {}) == []


@pytest.mark.parametrize("words", SPREAD_DAMAGES)
def test_damage_to_a_spread_placement_is_found(words: str) -> None:
    assert words in violations(APART, OFFERS, SPREAD_DAMAGES[words], {})
