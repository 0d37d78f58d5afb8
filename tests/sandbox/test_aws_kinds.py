"""Simulated AWS: what it refuses (cases), and what it answers."""

import re
from collections.abc import Generator, Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.sandbox import checking, lifecycle
from provisioner.sandbox.aws import images
from provisioner.sandbox.kinds import UNKNOWN, CloudRefusal
from provisioner.sandbox.lifecycle import Subject
from provisioner.sandbox.naming import Naming
from provisioner.sandbox.registry import load_catalogs
from provisioner.sandbox.schema import Schema
from provisioner.sandbox.state import Resource, State
from provisioner.sandbox.world import StateWorld

CASES = yaml.safe_load((Path(__file__).parent.parent / "cases" / "sandbox" / "aws.yaml").read_text())
CATALOG = load_catalogs()["aws"]
CONFIG = {"region": "eu-west-1"}
DIGEST = "0" * 64
IMAGES = {f"debian-{arch}": image.id for arch, image in (("amd64", next(images.images("eu-west-1"))),)}

ONE_OF = {
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {"gatewayId"},
    "aws:secretsmanager/secret:Secret": {"namePrefix"},
    "aws:secretsmanager/secretVersion:SecretVersion": {"secretBinary", "secretStringWo"},
}
"""Properties that exclude another one of their type."""


class Cloud:
    """A simulated AWS in one file, used without the engine."""

    def __init__(self, path: Path) -> None:
        self.state = State(path)
        self.made: dict[str, Resource] = {}

    def create(self, name: str, token: str, inputs: Mapping[str, Any]) -> Resource:
        subject = Subject(package="aws", urn=f"urn:pulumi:dev::tests::{token}::{name}", config=CONFIG)
        kind = CATALOG.kind(token)
        with self.state.transaction():
            call = lifecycle.call(subject, self.filled(inputs), DIGEST, StateWorld(self.state))
            checked = checking.check(kind, Schema(CATALOG.schemas), call, {}, bytes(range(16)), Naming())
            if checked.failures:
                raise CloudRefusal("\n".join(f"{failure.property}: {failure.reason}" for failure in checked.failures))
            self.made[name] = lifecycle.create(self.state, kind, subject, checked.inputs)
        return self.made[name]

    def update(self, name: str, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        """The outputs of a resource after a change in place."""
        made = self.made[name]
        subject, kind = Subject(package="aws", urn=made.urn, config=CONFIG), CATALOG.kind(made.token)
        with self.state.transaction():
            self.made[name] = lifecycle.update(self.state, kind, subject, made.id, {**made.inputs, **changes})
        return self.made[name].outputs

    def delete(self, name: str) -> None:
        made = self.made[name]
        with self.state.transaction():
            lifecycle.delete(self.state, CATALOG.kind(made.token), Subject(package="aws", urn=made.urn, config=CONFIG), made.id)

    def filled(self, value: Any) -> Any:
        """The value with `${name}` and the images' words replaced."""
        if isinstance(value, Mapping):
            return {key: self.filled(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
        if isinstance(value, list):
            return [self.filled(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
        if not isinstance(value, str):
            return value
        return IMAGES.get(value) or re.sub(r"\$\{(\w+)\}", lambda match: self.made[match[1]].id, value)


@pytest.fixture
def empty(tmp_path: Path) -> Generator[Cloud, None, None]:
    cloud = Cloud(tmp_path / "sandbox.db")
    yield cloud
    cloud.state.close()


@pytest.fixture
def cloud(empty: Cloud) -> Cloud:
    for name, resource in CASES["base"].items():
        empty.create(name, resource["type"], resource["inputs"])
    return empty


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_refusals(cloud: Cloud, case: Mapping[str, Any]) -> None:
    for name, resource in case.get("also", {}).items():
        cloud.create(name, resource["type"], resource["inputs"])
    before = [resource.id for resource in cloud.state.select("TRUE")]
    with pytest.raises(CloudRefusal) as caught:
        attempt(cloud, case)
    assert cloud.filled(case["refused"]) in str(caught.value)
    assert [resource.id for resource in cloud.state.select("TRUE")] == before


def attempt(cloud: Cloud, case: Mapping[str, Any]) -> None:
    if "delete" in case:
        cloud.delete(case["delete"])
    else:
        cloud.create("tried", case["type"], case["inputs"])


def test_every_kind_has_a_schema_and_computes_only_what_the_sdk_knows(cloud: Cloud) -> None:
    assert set(CATALOG.schemas["resources"]) == set(CATALOG.kinds)
    for resource in cloud.made.values():
        kind = CATALOG.kind(resource.token)
        assert set(kind.computed) <= resource.outputs.keys()
        assert resource.outputs.keys() <= set(CATALOG.schemas["resources"][resource.token]["outputs"]), resource.token
        assert not {name for name in resource.outputs if resource.outputs[name] is UNKNOWN}


def test_the_base_can_be_taken_down_in_reverse(cloud: Cloud) -> None:
    for name in reversed(list(cloud.made)):
        cloud.delete(name)
    assert cloud.state.select("TRUE") == []


def test_ids_and_addresses_look_like_the_clouds(cloud: Cloud) -> None:
    vpc, host, balancer = cloud.made["vpc"], cloud.made["host"], cloud.made["balancer"]
    assert re.fullmatch(r"vpc-0[0-9a-f]{16}", vpc.id)
    assert re.fullmatch(r"sg-0[0-9a-f]{16}", vpc.outputs["defaultSecurityGroupId"])
    assert ip_address(host.outputs["privateIp"]) in ip_network("10.20.0.0/24")
    assert host.outputs["privateIp"] != cloud.made["nat"].outputs["privateIp"]
    assert host.outputs["privateDns"] == f"ip-{host.outputs['privateIp'].replace('.', '-')}.eu-west-1.compute.internal"
    assert cloud.made["route"].id == f"r-{cloud.made['table'].id}1080289494"
    assert balancer.id.startswith("arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/web/")
    assert cloud.made["nat"].outputs["publicIp"] == cloud.made["address"].outputs["publicIp"]


def test_a_full_subnet_has_no_address_left(empty: Cloud) -> None:
    empty.create("vpc", "aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"})
    empty.create("tiny", "aws:ec2/subnet:Subnet", {"vpcId": "${vpc}", "cidrBlock": "10.0.0.0/28"})
    machine = {"ami": "debian-amd64", "instanceType": "t3.medium", "subnetId": "${tiny}"}
    addresses = [empty.create(f"host-{n}", "aws:ec2/instance:Instance", machine).outputs["privateIp"] for n in range(11)]
    assert len(set(addresses)) == 11
    with pytest.raises(CloudRefusal, match="InsufficientFreeAddressesInSubnet"):
        empty.create("host-11", "aws:ec2/instance:Instance", machine)
    empty.delete("host-4")
    assert empty.create("host-12", "aws:ec2/instance:Instance", machine).outputs["privateIp"] == addresses[4]


def test_the_default_group_is_the_vpcs_own(empty: Cloud) -> None:
    vpc = empty.create("vpc", "aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"})
    group = empty.create("default", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", {"vpcId": "${vpc}"})
    assert group.id == vpc.outputs["defaultSecurityGroupId"]


def test_images(empty: Cloud) -> None:
    def ask(**arguments: object) -> Mapping[str, Any]:
        return CATALOG.function("aws:ec2/getAmi:getAmi")(arguments, CONFIG, StateWorld(empty.state))

    newest = [{"name": "name", "values": ["debian-13-arm64-*"]}]
    found = ask(owners=[images.DEBIAN], filters=newest, mostRecent=True)
    assert (found["architecture"], found["creationDate"][:4]) == ("arm64", "2026")
    assert images.find("eu-west-1", found["id"]) is not None
    assert images.find("us-east-1", found["id"]) is None
    with pytest.raises(CloudRefusal, match="more than one result"):
        ask(filters=newest)
    with pytest.raises(CloudRefusal, match="returned no results"):
        ask(owners=["self"])


def test_a_volume_grows_and_never_shrinks(cloud: Cloud) -> None:
    assert cloud.update("volume", {"size": 20})["size"] == 20
    with pytest.raises(CloudRefusal, match="smaller than existing size"):
        cloud.update("volume", {"size": 10})


def test_versions_are_suspended_and_never_disabled(cloud: Cloud) -> None:
    kept = {"bucket": cloud.made["bucket"].id, "versioningConfiguration": {"status": "Enabled"}}
    cloud.create("versions", "aws:s3/bucketVersioning:BucketVersioning", kept)
    cloud.update("versions", {"versioningConfiguration": {"status": "Suspended"}})
    with pytest.raises(CloudRefusal, match="cannot be updated from 'Suspended' to 'Disabled'"):
        cloud.update("versions", {"versioningConfiguration": {"status": "Disabled"}})


@pytest.mark.parametrize("token", sorted(CATALOG.kinds))
def test_a_preview_with_every_input_unknown_passes_the_check(empty: Cloud, token: str) -> None:
    properties = CATALOG.schemas["resources"][token]["properties"]
    kind = CATALOG.kind(token)
    exclusive = {"userDataBase64", "aliases", "bucket", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"}
    unset = exclusive if not token.startswith("aws:s3/bucket") or token.endswith(":Bucket") else set[str]()
    if token == "aws:ec2/route:Route":
        properties = ("routeTableId", "destinationCidrBlock", "gatewayId")
    inputs = {name: UNKNOWN for name in properties if name not in unset | ONE_OF.get(token, set())}
    subject = Subject(package="aws", urn=f"urn:pulumi:dev::tests::{token}::x", config=CONFIG)
    call = lifecycle.call(subject, inputs, DIGEST, StateWorld(empty.state))
    assert not checking.check(kind, Schema(CATALOG.schemas), call, {}, bytes(16), Naming()).failures
