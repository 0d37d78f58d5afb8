"""The fixture deployment on simulated Google Cloud with the real engine: up, nothing to do, changes, destroy."""

from dataclasses import replace

import pytest
from fixture_stack import Simulated, fixture_on, ids, program, with_plan
from harness import EngineFailure

from provisioner.clouds.components import Deployment

INSTANCE, DISK = "gcp:compute/instance:Instance", "gcp:compute/disk:Disk"


@pytest.fixture
def fixture() -> Deployment:
    return fixture_on("gcp")


def test_life_of_a_stack(simulated: Simulated, fixture: Deployment) -> None:
    stack = simulated(program(fixture))
    previewed = stack.preview()["create"]
    assert stack.up() == {"create": previewed}
    outputs = stack.outputs()
    assert outputs["devices"]["pgdata"] == "/dev/disk/by-id/google-pgdata"
    assert outputs["private"].startswith("10.20.16.")
    assert outputs["endpoints"]["web"] == next(each.outputs["address"] for each in stack.exists() if "Address" in each.token)

    assert set(stack.up()) == {"same"}
    assert set(stack.refresh()) <= {"same"}
    before = {token: ids(stack, token) for token in (INSTANCE, DISK)}

    documents = {**fixture.user_data, "data-1": "#cloud-config\nhostname: data-one\n"}
    changes = stack.use(program(replace(fixture, user_data=documents, renew=frozenset({"data-1"})))).up()
    assert changes.get("replace") == 2, changes  # The host, and the attachment of its disk.
    after = {token: ids(stack, token) for token in (INSTANCE, DISK)}
    assert after[DISK] == before[DISK]
    assert [name for name in after[INSTANCE] if after[INSTANCE][name] != before[INSTANCE][name]] == ["demo-platform-data-1"]
    [disk] = [each for each in stack.exists() if each.token == DISK]
    assert [user.rsplit("/", 1)[-1] for user in disk.outputs["users"]] == [
        after[INSTANCE]["demo-platform-data-1"].rsplit("/", 1)[-1]
    ]

    stack.destroy()
    assert stack.exists() == []


def test_a_passthrough_balancer_on_public_hosts(simulated: Simulated, fixture: Deployment) -> None:
    web = fixture.plan.balancers[0]
    network = replace(fixture.plan.network, egress="direct")
    direct = with_plan(fixture, network=network, balancers=(replace(web, backend_port=web.port, address=""),))
    stack = simulated(program(direct))
    stack.up()
    machine = next(each for each in stack.exists() if each.token == INSTANCE)
    assert machine.outputs["networkInterfaces"][0]["accessConfigs"][0]["natIp"].startswith("34.")
    assert stack.outputs()["endpoints"]["web"].startswith("34.")
    stack.destroy()
    assert stack.exists() == []


def test_a_machine_type_the_zone_lacks_is_refused(simulated: Simulated, fixture: Deployment) -> None:
    hosts = tuple(replace(host, offer=replace(host.offer, machine="e2-standard-3")) for host in fixture.hosts)
    with pytest.raises(EngineFailure, match="machineTypes/e2-standard-3' was not found"):
        simulated(program(replace(fixture, hosts=hosts))).up()
