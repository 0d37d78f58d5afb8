"""A volume leaves its host: what uses it stops and it is unmounted, before the disk is taken away."""

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from conftest import Hosts
from host_bundles import Site, bundle, unit

from provisioner.deploy.hosts import local_disk
from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.provider.mount import MountResource
from provisioner.errors import HostError
from provisioner.host import document
from provisioner.host.model import Bundle, DiskMount

pytestmark = pytest.mark.hosts

DISK = f"test{os.getpid()}v"
PATH = "/var/lib/monkd/volumes/data"
DEVICES = {"data": "/dev/disk/by-id/provisioner-data"}


@pytest.fixture
def site(hosts: Hosts) -> Iterator[Site]:
    host = hosts(1)[0]
    made = Site(host=host, reach=host.ssh)
    made.contact()
    local_disk.attach(host.name, "data", str(local_disk.create(DISK, 1)))
    yield made
    made.resource.delete(host.name, made.outputs, Progress())
    local_disk.detach(host.name, "data")
    local_disk.remove(DISK)


def writing() -> Bundle:
    made = unit("db", "while sleep 0.1; do date >>/data/log; done", more=f"Volume={PATH}:/data\n")
    order = "[Unit]\nRequires=provisioner-disk@data.service\nAfter=provisioner-disk@data.service\n"
    made = replace(bundle(replace(made, text=order + made.text)), disks=(DiskMount(volume="data", path=PATH),))
    return replace(made, digest=document.digest_of(made))


def test_the_end_of_a_mount_stops_what_uses_it_and_unmounts_it(site: Site) -> None:
    site.apply(writing(), devices=DEVICES)
    mount = MountResource()
    inputs, failures = mount.check({**site.way, "volume": "data", "device": DEVICES["data"]})
    assert failures == []
    name, outputs = mount.create(inputs, Progress(), preview=False)
    site.run(f"(exec 9<{PATH}/log; sleep 1000) >/dev/null 2>&1 & sleep 1; echo $! >/tmp/holding")
    with pytest.raises(HostError, match=r"the volume data cannot be unmounted, so its disk stays.*busy"):
        mount.delete(name, outputs, Progress())
    site.run("pkill -P $(cat /tmp/holding); kill $(cat /tmp/holding)")
    mount.delete(name, outputs, Progress())
    assert site.run(f"mountpoint -q {PATH} && echo mounted; podman ps -q") == ""
    mount.delete(name, outputs, Progress())
    site.apply(writing(), devices=DEVICES)
    assert site.run(f"mountpoint -q {PATH} && podman ps -q")
