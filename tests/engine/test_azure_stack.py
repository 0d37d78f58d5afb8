"""The fixture deployment on simulated Azure with the real engine: up, nothing to do, changes, replacement, destroy."""

from dataclasses import replace

import pytest
from fixture_stack import Simulated, fixture_on, ids, program
from harness import EngineFailure

from provisioner.clouds.components import Deployment

MACHINE, DISK = "azure-native:compute:VirtualMachine", "azure-native:compute:Disk"
INTERFACE = "azure-native:network:NetworkInterface"


@pytest.fixture
def fixture() -> Deployment:
    return fixture_on("azure")


def test_life_of_a_stack(simulated: Simulated, fixture: Deployment) -> None:
    """Public hosts at first; then behind NAT, with one host replaced; then a change that Azure refuses; then nothing."""
    direct = replace(fixture, plan=replace(fixture.plan, network=replace(fixture.plan.network, egress="direct")))
    stack = simulated(program(direct))
    previewed = stack.preview()["create"]
    assert stack.up() == {"create": previewed}
    outputs = stack.outputs()
    assert outputs["devices"]["pgdata"].startswith("/dev/disk/azure/scsi1/lun")
    assert outputs["private"].startswith("10.20.1.")
    assert outputs["public"].startswith("20.")
    assert outputs["buckets"]["assets"].endswith("/assets")
    [entry] = [each for each in stack.exists() if each.name == "demo-platform-entry" and "Address" in each.token]
    assert outputs["endpoints"]["web"] == entry.outputs["ipAddress"]
    assert stack.engine_ids() == {each.id for each in stack.exists()}

    assert set(stack.up()) == {"same"}
    assert set(stack.refresh()) <= {"same"}
    before = {token: ids(stack, token) for token in (MACHINE, DISK, INTERFACE)}

    documents = {**fixture.user_data, "data-1": "#cloud-config\nhostname: data-one\n"}
    changed = replace(fixture, user_data=documents, renew=frozenset({"data-1"}))
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
