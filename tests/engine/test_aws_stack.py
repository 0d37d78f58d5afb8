"""The fixture deployment on simulated AWS with the real engine: up, nothing to do, changes, destroy to empty."""

from dataclasses import replace

import pytest
from fixture_stack import Simulated, fixture_on, ids, program, with_plan
from harness import EngineFailure, Harness

from provisioner.clouds.components import Deployment

INSTANCE, VOLUME, ATTACHMENT = "aws:ec2/instance:Instance", "aws:ebs/volume:Volume", "aws:ec2/volumeAttachment:VolumeAttachment"
BALANCER, GROUP, ADDRESS = "aws:lb/loadBalancer:LoadBalancer", "aws:lb/targetGroup:TargetGroup", "aws:ec2/eip:Eip"


@pytest.fixture
def fixture() -> Deployment:
    return fixture_on("aws")


def test_life_of_a_stack(simulated: Simulated, fixture: Deployment) -> None:
    """Public hosts and a balancer of its own address, then the fixture behind NAT, nothing to do, a change, and the end."""
    balancer = replace(fixture.plan.balancers[0], address="")
    direct = with_plan(fixture, network=replace(fixture.plan.network, egress="direct"), balancers=(balancer,))
    stack = simulated(program(direct))
    previewed = stack.preview()["create"]
    assert stack.up() == {"create": previewed}
    assert_same_everywhere(stack)
    assert stack.outputs()["endpoints"]["web"].endswith(".elb.eu-west-1.amazonaws.com")
    assert all(each.outputs["publicIp"].startswith("198.1") for each in stack.exists() if each.token == INSTANCE)
    volumes = ids(stack, VOLUME)

    stack.use(program(fixture)).up()
    assert ids(stack, VOLUME) == volumes
    assert not any(each.outputs["publicIp"] for each in stack.exists() if each.token == INSTANCE)
    assert_outputs(stack)
    assert set(stack.up()) == {"same"}
    assert set(stack.refresh()) <= {"same"}

    assert_only_one_host_is_replaced(stack, fixture)
    assert_same_everywhere(stack)
    stack.destroy()
    assert stack.exists() == []


def assert_same_everywhere(stack: Harness) -> None:
    assert {each.id for each in stack.exists()} == stack.engine_ids()


def assert_outputs(stack: Harness) -> None:
    outputs = stack.outputs()
    (volume,) = ids(stack, VOLUME).values()
    assert outputs["devices"]["pgdata"] == f"/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_{volume.replace('-', '')}"
    assert outputs["private"].startswith("10.20.16.")
    entry = next(each for each in stack.exists() if each.token == ADDRESS and each.name.endswith("entry"))
    assert outputs["endpoints"]["web"] == entry.outputs["publicIp"]
    assert outputs["buckets"]["assets"].startswith("demo-platform-assets-")


def assert_only_one_host_is_replaced(stack: Harness, fixture: Deployment) -> None:
    """Another cloud-init document and another port: a new host with the old volume, a new target group, the old balancer."""
    before = {token: ids(stack, token) for token in (INSTANCE, VOLUME, GROUP, BALANCER)}
    documents = {**fixture.user_data, "data-1": "#cloud-config\nhostname: data-one\n"}
    web = replace(fixture.plan.balancers[0], backend_port=8081)
    stack.use(program(replace(with_plan(fixture, balancers=(web,)), user_data=documents, renew=frozenset({"data-1"})))).up()
    after = {token: ids(stack, token) for token in (INSTANCE, VOLUME, GROUP, BALANCER)}
    assert after[VOLUME] == before[VOLUME]
    assert after[BALANCER] == before[BALANCER]
    assert after[GROUP] != before[GROUP]
    assert [name for name in after[INSTANCE] if after[INSTANCE][name] != before[INSTANCE][name]] == ["demo-platform-data-1"]
    (attachment,) = [each for each in stack.exists() if each.token == ATTACHMENT]
    assert attachment.outputs["instanceId"] == after[INSTANCE]["demo-platform-data-1"]
    assert attachment.outputs["volumeId"] == after[VOLUME]["demo-platform-volume-pgdata"]


def test_a_machine_of_another_architecture_is_refused(simulated: Simulated, fixture: Deployment) -> None:
    hosts = tuple(replace(host, offer=replace(host.offer, machine="t4g.medium")) for host in fixture.hosts)
    with pytest.raises(EngineFailure, match="The architecture 'arm64' of the specified instance type does not match"):
        simulated(program(replace(fixture, hosts=hosts))).up()
