"""Bundles of a package on real hosts, and what its containers say to each other."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import Hosts
from host_bed import TestHost

from provisioner.deploy.hosts.apply import apply
from provisioner.deploy.hosts.prepare import prepare as contact
from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.hosts.remove import remove
from provisioner.deploy.prepare import Request, prepare
from provisioner.host.addresses import NONE, allocate
from provisioner.host.bundle import bundles
from provisioner.host.delivery import deliver

ASK = "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 2"


class Site:
    """A deployment on booted hosts: `machines` by the plan's names."""

    def __init__(self, machines: Mapping[str, TestHost]) -> None:
        self.machines = machines
        self.last = NONE

    def up(self, package: Path) -> None:
        """Bring the hosts to what the package says; addresses stay as they were."""
        prepared = prepare(Request(name="net/platform", cloud="local", region="this-machine", sources=(package,)))
        self.last = allocate(prepared.plan, prepared.placement, self.last, prepared.problems)
        keys = {name: contact(host.shell).overlay_key for name, host in self.machines.items()}
        addresses = {name: host.address for name, host in self.machines.items()}
        for bundle in bundles(prepared.plan, prepared.placement, last=self.last):
            delivery = deliver(bundle, addresses=addresses, devices={}, secrets={}, keys=keys)
            apply(self.machines[bundle.host].shell, delivery, Progress())

    def down(self) -> None:
        for host in self.machines.values():
            remove(host.shell, host.name)

    def ask(self, host: str, container: str, target: str, port: int) -> str:
        """What a container hears from `target`: the last line, "" where nobody answers."""
        return self.run(host, f'podman exec {container} sh -c "{ASK} {target} {port}" | tail -n 1')

    def wait(self, host: str, container: str, target: str, port: int, *, heard: str, seconds: float = 30) -> None:
        """Ask until it hears this."""
        until = time.monotonic() + seconds
        while (said := self.ask(host, container, target, port)) != heard:
            assert time.monotonic() < until, f'{container} hears "{said}" of {target}'

    def started(self, host: str) -> dict[str, str]:
        """When each container of a host started."""
        lines = self.run(host, "podman ps --format '{{.Names}} {{.StartedAt}}'").splitlines()
        return dict(line.split(" ") for line in lines)

    def run(self, host: str, command: str) -> str:
        return self.machines[host].shell.run(command).text


def site_of(package: Path) -> Any:
    """A fixture: this package on two hosts of the session, `left-1` and `right-1`, for the tests of a module."""

    @pytest.fixture(scope="module")
    def site(hosts: Hosts) -> Iterator[Site]:
        left, right = hosts(2)
        standing = Site({"left-1": left, "right-1": right})
        standing.up(package)
        yield standing
        standing.down()

    return site
