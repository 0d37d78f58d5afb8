"""Hosts for tests and for trying things by hand: `python tests/hosts/host_bed.py up 2 --prefix me`, then `shell`, then `down`.

The hosts are booted on this machine, run sshd, and find images in a registry here as if it were `docker.io`.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from host_registry import Registry

from provisioner.deploy.hosts import local_machine, local_process
from provisioner.deploy.hosts.local import LocalShell
from provisioner.deploy.hosts.local_machine import Wanted
from provisioner.deploy.hosts.local_state import Machine, find, machines
from provisioner.deploy.hosts.shell import Reach
from provisioner.host.cloud_init import cloud_init

KEY = Path("/var/lib/provisioner-local/test-key")


@dataclass(frozen=True, slots=True, kw_only=True)
class TestHost:
    """One booted host, and both ways to reach it."""

    __test__ = False

    machine: Machine
    key: Path

    @property
    def name(self) -> str:
        return self.machine.name

    @property
    def address(self) -> str:
        return self.machine.address

    def boot(self) -> None:
        """Start it again, with the disks that it has by now."""
        local_machine.boot(find(self.name) or self.machine)

    @property
    def shell(self) -> LocalShell:
        return LocalShell(self.name)

    @property
    def ssh(self) -> Reach:
        return Reach(transport="ssh", address=self.address, user="provisioner", key=str(self.key))

    @property
    def local(self) -> Reach:
        return Reach(transport="local", address=self.name)


def start(names: Sequence[str], registry: Registry | None, progress: Callable[[str], None] = print) -> list[TestHost]:
    """Boot hosts side by side, with the mirror of the registry."""
    public = test_key().with_suffix(".pub").read_text().strip()

    def one(name: str) -> TestHost:
        host = TestHost(machine=local_machine.create(Wanted(name=name, user_data=cloud_init(public)), progress), key=KEY)
        if registry is not None:
            into = "/etc/containers/registries.conf.d/mirror.conf"
            assert host.shell.run(f"cat > {into}", input=registry.mirror.encode()).ok
        return host

    with ThreadPoolExecutor(max_workers=8) as pool:
        return list(pool.map(one, names))


def stop(prefix: str) -> None:
    """Remove every host whose name begins so."""
    for machine in machines():
        if machine.name.startswith(prefix):
            local_machine.remove(machine, gently=False)


def sweep() -> None:
    """Remove the hosts of test sessions that were killed: their names begin with the number of a process that has ended."""
    for machine in machines():
        session = re.match(r"test(\d+)", machine.name)
        if session and not Path(f"/proc/{session[1]}").exists():
            local_machine.remove(machine, gently=False)


def test_key() -> Path:
    """The key that opens the hosts of tests, made once."""
    if not KEY.exists():
        KEY.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "tests", "-f", str(KEY)], check=True)
    return KEY


test_key.__test__ = False  # pyright: ignore[reportFunctionMemberAccess]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    up = verbs.add_parser("up", help="boot hosts PREFIX-1 …, and serve images until interrupted")
    up.add_argument("count", type=int)
    up.add_argument("--prefix", default="try")
    down = verbs.add_parser("down", help="remove the hosts of a prefix")
    down.add_argument("--prefix", default="try")
    shell = verbs.add_parser("shell", help="run a command in a host, or open a shell there")
    shell.add_argument("host")
    shell.add_argument("command", nargs="?", default="")
    verbs.add_parser("list", help="every host on this machine")
    chosen = parser.parse_args()
    if chosen.verb == "up":
        _up(chosen.prefix, chosen.count)
    elif chosen.verb == "down":
        stop(f"{chosen.prefix}-")
    elif chosen.verb == "shell":
        sys.exit(LocalShell(chosen.host).attach(chosen.command or "/bin/bash -i", terminal=True))
    else:
        for machine in machines():
            print(machine.name, machine.address, "running" if local_process.running(machine) else "stopped")


def _up(prefix: str, count: int) -> None:
    with Registry() as registry:
        for host in start([f"{prefix}-{number}" for number in range(1, count + 1)], registry):
            print(f"{host.name}  {host.address}  ssh -i {host.key} provisioner@{host.address}")
        print(
            f"registry at {registry.address}, which the hosts ask for docker.io; interrupt to end it (the hosts stay)", flush=True
        )
        try:
            while True:
                input()
        except (EOFError, KeyboardInterrupt):
            return


if __name__ == "__main__":
    main()
