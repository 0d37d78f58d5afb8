"""The resources `Machine` and `MachineDisk`, called as the servicer calls them, on real hosts."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.deploy.hosts import local_disk, local_machine
from provisioner.deploy.hosts.local import LocalShell
from provisioner.deploy.hosts.local_state import Machine, find, machines
from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.provider.attachment import AttachmentResource
from provisioner.deploy.provider.disk import DiskResource
from provisioner.deploy.provider.machine import MachineResource
from provisioner.errors import HostError
from provisioner.host.cloud_init import cloud_init

pytestmark = pytest.mark.hosts

NAME = f"test{os.getpid()}m"
WANTED: dict[str, object] = {"name": NAME, "hostname": "app-1", "userData": cloud_init(""), "reachesOut": False}
DEVICE = "/dev/disk/by-id/provisioner-data"


@pytest.fixture
def cleaned(rootfs: Path) -> Iterator[None]:
    yield
    for left in machines():
        if left.stem == NAME:
            local_machine.remove(left, gently=False)
    local_disk.remove(NAME)


@pytest.mark.usefixtures("cleaned")
def test_a_machine_that_lost_power_is_found_so_and_booted_by_an_update() -> None:
    resource = MachineResource()
    inputs, failures = resource.check(WANTED)
    assert not failures
    name, outputs = resource.create(inputs, Progress(), preview=False)
    assert LocalShell(name).run("hostname").text == "app-1"
    assert outputs["running"] is True
    local_machine.kill(existing(name))
    found = resource.read(name, inputs, outputs)
    assert found is not None
    assert found.outputs == {**outputs, "running": False}
    assert [change.path for change in resource.diff(inputs, found.outputs, inputs)] == ["running"]
    assert resource.update(name, inputs, found.outputs, Progress(), preview=False) == outputs
    assert LocalShell(name).run("true").ok
    resource.delete(name, outputs, Progress())
    assert resource.read(name, inputs, outputs) is None


@pytest.mark.usefixtures("cleaned")
def test_what_a_killed_up_left_is_made_anew_and_what_is_whole_is_not_touched() -> None:
    resource = MachineResource()
    inputs, _ = resource.check(WANTED)
    first, outputs = resource.create(inputs, Progress(), preview=False)
    with pytest.raises(HostError, match=f"has a host {first} that this stack does not know"):
        resource.create(inputs, Progress(), preview=False)
    (existing(first).folder / "made").unlink()
    second, _ = resource.create(inputs, Progress(), preview=False)
    assert second != first
    assert resource.read(first, inputs, outputs) is None


@pytest.mark.usefixtures("cleaned")
def test_a_disk_goes_from_a_machine_to_its_successor_with_its_data() -> None:
    resource, disks, attachments = MachineResource(), DiskResource(), AttachmentResource()
    inputs, _ = resource.check(WANTED)
    first, outputs = resource.create(inputs, Progress(), preview=False)
    _, disk = disks.create({"name": NAME, "sizeGib": 1}, Progress(), preview=False)
    given = {"machine": first, "disk": disk["path"], "volume": "data"}
    volume, attached = attachments.create(given, Progress(), preview=False)
    assert attached["device"] == DEVICE
    assert LocalShell(first).run(f"mkfs.ext4 -q {DEVICE} && mount {DEVICE} /mnt && echo kept >/mnt/file").ok
    with pytest.raises(HostError, match="does not let go"):
        attachments.delete(volume, attached, Progress())
    with pytest.raises(HostError, match="is attached to"):
        disks.delete(NAME, disk, Progress())
    resource.delete(first, outputs, Progress())
    assert attachments.read(volume, given, attached) is None
    attachments.delete(volume, attached, Progress())

    second, _ = resource.create(inputs, Progress(), preview=False)
    changes = attachments.diff(given, attached, {**given, "machine": second})
    assert [(change.path, change.replaces) for change in changes] == [("machine", True)]
    _, attached = attachments.create({**given, "machine": second}, Progress(), preview=False)
    assert LocalShell(second).run(f"mount {DEVICE} /mnt && cat /mnt/file && umount /mnt").text == "kept"
    attachments.delete(volume, attached, Progress())
    assert not LocalShell(second).run(f"ls {DEVICE}").ok
    taken_over = disks.read(NAME, {}, {})
    assert taken_over is not None
    assert taken_over.inputs == {"name": NAME, "sizeGib": 1}


@pytest.mark.parametrize("name", ["userData", "hostname", "image", "reachesOut", "name"])
def test_what_a_machine_is_made_of_replaces_it(name: str) -> None:
    before = {**WANTED, "image": "a"}
    after = {**before, name: True if before[name] is False else "another"}
    changes = MachineResource().diff(before, {"running": True}, after)
    assert [(change.path, change.replaces) for change in changes] == [(name, True)]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [({"name": "Bad_Name"}, "name"), ({"hostname": 3}, "hostname"), ({"size": 1}, "size")],
)
def test_wrong_inputs_are_named(given: dict[str, object], wrong: str) -> None:
    _, failures = MachineResource().check({**WANTED, **given})
    assert [failure.property for failure in failures] == [wrong]


@pytest.mark.usefixtures("cleaned")
def test_a_disk_grows_and_does_not_shrink() -> None:
    disks = DiskResource()
    made, outputs = disks.create({"name": NAME, "sizeGib": 2}, Progress(), preview=False)
    disks.update(made, {"name": NAME, "sizeGib": 3}, outputs, Progress(), preview=False)
    found = disks.read(made, {}, outputs)
    assert found is not None
    assert found.outputs["sizeGib"] == 3
    with pytest.raises(HostError, match="cannot grow to 1 GiB"):
        disks.update(made, {"name": NAME, "sizeGib": 1}, outputs, Progress(), preview=False)


def existing(name: str) -> Machine:
    machine = find(name)
    assert machine is not None
    return machine
