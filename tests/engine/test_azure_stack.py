"""The fixture deployment on simulated Azure with the real engine: up, nothing to do, changes, replacement, destroy."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pulumi
import pytest
from harness import EngineFailure, Harness

from provisioner.clouds.components import Deployment
from provisioner.plan.model import Target

CLOUDS = Path(__file__).parent.parent / "clouds"
TARGET = Target(cloud="azure", region="westeurope", zones=("1", "2"))
MACHINE, DISK = "azure-native:compute:VirtualMachine", "azure-native:compute:Disk"
INTERFACE = "azure-native:network:NetworkInterface"

Simulated = Callable[..., Harness]


@pytest.fixture
def fixture(monkeypatch: pytest.MonkeyPatch) -> Deployment:
    monkeypatch.setattr(sys, "path", [str(CLOUDS), *sys.path])
    machines = {"app": "Standard_B2s", "data": "Standard_D2s_v5"}
    return import_module("fixture_deployment").deployment(TARGET, machines=machines)


def program(deployment: Deployment) -> Callable[[], None]:
    def run() -> None:
        with import_module("golden").quiet_sdk_imports():
            from provisioner.clouds.azure import addresses, balancers, buckets, hosts, network, volumes
        net = network.Network(deployment)
        static = addresses.Addresses(deployment, net)
        machines = hosts.Hosts(deployment, net, volumes.Volumes(deployment, net))
        stores = buckets.Buckets(deployment, net)
        fronts = balancers.Balancers(deployment, net, static, machines)
        pulumi.export("bucket", stores.names["assets"])
        pulumi.export("endpoint", fronts.endpoints["web"])
        pulumi.export("device", machines.hosts["data-1"].devices["pgdata"])
        pulumi.export("private", machines.hosts["data-1"].private_address)
        pulumi.export("public", machines.hosts["data-1"].public_address)

    return run


def ids(stack: Harness, token: str) -> Mapping[str, str]:
    return {each.name: each.id for each in stack.exists() if each.token == token}


def test_life_of_a_stack(simulated: Simulated, fixture: Deployment) -> None:
    """Public hosts at first; then behind NAT, with one host replaced; then a change that Azure refuses; then nothing."""
    direct = replace(fixture, plan=replace(fixture.plan, network=replace(fixture.plan.network, egress="direct")))
    stack = simulated(program(direct))
    previewed = stack.preview()["create"]
    assert stack.up() == {"create": previewed}
    outputs = stack.outputs()
    assert outputs["device"].startswith("/dev/disk/azure/scsi1/lun")
    assert outputs["private"].startswith("10.20.1.")
    assert outputs["public"].startswith("20.")
    assert outputs["bucket"].endswith("/assets")
    [entry] = [each for each in stack.exists() if each.name == "demo-platform-entry" and "Address" in each.token]
    assert outputs["endpoint"] == entry.outputs["ipAddress"]
    assert stack.engine_ids() == {each.id for each in stack.exists()}

    assert set(stack.up()) == {"same"}
    assert set(stack.refresh()) <= {"same"}
    before = {token: ids(stack, token) for token in (MACHINE, DISK, INTERFACE)}

    documents = {**fixture.user_data, "data-1": "#cloud-config\nhostname: data-one\n"}
    changed = replace(fixture, user_data=documents)
    assert stack.use(program(changed)).up().get("replace") == 1
    after = {token: ids(stack, token) for token in (MACHINE, DISK, INTERFACE)}
    assert (after[DISK], after[INTERFACE]) == (before[DISK], before[INTERFACE])
    assert [name for name in after[MACHINE] if after[MACHINE][name] != before[MACHINE][name]] == ["demo-platform-data-1"]
    [disk] = [each for each in stack.exists() if each.token == DISK]
    assert disk.outputs["managedBy"] == after[MACHINE]["demo-platform-data-1"]
    assert stack.outputs()["private"].startswith("10.20.16.")
    assert "public" not in stack.outputs()

    (volume,) = fixture.plan.volumes
    moved = replace(fixture.plan, volumes=(replace(volume, zone="2"),))
    with pytest.raises(EngineFailure, match="Changing property 'zones' is not allowed"):
        stack.use(program(replace(changed, plan=moved))).up()
    assert ids(stack, DISK) == before[DISK]

    stack.destroy()
    assert stack.exists() == []
