"""Hosts on this machine: reached, switched off, found again."""

import subprocess

import pytest
from conftest import Hosts

from provisioner.deploy.hosts import local_disk, local_machine
from provisioner.errors import HostError

pytestmark = pytest.mark.hosts


def test_a_command_reads_its_input_and_answers_with_status_and_both_outputs(hosts: Hosts) -> None:
    answer = hosts(1)[0].shell.run("cat; pwd; echo bad >&2; exit 3", input=b"said\n")
    assert (answer.status, answer.output, answer.errors) == (3, b"said\n/\n", b"bad\n")


def test_lines_come_while_the_command_runs_and_closing_ends_it(hosts: Hosts) -> None:
    shell = hosts(1)[0].shell
    lines = shell.lines("echo one; echo two >&2; sleep 300.125")
    assert [next(lines), next(lines)] == ["one", "two"]
    lines.close()  # type: ignore[attr-defined]
    assert shell.run("pgrep --full 'sleep 300.125$'").status == 1


def test_a_command_that_takes_too_long_is_ended_and_named(hosts: Hosts) -> None:
    shell = hosts(1)[0].shell
    with pytest.raises(HostError, match=r"`sleep 300.25` did not end within 0.2 s"):
        shell.run("sleep 300.25", seconds=0.2)
    assert shell.run("pgrep --full 'sleep 300.25$'").status == 1


def test_ssh_opens_the_prepared_user(hosts: Hosts) -> None:
    host = hosts(1)[0]
    options = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes", "-i", str(host.key)]
    command = ["ssh", *options, f"provisioner@{host.address}", "sudo id -un; hostname"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout.split() == ["root", host.name], done.stderr


def test_hosts_reach_each_other(hosts: Hosts) -> None:
    first, second = hosts(2)
    assert first.shell.run(f"ping -c 1 -W 2 {second.address}").ok


def test_a_host_that_lost_power_boots_with_what_it_had(fresh_hosts: Hosts) -> None:
    host = fresh_hosts(1)[0]
    key = host.shell.run("cat /etc/ssh/ssh_host_ed25519_key.pub; echo kept > /root/file; sync").text
    local_machine.kill(host.machine)
    with pytest.raises(HostError, match="does not run"):
        host.shell.run("true")
    host.boot()
    assert host.shell.run("cat /etc/ssh/ssh_host_ed25519_key.pub /root/file").text == f"{key}\nkept"


@pytest.mark.parametrize(
    ("image", "ready", "said"),
    [
        ("nginx", "curl -sf http://localhost/", "Welcome to nginx"),
        ("redis", "redis-cli ping", "PONG"),
        ("postgres", "psql -U shop -h localhost orders -tc 'select 40 + 2'", "42"),
        ("busybox", "echo tiny", "tiny"),
    ],
)
def test_the_images_keep_the_conventions_that_packages_rely_on(hosts: Hosts, image: str, ready: str, said: str) -> None:
    shell = hosts(1)[0].shell
    given = "-e POSTGRES_USER=shop -e POSTGRES_PASSWORD=word -e PGPASSWORD=word -e POSTGRES_DB=orders"
    command = "sleep 60" if image == "busybox" else ""
    started = shell.run(f"podman run -d --name one {given} docker.io/library/{image}:latest {command}")
    assert started.ok, started.errors.decode()
    try:
        answer = shell.run(f"for i in $(seq 100); do podman exec one {ready} && exit; sleep 0.1; done; podman logs one; exit 1")
        assert said in answer.text, answer
    finally:
        shell.run("podman rm --force --time 0 one")


def test_a_disk_keeps_its_data_and_path_over_the_loss_of_its_host(fresh_hosts: Hosts, request: pytest.FixtureRequest) -> None:
    first, second = fresh_hosts(2)
    name, device = f"{first.name}-disk", "/dev/disk/by-id/provisioner-data"
    request.addfinalizer(lambda: local_disk.remove(name))
    file = str(local_disk.create(name, 1))
    local_disk.attach(first.name, "data", file)
    assert first.shell.run(f"mkfs.ext4 -q {device} && mount {device} /mnt && echo kept > /mnt/file").ok
    with pytest.raises(HostError, match="mounted"):
        local_disk.detach(first.name, "data")
    local_machine.kill(first.machine)
    first.boot()
    assert first.shell.run(f"mount {device} /mnt && cat /mnt/file && umount /mnt").text == "kept"
    with pytest.raises(HostError, match=f"attached to {first.name}"):
        local_disk.remove(name)
    local_disk.detach(first.name, "data")
    local_disk.grow(name, 2)
    local_disk.attach(second.name, "data", file)
    assert second.shell.run(f"mount {device} /mnt && cat /mnt/file && resize2fs {device}; umount /mnt").text.startswith("kept")
    assert first.shell.run(f"ls {device}").status == 2
    local_disk.detach(second.name, "data")
