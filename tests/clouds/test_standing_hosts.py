"""What a host that runs keeps: its image, key and first-boot document, until it is renewed; and volumes that change hosts."""

from dataclasses import replace

import pytest
from fixture_deployment import deployment
from golden import of_type
from simulated import build
from test_secure_defaults import FIXTURES

from provisioner.clouds.components import Deployment
from provisioner.clouds.discovery import clouds

MACHINES = {
    "aws": ("aws:ec2/instance:Instance", {"ami", "keyName", "userData"}),
    "gcp": ("gcp:compute/instance:Instance", {"bootDisk.initializeParams.image", 'metadata["user-data"]'}),
    "azure": ("azure-native:compute:VirtualMachine", {"osProfile.customData", "osProfile.linuxConfiguration.ssh"}),
}
ATTACHMENTS = {"aws": "aws:ec2/volumeAttachment:VolumeAttachment", "gcp": "gcp:compute/attachedDisk:AttachedDisk"}


def made(cloud: str) -> Deployment:
    target, machines = FIXTURES[cloud]
    return deployment(target, machines=machines)


def moved(cloud: str) -> Deployment:
    """The volume of `data-1` on `app-1`, which is in the same zone."""
    original = made(cloud)
    volumes = tuple(replace(volume, host="app-1") for volume in original.plan.volumes)
    return replace(original, plan=replace(original.plan, volumes=volumes), came_from={"pgdata": "data-1"})


@pytest.mark.parametrize("cloud", clouds())
def test_only_a_renewed_host_takes_what_a_first_boot_takes(cloud: str) -> None:
    token, first_boot = MACHINES[cloud]
    machines = of_type(build(replace(made(cloud), renew=frozenset({"app-2"}))), token)
    ignoring = {name for name, each in machines.items() if first_boot <= set(each.get("ignoreChanges", ()))}
    assert ignoring == {"demo-platform-app-1", "demo-platform-data-1"}


@pytest.mark.parametrize("cloud", ATTACHMENTS)
def test_an_attachment_is_the_volumes_so_that_it_leaves_one_host_before_it_joins_another(cloud: str) -> None:
    before, after = (of_type(build(each), ATTACHMENTS[cloud]) for each in (made(cloud), moved(cloud)))
    assert list(before) == list(after) == ["demo-platform-attachment-pgdata"]
    assert all(each["deleteBeforeReplace"] for each in after.values())
