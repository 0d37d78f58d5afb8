"""What a host is told of others: tunnels to those that it talks to, names of all, and nothing that grows with the square."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from placed_plan import placement, plan

from provisioner.errors import Problems
from provisioner.host.addresses import NONE, Addresses, allocate
from provisioner.host.bundle import bundles
from provisioner.host.edges import edges
from provisioner.host.model import Bundle
from provisioner.host.scene import Scene
from provisioner.host.traffic import traffic

NAMES = [f"shop/{letter}" for letter in "abcdef"]
HOSTS = [f"app-{number}" for number in range(1, 5)]
PLACED = st.fixed_dictionaries(
    {name: st.tuples(st.sampled_from(HOSTS), st.sets(st.sampled_from(NAMES), max_size=2)) for name in NAMES}
)
"""Name to its host and what it connects to."""


def case(placed: dict[str, tuple[str, set[str]]]) -> dict[str, Any]:
    return {
        "workloads": {
            name: {
                "replica": int(name.split("/")[2]) if name.count("/") == 2 else 1,
                "containers": {"main": {"image": "x"}},
                "services": {"http": {"container": "main", "port": 80}},
                "connections": {f"to-{target[-1]}": {"target": target, "service": "http"} for target in targets},
            }
            for name, (_, targets) in placed.items()
        },
        "runs-on": {name: host for name, (host, _) in placed.items()},
    }


def fleet(hosts: int) -> dict[str, Any]:
    """Replicas of one runnable, each on a host of its own, and two that serve all of them, on hosts of their own."""
    web = {name: (f"app-{number}", {"shop/db", "shop/cache"}) for number, name in enumerate(_replicas(hosts), 3)}
    return case({"shop/db": ("app-1", set()), "shop/cache": ("app-2", set()), **web})


def _replicas(count: int) -> list[str]:
    return ["shop/web", *(f"shop/web/{number}" for number in range(2, count + 1))]


@given(PLACED)
def test_hosts_are_peers_exactly_where_an_edge_is_between_them(placed: dict[str, tuple[str, set[str]]]) -> None:
    made, where = plan(case(placed)), placement(case(placed))
    addresses, talk, problems = allocate(made, where, NONE, Problems()), traffic(made, where), Problems()
    hosts = {address: placed[key.rpartition("/")[0]][0] for key, address in addresses.containers.items()}
    for host in (one.name for one in where.hosts):
        scene = Scene(plan=made, placement=where, addresses=addresses, traffic=talk, host=host, problems=problems)
        ends = {hosts[address] for edge in edges(scene) for address in (edge.source, edge.target)}
        assert talk.peers(host) == ends - {host}


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("app-1", ["main.db", "main.cache", "main.web"]),
        ("app-3", ["main.db", "main.cache", "main.web"]),
        ("app-5", ["main.db", "main.cache", "main.web main.3.web"]),
    ],
)
def test_every_runnable_has_its_names_on_every_host(host: str, known: list[str]) -> None:
    """Those of one that nothing here connects to lead to its first replica; a replica's own host knows it."""
    lines = _files(fleet(3), "/etc/provisioner/names.hosts")[host].replace(".shop.internal", "").splitlines()
    names = [[name for name in line.split() if name.startswith("main.")] for line in lines]
    assert [" ".join(each) for each in names] == known


def test_who_connects_to_a_runnable_knows_all_its_replicas() -> None:
    placed = {"shop/web": ("app-1", {"shop/api"}), "shop/api": ("app-2", set[str]()), "shop/api/2": ("app-3", set[str]())}
    lines = _files(case(placed), "/etc/provisioner/names.hosts")["app-1"].splitlines()
    assert [line.split()[0] for line in lines if "main.api.shop.internal" in line.split()] == ["10.210.2.2", "10.210.3.2"]


def test_bundles_grow_with_connections_not_with_the_square_of_the_hosts() -> None:
    small, large = (sum(len(text) for text in _texts(fleet(hosts))) for hosts in (20, 40))
    assert large < 2.1 * small


def test_a_replica_more_elsewhere_changes_no_bundle_but_those_it_talks_to() -> None:
    addresses = allocate(plan(fleet(20)), placement(fleet(20)), NONE, Problems())
    before, after = ({made.host: made.digest for made in _bundles(fleet(hosts), last=addresses)} for hosts in (20, 21))
    assert {host for host in before if before[host] != after[host]} == {"app-1", "app-2"}


def _bundles(case: dict[str, Any], last: Addresses = NONE) -> tuple[Bundle, ...]:
    return bundles(plan(case), placement(case), last=last)


def _files(case: dict[str, Any], path: str) -> dict[str, str]:
    return {made.host: next(file.contents for file in made.files if file.path == path) for made in _bundles(case)}


def _texts(case: dict[str, Any]) -> list[str]:
    made = _bundles(case)
    return [text for one in made for text in (*(unit.text for unit in one.units), *(file.contents for file in one.files))]
