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
