"""What the AWS families register: the golden tree, and the rules that must hold in every tree."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from fixture_deployment import deployment, with_egress
from golden import UNKNOWN, Fake, Tree, assert_golden, of_type, quiet_sdk_imports, record, resolved

from provisioner.clouds.aws import limits
from provisioner.clouds.components import Deployment
from provisioner.errors import Place
from provisioner.plan.model import Target

with quiet_sdk_imports():
    from provisioner.clouds.aws.addresses import Addresses
    from provisioner.clouds.aws.balancers import Balancers
    from provisioner.clouds.aws.buckets import Buckets
    from provisioner.clouds.aws.hosts import Hosts
    from provisioner.clouds.aws.network import Network
    from provisioner.clouds.aws.volumes import Volumes

TARGET = Target(cloud="aws", region="eu-west-1", zones=("eu-west-1a", "eu-west-1b"))
FIXTURE = deployment(TARGET, machines={"app": "t3.medium", "data": "m7i.large"})
Inputs = Mapping[str, Any]


def fake() -> Fake:
    def instance(name: str, inputs: Inputs) -> Inputs:
        public = {"publicIp": "54.0.0.1"} if inputs["associatePublicIpAddress"] else {}
        return {"privateIp": "10.20.16.4", **public}

    return Fake(
        functions={"aws:ec2/getAmi:getAmi": lambda given: {"id": f"ami-{given['filters'][1]['values'][0]}"}},
        outputs={
            "aws:ec2/eip:Eip": lambda name, inputs: {"allocationId": f"eipalloc-{name}", "publicIp": "198.51.100.7"},
            "aws:ec2/instance:Instance": instance,
            "aws:iam/role:Role": lambda name, inputs: {"name": f"{inputs['namePrefix']}1", "arn": f"arn:aws:iam::{name}"},
            "aws:iam/instanceProfile:InstanceProfile": lambda name, inputs: {"name": f"{inputs['namePrefix']}1"},
            "aws:ec2/keyPair:KeyPair": lambda name, inputs: {"keyName": f"{name}-1"},
            "aws:s3/bucket:Bucket": lambda name, inputs: {"bucket": f"{inputs['bucketPrefix']}1", "arn": f"arn:aws:s3:::{name}"},
            "aws:lb/loadBalancer:LoadBalancer": lambda name, inputs: {"arn": f"arn:{name}", "dnsName": "web.elb.example.com"},
            "aws:lb/targetGroup:TargetGroup": lambda name, inputs: {"arn": f"arn:{name}"},
        },
    )


def tree_of(given: Deployment, *, preview: bool = False, outputs: dict[str, Any] | None = None) -> Tree:
    kept: dict[str, Any] = {} if outputs is None else outputs
    return record(lambda: build(given, kept), mocks=fake(), preview=preview)


def build(given: Deployment, kept: dict[str, Any]) -> None:
    network = Network(given)
    addresses = Addresses(given, network)
    volumes = Volumes(given, network)
    hosts = Hosts(given, network, volumes)
    buckets = Buckets(given, network, hosts)
    balancers = Balancers(given, network, addresses, hosts)
    for family, outputs in (("address", addresses.addresses), ("bucket", buckets.names), ("endpoint", balancers.endpoints)):
        for name, output in outputs.items():
            resolved(output, kept, f"{family} {name}")
    for name, host in hosts.hosts.items():
        resolved(host.id, kept, f"host {name}")
        if host.public_address:
            resolved(host.public_address, kept, f"public {name}")
        for volume, path in host.devices.items():
            resolved(path, kept, f"device {volume}")


def test_the_fixture_registers_the_golden_tree() -> None:
    assert_golden("aws/fixture.yaml", tree_of(FIXTURE))


def test_a_preview_with_everything_unknown_registers_the_same_names() -> None:
    preview, created = tree_of(FIXTURE, preview=True), tree_of(FIXTURE)
    assert preview.keys() == created.keys()
    assert {key: value.get("parent") for key, value in preview.items()} == {
        key: value.get("parent") for key, value in created.items()
    }
    assert of_type(preview, "aws:ec2/subnet:Subnet")["demo-platform-subnet-public-1"]["inputs"]["vpcId"] == UNKNOWN


def test_what_families_hand_on() -> None:
    outputs: dict[str, Any] = {}
    tree_of(FIXTURE, outputs=outputs)
    assert outputs == {
        "address entry": "198.51.100.7",
        "bucket assets": "demo-platform-assets-1",
        "endpoint web": "198.51.100.7",
        "host app-1": "demo-platform-app-1-id",
        "host app-2": "demo-platform-app-2-id",
        "host data-1": "demo-platform-data-1-id",
        "device pgdata": "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_demoplatformvolumepgdataid",
    }


def test_a_balancer_without_an_address_has_a_host_name_and_stands_in_every_zone() -> None:
    balancer = replace(FIXTURE.plan.balancers[0], address="")
    outputs: dict[str, Any] = {}
    tree = tree_of(replace(FIXTURE, plan=replace(FIXTURE.plan, balancers=(balancer,))), outputs=outputs)
    (created,) = of_type(tree, "aws:lb/loadBalancer:LoadBalancer").values()
    assert [mapping["subnetId"] for mapping in created["inputs"]["subnetMappings"]] == [
        "demo-platform-subnet-public-1-id",
        "demo-platform-subnet-public-2-id",
    ]
    assert outputs["endpoint web"] == "web.elb.example.com"


@pytest.mark.parametrize(
    ("egress", "gateways", "nats", "public_hosts", "way_out"),
    [("nat", 1, 2, False, "0.0.0.0/0"), ("direct", 1, 0, True, "0.0.0.0/0"), ("none", 0, 0, False, "10.20.0.0/16")],
)
def test_ways_out(egress: str, gateways: int, nats: int, *, public_hosts: bool, way_out: str) -> None:
    given = with_egress(FIXTURE, egress)
    tree = tree_of(replace(given, plan=replace(given.plan, balancers=())))
    assert len(of_type(tree, "aws:ec2/internetGateway:InternetGateway")) == gateways
    assert len(of_type(tree, "aws:ec2/natGateway:NatGateway")) == nats
    for instance in of_type(tree, "aws:ec2/instance:Instance").values():
        assert instance["inputs"]["associatePublicIpAddress"] is public_hosts
        assert ("subnet-public" in instance["inputs"]["subnetId"]) is public_hosts
    out = of_type(tree, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    assert {rule["inputs"]["cidrIpv4"] for rule in out.values()} == {way_out}


def test_every_resource_that_takes_tags_has_them(fixture_tree: Tree) -> None:
    without = {
        "aws:ec2/route:Route",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:ec2/volumeAttachment:VolumeAttachment",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:lb/targetGroupAttachment:TargetGroupAttachment",
    }
    for key, registration in fixture_tree.items():
        token = key.split("::")[0]
        if token in without or token.startswith(("provisioner:", "aws:s3/bucket")):
            continue
        assert registration["inputs"]["tags"]["provisioner:package"] == "demo/platform", key


def test_a_host_follows_no_newer_image_and_its_volume_outlives_it(fixture_tree: Tree) -> None:
    for instance in of_type(fixture_tree, "aws:ec2/instance:Instance").values():
        assert instance["ignoreChanges"] == ["ami", "keyName", "userData"]
        assert "ebsBlockDevices" not in instance["inputs"]
    for attachment in of_type(fixture_tree, "aws:ec2/volumeAttachment:VolumeAttachment").values():
        assert attachment["deleteBeforeReplace"]
        assert attachment["inputs"]["stopInstanceBeforeDetaching"]


def test_burstable_machines_never_bill_surplus_credit(fixture_tree: Tree) -> None:
    instances = of_type(fixture_tree, "aws:ec2/instance:Instance")
    assert instances["demo-platform-app-1"]["inputs"]["creditSpecification"] == {"cpuCredits": "standard"}
    assert "creditSpecification" not in instances["demo-platform-data-1"]["inputs"]


def test_limits_are_reported_together() -> None:
    place = Place(file="b.yaml", line=3, column=1)
    plan = FIXTURE.plan
    volumes = (replace(plan.volumes[0], kind="HDD", size_gib=100, place=place),)
    groups = (replace(plan.groups[0], disk_kind="HDD", place=place), *plan.groups[1:])
    health = replace(plan.balancers[0].health, interval=2)
    balancers = (replace(plan.balancers[0], health=health, place=place),)
    wrong = replace(plan, volumes=volumes, groups=groups, balancers=balancers)
    problems = limits.check(wrong)
    assert [problem.message.split(":")[0] for problem in problems] == [
        "hosts/app/disk-kind",
        "volumes/pgdata/size",
        "balancers/web/health-check",
    ]
    assert all(problem.place == place for problem in problems)


@pytest.fixture(scope="module")
def fixture_tree() -> Tree:
    return tree_of(FIXTURE)
