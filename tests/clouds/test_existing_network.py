"""A network that exists already: hosts, rules and balancers in it, and nothing of it created."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import cloud_plans
import pytest
from golden import Tree, assert_golden, names_only
from simulated import simulate

from provisioner.clouds.discovery import clouds
from provisioner.deploy.prepare import Prepared
from provisioner.errors import InputError, ProvisionerError
from provisioner.sandbox.state import State

PACKAGE = """
namespace: t
web:
  defines: runnable
  containers: {web: {image: "nginx:1.27"}}
  services: {http: {container: web, port: 80, protocol: tcp, host-port: 80}}
ours:
  defines: blueprint
  network: {egress: nat, zones: 2, cidr: 10.30.0.0/16}
b:
  defines: blueprint
  runs: [t/web]
  network: {egress: nat, zones: 2, cidr: 10.30.0.0/16, existing: EXISTING}
  hosts: {app: {count: 2, disk: 30GiB, needs: {cpu: 1, memory: 1GiB}}}
  volumes: {data: {size: 10, hosts: app}}
  balancers: {web: {type: tcp, service: t/web/http}}
"""
NETWORKS = ("vpc:Vpc", "subnet:Subnet", "network:Network", "subnetwork:Subnetwork", "VirtualNetwork", "network:Subnet")
PARTS = ("internetGateway", "natGateway", "NatGateway", "routeTable", "router", "defaultSecurityGroup")


def planned(folder: Path, cloud: str, name: str, existing: str = "{}") -> Prepared:
    return cloud_plans.planned(folder, cloud, PACKAGE.replace("EXISTING", existing), name=name)


def as_it_is_called(cloud: str, world: State) -> Mapping[str, str]:
    """The network that another stack made, in the words of `existing`."""
    made = {one.urn.split("::")[-1].removeprefix("t-ours"): one for one in world.select("1 = 1")}
    if cloud == "aws":
        subnets = {kind: [made[f"-subnet-{kind}-{number}"].id for number in (1, 2)] for kind in ("private", "public")}
        return {"network": made["-vpc"].id, "subnets": listed(subnets["private"]), "public-subnets": listed(subnets["public"])}
    name = made["-network"].outputs["name"]
    if cloud == "gcp":
        return {"network": name, "subnets": listed([made[f"-private-{number}"].outputs["name"] for number in (1, 2)])}
    return {"network": f"{made[''].outputs['name']}/{name}", "subnets": "[private-1]"}


def listed(ids: Sequence[str]) -> str:
    return f"[{', '.join(ids)}]"


def in_it(folder: Path, cloud: str, **changed: str) -> Tree:
    world = State(Path(":memory:"))
    try:
        simulate(planned(folder, cloud, "t/ours"), beside=world)
        words = {**as_it_is_called(cloud, world), **changed}
        inner = ", ".join(f"{key}: {value}" for key, value in words.items())
        return simulate(planned(folder, cloud, "t/b", f"{{{cloud}: {{{inner}}}}}"), beside=world)
    finally:
        world.close()


@pytest.mark.parametrize("cloud", clouds())
def test_nothing_of_the_network_is_created(tmp_path: Path, cloud: str) -> None:
    tree = in_it(tmp_path, cloud)
    tokens = {key.split("::")[0] for key in tree}
    assert not [token for token in tokens for word in (*NETWORKS, *PARTS) if token.endswith(word) or f"/{word}" in token]
    assert_golden(f"{cloud}/existing.yaml", names_only(tree))


def test_a_subnet_of_another_zone_is_refused_on_aws(tmp_path: Path) -> None:
    world = State(Path(":memory:"))
    simulate(planned(tmp_path, "aws", "t/ours"), beside=world)
    words = as_it_is_called("aws", world)
    swapped = listed(words["subnets"].strip("[]").split(", ")[::-1])
    world.close()
    with pytest.raises(ProvisionerError, match="expected a subnet in eu-west-1a, found subnet-"):
        in_it(tmp_path, "aws", subnets=swapped)


def test_a_network_that_is_not_there_is_the_clouds_to_refuse(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="The vpc ID 'vpc-1' does not exist"):
        in_it(tmp_path, "aws", network="vpc-1")


@pytest.mark.parametrize(
    ("cloud", "existing", "says"),
    [
        ("aws", "{gcp: {network: ours, subnets: [a]}}", "no network on aws is named (only on gcp)"),
        ("aws", "{aws: {network: vpc-1}}", "subnets"),
        ("aws", "{aws: {network: vpc-1, subnets: [a, b, c]}}", "expected one subnet, or one for each of eu-west-1a, eu-west-1b"),
        ("aws", "{aws: {network: vpc-1, subnets: [a]}}", "expected a subnet for each zone on AWS, found a for 2"),
        ("aws", "{aws: {network: vpc-1, subnets: [a, b]}}", "expected public-subnets for the balancers on AWS, found none"),
        ("azure", "{azure: {network: ours, subnets: [a]}}", 'expected GROUP/NAME on Azure, found "ours"'),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(tmp_path: Path, cloud: str, existing: str, says: str) -> None:
    with pytest.raises(InputError) as refused:
        planned(tmp_path, cloud, "t/b", existing)
    (problem,) = [problem for problem in refused.value.problems if says in problem.message]
    assert problem.place.line > 0


@pytest.mark.parametrize("cloud", clouds())
def test_its_nat_gateway_is_billed_already(tmp_path: Path, cloud: str) -> None:
    words = {
        "aws": "vpc-1, subnets: [a, b], public-subnets: [c, d]",
        "gcp": "ours, subnets: [a]",
        "azure": "g/ours, subnets: [a]",
    }
    items = planned(tmp_path, cloud, "t/b", f"{{{cloud}: {{network: {words[cloud]}}}}}").estimate.items
    assert not [item for item in items if item.name == "network" and item.item == "gateway"]
    assert not [item for item in items if item.name == "network" and item.kind == "address"]
