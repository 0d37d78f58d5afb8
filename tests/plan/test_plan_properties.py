"""What holds for every input: subnets never overlap or move, ports never collide, nonsense never gets through."""

from contextlib import suppress
from dataclasses import replace
from ipaddress import IPv4Network
from itertools import combinations
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written import TARGET, cases, resolved

from provisioner.errors import InputError, Place, Problems
from provisioner.plan.build import build
from provisioner.plan.digest import canonical, digest
from provisioner.plan.subnets import MOST_ZONES, NARROWEST, WIDEST, allocate
from provisioner.resolve.model import Blueprint, Field, Later, Parts, Resolved, Runnable, SecretRef

prefixes = st.integers(WIDEST, NARROWEST)
ranges = st.tuples(st.integers(0, 2**16 - 1), prefixes).map(lambda drawn: str(IPv4Network((drawn[0] << 32 - drawn[1], drawn[1]))))
zones = st.integers(1, MOST_ZONES).map(lambda count: [f"zone-{number}" for number in range(count)])


@given(ranges, zones)
def test_subnets_are_disjoint_and_within_the_network(cidr: str, names: list[str]) -> None:
    subnets = allocate(cidr, names)
    networks = [IPv4Network(subnet.cidr) for subnet in subnets]
    assert all(network.subnet_of(IPv4Network(cidr)) and network.prefixlen <= 28 for network in networks)
    assert not any(one.overlaps(other) for one, other in combinations(networks, 2))
    assert {(subnet.zone, subnet.public) for subnet in subnets} == {(zone, public) for zone in names for public in (True, False)}


@given(ranges, zones)
def test_a_zone_more_moves_no_subnet(cidr: str, names: list[str]) -> None:
    assert allocate(cidr, names)[: 2 * len(names) - 2] == allocate(cidr, names[:-1])


@given(ranges)
def test_private_subnets_are_larger(cidr: str) -> None:
    public, private = allocate(cidr, ["zone"])
    assert IPv4Network(private.cidr).num_addresses == 2 * IPv4Network(public.cidr).num_addresses


@given(st.lists(st.sampled_from("abcdefghijklmnop"), min_size=1, max_size=16, unique=True), st.integers(20000, 20100))
def test_balanced_services_get_ports_of_their_own(names: list[str], taken: int) -> None:
    plan = build(balanced(names, taken), TARGET, problems=Problems())
    ports = [balancer.backend_port for balancer in plan.balancers]
    assert len({*ports, taken}) == len(ports) + 1
    assert all(20000 <= port < 30000 for port in ports)


def test_a_balancer_more_moves_no_port() -> None:
    before = build(balanced(["web", "zoo"], 80), TARGET, problems=Problems())
    after = build(balanced(["api", "web", "zoo"], 80), TARGET, problems=Problems())
    ports = {balancer.name: balancer.backend_port for balancer in after.balancers}
    assert {balancer.name: balancer.backend_port for balancer in before.balancers}.items() <= ports.items()


unknown = [Parts(("x", SecretRef(name="s"))), Parts((Later(operator="o"),))]
words = st.sampled_from(["app", "data-1", "4GiB", "10.0.0.0/16", "shop/web/http", "nat", "tcp", *unknown])
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | words
KEYS = [
    "network",
    "cidr",
    "zones",
    "egress",
    "access",
    "ssh-from",
    "hosts",
    "app",
    "count",
    "min",
    "max",
    "needs",
    "cpu",
    "memory",
    "gpu",
    "arch",
    "machine",
    "aws",
    "disk",
    "spot",
    "tag",
    "volumes",
    "kind",
    "size",
    "host",
    "path",
    "backup",
    "every",
    "rotation-days",
    "buckets",
    "versioned",
    "expire-days",
    "addresses",
    "balancers",
    "type",
    "service",
    "port",
    "address",
    "domain",
    "health-check",
    "url",
    "interval",
    "records",
    "zone",
    "values",
    "ttl",
    "secrets",
    "generate",
    "budget",
    "monthly",
    "hard",
    "clouds",
]
trees = st.recursive(
    scalars.map(lambda value: Field(value=value)),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda value: Field(value=value))
        | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6).map(lambda value: Field(value=value))
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), trees, max_size=8))
def test_nonsense_is_planned_or_refused(sections: dict[str, Field]) -> None:
    runnable: Runnable = resolved({"runnables": {"shop/web": {"services": {"http": {"port": 80}}}}}).runnables[0]
    blueprint = Blueprint(name="shop/platform", sections=sections)
    nonsense = Resolved(name="shop/platform", kind="blueprint", blueprint=blueprint, runnables=(runnable,))
    with suppress(InputError):
        assert build(nonsense, TARGET, problems=Problems()).digest


def test_digest_knows_values_and_no_places() -> None:
    case = cases("blueprints.yaml")[0]
    plan = build(resolved(case), TARGET, problems=Problems())
    moved = build(resolved({**case, "fields": shifted(case["fields"])}), TARGET, problems=Problems())
    assert moved != plan
    assert moved.digest == plan.digest
    assert digest(replace(plan, name="shop/other")) != digest(plan)
    assert digest(replace(plan, volumes=(replace(plan.volumes[0], size_gib=51),))) != digest(plan)


def test_digest_of_mappings_does_not_depend_on_their_order() -> None:
    assert digest({"a": 1, "b": frozenset({"x", "y"})}) == digest({"b": frozenset({"y", "x"}), "a": 1})


def test_canonical_refuses_what_json_cannot_hold() -> None:
    with pytest.raises(TypeError, match="no canonical JSON for object"):
        canonical({"thing": object()})


def balanced(names: list[str], taken: int) -> Resolved:
    """Each name is a runnable whose service a balancer of that name leads to; one more runnable takes a port."""
    runnables: dict[str, Any] = {f"shop/{name}": {"services": {"http": {"port": 80}}} for name in names}
    runnables["shop/other"] = {"containers": {"main": {"ports": [{"container": 80, "host": taken}]}}}
    balancers = {name: Field(value={"type": Field(value="tcp"), "service": Field(value=f"shop/{name}/http")}) for name in names}
    hosts = Field(value={"app": Field(value={"count": Field(value=1)})})
    sections = {"hosts": hosts, "balancers": Field(value=balancers)}
    blueprint = Blueprint(name="shop/platform", sections=sections)
    return replace(resolved({"runnables": runnables}), blueprint=blueprint)


def shifted(tree: Field) -> Field:
    """The same tree, written ten lines further down."""
    place = tree.place._replace(line=tree.place.line + 10) if tree.place.line else Place(line=1)
    value = tree.value
    if isinstance(value, dict):
        value = {key: shifted(part) for key, part in cast("dict[str, Field]", value).items()}
    elif isinstance(value, list):
        value = [shifted(part) for part in cast("list[Field]", value)]
    return Field(value=value, place=place)
