"""The fixture deployment on simulated Google Cloud with the real engine: up, nothing to do, changes, destroy."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pulumi
import pytest
from harness import EngineFailure, Harness

from provisioner.clouds.components import Deployment
from provisioner.plan.model import Target

CLOUDS = Path(__file__).parent.parent / "clouds"
TARGET = Target(cloud="gcp", region="europe-west1", zones=("europe-west1-b", "europe-west1-c"))
INSTANCE, DISK = "gcp:compute/instance:Instance", "gcp:compute/disk:Disk"

Simulated = Callable[..., Harness]


@pytest.fixture
def fixture(monkeypatch: pytest.MonkeyPatch) -> Deployment:
    monkeypatch.setattr(sys, "path", [str(CLOUDS), *sys.path])
    machines = {"app": "e2-standard-2", "data": "e2-standard-2"}
    return import_module("fixture_deployment").deployment(TARGET, machines=machines)


def program(deployment: Deployment) -> Callable[[], None]:
    def run() -> None:
        with import_module("golden").quiet_sdk_imports():
            from provisioner.clouds.gcp import addresses, balancers, buckets, hosts, network, volumes
        net = network.Network(deployment)
        static = addresses.Addresses(deployment, net)
        machines = hosts.Hosts(deployment, net, volumes.Volumes(deployment, net))
        stores = buckets.Buckets(deployment, net)
        fronts = balancers.Balancers(deployment, net, static, machines)
        pulumi.export("bucket", stores.names["assets"])
        pulumi.export("endpoint", fronts.endpoints["web"])
        pulumi.export("device", machines.hosts["data-1"].devices["pgdata"])
        pulumi.export("private", machines.hosts["data-1"].private_address)

    return run


def with_plan(original: Deployment, **changes: Any) -> Deployment:
    return replace(original, plan=replace(original.plan, **changes))


def ids(stack: Harness, token: str) -> Mapping[str, str]:
    return {each.name: each.id for each in stack.exists() if each.token == token}


def test_life_of_a_stack(simulated: Simulated, fixture: Deployment) -> None:
    stack = simulated(program(fixture))
    previewed = stack.preview()["create"]
    assert stack.up() == {"create": previewed}
    outputs = stack.outputs()
    assert outputs["device"] == "/dev/disk/by-id/google-pgdata"
    assert outputs["private"].startswith("10.20.16.")
    assert outputs["endpoint"] == next(each.outputs["address"] for each in stack.exists() if "Address" in each.token)

    assert set(stack.up()) == {"same"}
    assert set(stack.refresh()) <= {"same"}
    before = {token: ids(stack, token) for token in (INSTANCE, DISK)}

    documents = {**fixture.user_data, "data-1": "#cloud-config\nhostname: data-one\n"}
    changes = stack.use(program(replace(fixture, user_data=documents))).up()
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
    assert stack.outputs()["endpoint"].startswith("34.")
    stack.destroy()
    assert stack.exists() == []


def test_a_machine_type_the_zone_lacks_is_refused(simulated: Simulated, fixture: Deployment) -> None:
    hosts = tuple(replace(host, offer=replace(host.offer, machine="e2-standard-3")) for host in fixture.hosts)
    with pytest.raises(EngineFailure, match="machineTypes/e2-standard-3' was not found"):
        simulated(program(replace(fixture, hosts=hosts))).up()
