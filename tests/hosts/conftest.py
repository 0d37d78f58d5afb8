"""Real hosts for tests: booted with systemd on this machine, reached by SSH and directly."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from host_bed import TestHost, start, stop, sweep
from host_registry import Registry

from provisioner.clouds.local import tools
from provisioner.deploy.hosts import local_rootfs

HERE = Path(__file__).parent
PREFIX = f"test{os.getpid()}"
"""Of the names of this session's hosts: sessions run side by side."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "hosts: boots real hosts on this machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test of a machine makes the root file system and the images: minutes, once.

    Machines that boot, lose power and are measured while others use the same processors get a second try, which is reported.
    """
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(900))
            item.add_marker(pytest.mark.flaky(reruns=1))


def missing() -> str:
    """Why real hosts cannot be booted here; "" where they can."""
    absent = [name for name in ("docker-registry", "skopeo", "ssh-keygen") if shutil.which(name) is None]
    return tools.reason() or (f"programs are missing: {', '.join(absent)}" if absent else "")


@pytest.fixture(scope="session")
def real_hosts() -> None:
    """Skips, with the reason, whatever needs real hosts where there can be none."""
    if reason := missing():
        pytest.skip(f"no real hosts here: {reason}")


@pytest.fixture(scope="session")
def rootfs(real_hosts: None) -> Path:
    return local_rootfs.root_file_system(print)


@pytest.fixture(scope="session")
def registry(rootfs: Path) -> Iterator[Registry]:
    sweep()
    with Registry() as running:
        yield running


Hosts = Callable[[int], list[TestHost]]


@pytest.fixture(scope="session")
def hosts(registry: Registry) -> Iterator[Hosts]:
    """`hosts(2)`: that many booted hosts. The same ones are given to every test of the session that asks; leave them as found."""
    standing: list[TestHost] = []

    def give(count: int) -> list[TestHost]:
        wanted = [f"{PREFIX}-{number}" for number in range(len(standing) + 1, count + 1)]
        standing.extend(start(wanted, registry))
        return standing[:count]

    try:
        yield give
    finally:
        stop(f"{PREFIX}-")


@pytest.fixture
def fresh_hosts(registry: Registry, request: pytest.FixtureRequest) -> Iterator[Hosts]:
    """As `hosts`, for one test alone, which may do to them what it likes."""
    given = [0]
    prefix = f"{PREFIX}f{abs(hash(request.node.nodeid)) % 10**6}-"

    def give(count: int) -> list[TestHost]:
        names = [f"{prefix}{number}" for number in range(given[0] + 1, given[0] + count + 1)]
        given[0] += count
        return start(names, registry)

    try:
        yield give
    finally:
        stop(prefix)
