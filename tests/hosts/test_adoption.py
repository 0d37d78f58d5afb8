"""First contact with machines that were there before: what they lack is installed or named, and what is not ours is left."""

import re
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources

import pytest
from bare import bare, shown
from conftest import Hosts
from host_bed import TestHost

from provisioner.deploy.hosts import local_disk
from provisioner.deploy.hosts.adopt import Adoption, adopt, release
from provisioner.deploy.hosts.connect import connect, first_contact
from provisioner.deploy.hosts.prepare import prepare
from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.hosts.remove import remove
from provisioner.deploy.hosts.shell import Shell
from provisioner.deploy.provider.real import ShellTransport
from provisioner.deploy.provider.transport import Machine
from provisioner.errors import HostError

pytestmark = pytest.mark.hosts

OURS = Adoption(owner="shop/dev", host="app-1", installs=False, arch="amd64", millicpu=1000, memory_mib=512)

GUEST = """
useradd --create-home guest && install -d -o guest -g guest -m 700 /home/guest/.ssh
install -o guest -g guest -m 600 /home/provisioner/.ssh/authorized_keys /home/guest/.ssh/
"""
WITHOUT_CURL = """
cp /usr/bin/curl /root/curl && dpkg --remove --force-depends curl
rm -rf /etc/apt/sources.list.d/* /etc/apt/sources.list /var/lib/apt/lists/*
"""
MIRROR = """
mkdir -p /srv/mirror /root/deb/DEBIAN /root/deb/usr/bin && cd /srv/mirror && cp /root/curl /root/deb/usr/bin/
printf 'Package: curl\nVersion: 99\nArchitecture: all\nMaintainer: tests\nDescription: curl\n' >/root/deb/DEBIAN/control
dpkg-deb --build /root/deb curl.deb >/dev/null
{ cat /root/deb/DEBIAN/control; printf 'Filename: ./curl.deb\nSize: %s\nSHA256: %s\n' \
  "$(stat -c %s curl.deb)" "$(sha256sum curl.deb | cut -d' ' -f1)"; } >Packages
echo 'deb [trusted=yes] file:/srv/mirror ./' >/etc/apt/sources.list
"""


@pytest.fixture
def machine(fresh_hosts: Hosts) -> TestHost:
    (host,) = fresh_hosts(1)
    bare(host)
    return host


@pytest.fixture
def shell(machine: TestHost) -> Iterator[Shell]:
    """Over SSH, as the provider has it."""
    opened, _ = first_contact(machine.ssh, print)
    yield opened
    opened.close()


def refused(shell: Shell, adoption: Adoption) -> str:
    with pytest.raises(HostError) as found:
        adopt(shell, adoption, print)
    return str(found.value)


def test_what_a_machine_lacks_is_named_or_installed(machine: TestHost, shell: Shell) -> None:
    assert machine.shell.run(GUEST).ok
    guest = connect(replace(machine.ssh, user="guest"))
    words = refused(guest, OURS)
    guest.close()
    assert "may not act as root" in words
    assert "apt-get install podman" in words

    before = shown(machine)
    assert machine.shell.run(WITHOUT_CURL).ok
    assert "install: false; apt-get install curl" in refused(shell, OURS)
    assert "apt-get install curl failed" in refused(shell, replace(OURS, installs=True)), "it knows no mirror"
    assert shown(machine) == before, "a refused machine is as it was"

    assert machine.shell.run(MIRROR).ok
    told: list[str] = []
    adopt(shell, replace(OURS, installs=True), told.append)
    assert told == ["adopting", "installed curl", "adopted"]
    prepare(shell, boots=False)


def test_a_machine_that_is_less_than_its_inventory_says_is_left_alone(machine: TestHost, shell: Shell) -> None:
    before = shown(machine)
    words = refused(shell, replace(OURS, arch="arm64", millicpu=900_000, memory_mib=9_000_000))
    assert re.search(r"expected arm64, found amd64; expected 900 CPUs, found .*; expected 9000000 MiB", words)
    assert machine.shell.run("mv /usr/libexec/podman/quadlet /root/").ok
    with pytest.raises(HostError, match="expected Quadlet beside Podman, found none"):
        ShellTransport().contact(Machine(host="app-1", id="m", reach=machine.ssh, adoption=OURS), Progress(print))
    assert shown(machine) == before


def test_a_machine_is_one_host_of_one_stack(machine: TestHost, shell: Shell) -> None:
    before = shown(machine)
    adopt(shell, OURS, print)
    adopt(shell, OURS, print)
    assert "it is the host app-1 of the stack shop/dev" in refused(shell, replace(OURS, owner="shop/prod"))
    adopt(shell, replace(OURS, host="web-1"), print)
    assert shell.run("touch /var/lib/provisioner/installed").ok
    remove(shell, "app-1")
    release(shell, "app-1", print)
    assert shell.run("rm /var/lib/provisioner/installed").ok
    assert shell.run("cat /etc/provisioner/owner").text == "shop/dev web-1", "it is another host by now"
    release(shell, "web-1", print)
    assert shown(machine) == before
    assert shell.run("mkdir -p /var/lib/provisioner && touch /var/lib/provisioner/installed").ok
    assert "it runs a bundle already" in refused(shell, OURS)


def test_a_disk_that_is_not_ours_is_left(machine: TestHost, shell: Shell, request: pytest.FixtureRequest) -> None:
    disk = f"{machine.name}-disk"
    request.addfinalizer(lambda: local_disk.remove(disk))
    local_disk.attach(machine.name, "v", str(local_disk.create(disk, 1)))
    request.addfinalizer(lambda: local_disk.detach(machine.name, "v"))
    device = shell.run("ls /dev/disk/by-id/* | head -n 1").text
    adopt(shell, OURS, print)
    assert mount(shell, device) == ""
    assert shell.run(f"e2label {device}").text == "provisioner"
    assert shell.run("echo kept >/mnt/v/file && umount /mnt/v").ok
    assert mount(shell, device) == ""
    assert shell.run("cat /mnt/v/file").text == "kept"

    assert shell.run(f"umount /mnt/v && e2label {device} theirs").ok
    assert "a file system that is not ours; to hand it over: e2label" in mount(shell, device)
    assert shell.run(f"wipefs --all --quiet {device} && mkswap {device}").ok
    assert "holds swap, which is not ours to format" in mount(shell, device)


def test_a_folder_that_is_not_ours_is_left(machine: TestHost, shell: Shell) -> None:
    adopt(shell, OURS, print)
    assert shell.run("mkdir /srv/theirs && touch /srv/theirs/file").ok
    assert "/srv/theirs holds data that is not ours" in mount(shell, "/srv/theirs")
    assert mount(shell, "/srv/ours") == ""
    assert shell.run("echo kept >/mnt/v/file && umount /mnt/v").ok
    assert mount(shell, "/srv/ours") == ""
    assert shell.run("cat /mnt/v/file").text == "kept"
    assert shell.run("umount /mnt/v").ok


def mount(shell: Shell, device: str) -> str:
    """What the service of a volume says of its disk; "" where it mounts it."""
    script = resources.files("provisioner.host").joinpath("machine", "provisioner-disk.sh").read_bytes()
    assert shell.run("mkdir -p /etc/provisioner/disks && cat >/root/disk", input=script).ok
    done = shell.run(f"printf 'DEVICE={device}\nMOUNT=/mnt/v\n' >/etc/provisioner/disks/v && sh /root/disk v")
    return "" if done.ok else done.errors.decode()
