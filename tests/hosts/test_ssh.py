"""The shell over SSH: what it answers, what it refuses, and how it goes through another machine."""

import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Hosts
from host_bed import TestHost

from provisioner.deploy.hosts.connect import first_contact
from provisioner.deploy.hosts.ssh import SshShell
from provisioner.deploy.hosts.ssh_connect import LoginError, fingerprint
from provisioner.errors import HostError

pytestmark = pytest.mark.hosts


@pytest.fixture
def shell(hosts: Hosts) -> SshShell:
    return SshShell(hosts(1)[0].ssh)


def test_commands_run_as_root_and_read_their_input(shell: SshShell) -> None:
    answer = shell.run("id -un; cat; echo bad >&2; exit 3", input=b"said\n")
    assert (answer.status, answer.output, answer.errors) == (3, b"root\nsaid\n", b"bad\n")


def test_megabytes_go_both_ways(shell: SshShell) -> None:
    sent = bytes(range(256)) * 20_000
    assert shell.run("cat", input=sent).output == sent


def test_lines_come_while_the_command_runs_and_closing_ends_it(shell: SshShell) -> None:
    lines = shell.lines("echo one; echo two >&2; sleep 300.5")
    assert [next(lines), next(lines)] == ["one", "two"]
    lines.close()  # type: ignore[attr-defined]
    assert shell.run("pgrep -f 'sleep [3]00.5$'").status == 1


def test_a_command_that_takes_too_long_is_named(shell: SshShell) -> None:
    with pytest.raises(HostError, match=r"no end after 0.3 seconds of: sleep 300"):
        shell.run("sleep 300", seconds=0.3)


def test_a_lost_connection_is_opened_anew_for_the_next_command(shell: SshShell) -> None:
    shell.run("true")
    with pytest.raises(HostError, match="the connection was cut"):
        shell.run("pkill -KILL -f '[s]shd-session: provisioner'; sleep 5")
    assert shell.run("echo back").text == "back"


def test_another_key_is_refused_and_a_silent_machine_is_named(hosts: Hosts, tmp_path: Path) -> None:
    key = tmp_path / "other"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    reach = replace(hosts(1)[0].ssh, key=str(key))
    with pytest.raises(HostError, match=f"refuses the key {key}"):
        SshShell(reach).run("true")
    with pytest.raises(HostError, match=r"the key /nowhere cannot be used"):
        SshShell(replace(reach, key="/nowhere")).run("true")
    with pytest.raises(LoginError):
        first_contact(reach, lambda _: None, seconds=3)
    began = time.monotonic()
    with pytest.raises(HostError, match=r"provisioner@\S+:2222 does not answer \(.*\), for 3 seconds"):
        first_contact(replace(reach, port=2222), lambda _: None, seconds=3)
    assert time.monotonic() - began < 10


def test_the_pinned_key_is_the_one_that_ssh_keygen_shows(shell: SshShell, hosts: Hosts) -> None:
    shown = hosts(1)[0].shell.run("ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub").text.split()[1]
    assert fingerprint(shell.host_key) == shown


def test_a_jump_host_carries_the_connection_where_its_key_is_known(
    hosts: Hosts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = hosts(2)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".ssh").mkdir()
    reach = replace(second.ssh, jump=f"provisioner@{first.address}:22")
    with pytest.raises(HostError, match=f"jump host provisioner@{first.address}:22 is not in ~/.ssh/known_hosts"):
        SshShell(reach).run("true")
    (tmp_path / ".ssh" / "known_hosts").write_text(f"{first.address} {_host_key(first)}\n")
    assert _seen_from(SshShell(reach)) == first.address


def _host_key(host: TestHost) -> str:
    return " ".join(host.shell.run("cat /etc/ssh/ssh_host_ed25519_key.pub").text.split()[:2])


def _seen_from(shell: SshShell) -> str:
    """The address from which the machine sees the connection."""
    return shell.run("ss -Htn state established sport = :22 | awk '{print $4}' | cut -d: -f1 | tail -1").text
