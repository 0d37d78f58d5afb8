"""Bundles go out in the order in which workloads wait for each other."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from provisioner.deploy.order import host_order
from provisioner.placement.model import PlacedHost, Placement
from provisioner.plan.model import Network, Plan, Target, Workload
from provisioner.prices.offers import Offer
from provisioner.resolve.model import Depends, Needs
from provisioner.units import Money

OFFER = Offer(
    cloud="aws",
    region="eu-west-1",
    machine="t3.medium",
    millicpu=2000,
    memory_mib=4096,
    arch="amd64",
    gpu=0,
    hourly=Money(1),
    spot=None,
    source="test",
    date="2026-01-01",
)


def order(
    depends: Mapping[str, tuple[str, ...]], hosts: Mapping[str, str], zones: Mapping[str, str] | None = None
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Workloads by name, `web/2` for a replica, with what they wait for; the host of each; the zones of hosts."""
    workloads = tuple(
        Workload(name=name, containers=(), needs=Needs(), depends=Depends(runnables=others), replica=_number(name))
        for name, others in depends.items()
    )
    plan = Plan(
        name="shop/platform",
        target=Target(cloud="aws", region="eu-west-1", zones=("eu-west-1a",)),
        network=Network(cidr="10.0.0.0/16", subnets=(), egress="nat"),
        groups=(),
        workloads=workloads,
    )
    placed = tuple(
        PlacedHost(
            name=name,
            group="app",
            zone=(zones or {}).get(name, "eu-west-1a"),
            offer=OFFER,
            spot=False,
            tags=(),
            workloads=(),
            free_millicpu=0,
            free_memory_mib=0,
        )
        for name in sorted(set(hosts.values()))
    )
    return host_order(plan, Placement(hosts=placed, assignments=hosts))


def _number(name: str) -> int:
    return int(name.partition("/")[2] or 1)


def test_a_host_waits_for_the_hosts_of_what_its_workloads_wait_for() -> None:
    found = order({"web": ("db",), "db": (), "log": ()}, {"web": "app-1", "db": "data-1", "log": "app-2"})
    assert found == (("app-2", ()), ("data-1", ()), ("app-1", ("data-1",)))


def test_hosts_that_wait_for_each_other_are_brought_up_together() -> None:
    depends = {"web": ("db",), "db": (), "report": ("web",), "edge": ("web",)}
    found = dict(order(depends, {"web": "a", "db": "b", "report": "b", "edge": "c"}))
    assert found == {"a": (), "b": (), "c": ("a",)}


REPLICAS = {"web": (), "web/2": (), "web/3": (), "log": ()}
PLACED = {"web": "a", "web/2": "b", "web/3": "c", "log": "d"}


def test_replicas_are_updated_one_host_after_the_other() -> None:
    assert dict(order(REPLICAS, PLACED)) == {"a": (), "b": ("a",), "c": ("b",), "d": ()}


def test_replicas_in_several_zones_are_updated_one_zone_after_the_other() -> None:
    found = dict(order(REPLICAS, PLACED, {"a": "z1", "b": "z2", "c": "z1"}))
    assert found == {"a": (), "b": ("a", "c"), "c": (), "d": ()}


def test_what_waits_for_a_replica_never_makes_a_circle() -> None:
    found = dict(order({**REPLICAS, "first": ("web",), "last": ()}, {**PLACED, "first": "a"} | {"last": "a"}))
    assert found == {"a": ("b", "c"), "b": (), "c": ("b",), "d": ()}


@given(st.lists(st.tuples(st.integers(0, 4), st.lists(st.integers(0, 11), max_size=3)), min_size=1, max_size=12))
def test_every_host_comes_once_and_after_those_it_waits_for(workloads: list[tuple[int, list[int]]]) -> None:
    names = [f"w{n}" if n % 3 else f"r/{n + 1}" for n in range(len(workloads))]
    depends = {names[n]: tuple(names[other] for other in others if other < n) for n, (_, others) in enumerate(workloads)}
    hosts = {names[n]: f"h{host}" for n, (host, _) in enumerate(workloads)}
    found = order(depends, hosts, {f"h{host}": f"z{host % 2}" for host in range(5)})
    seen: set[str] = set()
    for host, waits_for in found:
        assert set(waits_for) <= seen
        seen.add(host)
    assert seen == set(hosts.values())
    assert len(found) == len(seen)
