"""The life of a stack on two real hosts: deploy, scale, update, a bad update, the loss of a host, the end."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from host_client import Client, await_page
from host_registry import Registry
from local_project import EngineFailure, LocalProject

from provisioner.deploy import engine
from provisioner.deploy.hosts import local_machine
from provisioner.deploy.hosts.local import LocalShell

pytestmark = pytest.mark.hosts

PORT = 8080


@pytest.fixture
def project(tmp_path: Path, registry: Registry) -> Iterator[LocalProject]:
    if engine.find() is None:
        pytest.skip("no Pulumi engine in the cache or on PATH: run `provisioner engine install`")
    made = LocalProject(tmp_path, f"test{os.getpid()}s", "visits/platform", registry.hosts_file)
    try:
        yield made
    finally:
        made.clear()


def test_the_life_of_a_stack(project: LocalProject) -> None:
    def timed(what: str, do: Callable[[], Mapping[str, int]]) -> Mapping[str, int]:
        began = time.monotonic()
        done = do()
        took(what, time.monotonic() - began)
        return done

    assert set(timed("cold up", project.up)) == {"create"}
    assert number(project, "front-1") < number(project, "front-1")
    assert set(timed("up with nothing to do", project.up)) == {"same", "read"}
    assert password(project) not in project.state()

    project.configure({"visits/page": {"greeting": "Hello"}})
    with Client(address(project, "front-1"), PORT, "visit number") as client:
        assert timed("update", project.up).get("update") == 1
    took("longest time without an answer", client.longest_gap)
    assert client.missed == 0, f"{client.missed} of {client.asked} requests failed"
    await_page(address(project, "front-1"), PORT, "Hello")

    project.configure({"visits/page": {"greeting": "Hello"}, "visits/platform": {"fronts": 2}})
    timed("scale to three hosts", project.up)
    for front in ("front-1", "front-2"):
        await_page(address(project, front), PORT, "Hello")
    project.configure({"visits/page": {"greeting": "Hello"}})
    timed("scale back", project.up)
    assert {*project.outputs()["hosts"]} == {"front-1", "data-1"}


def test_bad_days(project: LocalProject) -> None:
    project.up()
    counted = number(project, "front-1")

    project.configure({"visits/page": {"greeting": "Never", "image-tag": "not-there"}})
    began = time.monotonic()
    with Client(address(project, "front-1"), PORT, "Welcome") as client, pytest.raises(EngineFailure) as failed:
        project.up()
    took("refused update", time.monotonic() - began)
    assert "docker.io/library/busybox:not-there" in str(failed.value)
    assert client.missed == 0, f"{client.missed} of {client.asked} requests failed"
    project.configure({})
    project.up()
    assert number(project, "front-1") > counted

    before = project.machine("front-1")
    local_machine.remove(before, gently=False)
    began = time.monotonic()
    project.up("--refresh")
    assert project.machine("front-1").name != before.name
    assert number(project, "front-1") > counted
    took("a lost host is there again", time.monotonic() - began)

    local_machine.kill(project.machine("data-1"))
    project.up("--refresh")
    assert number(project, "front-1") > counted

    project.destroy()
    assert not project.left()


def address(project: LocalProject, host: str) -> str:
    return str(project.outputs()["hosts"][host]["private"])


def number(project: LocalProject, host: str) -> int:
    """Of this visit."""
    page = await_page(address(project, host), PORT, "visit number")
    return int(page.rpartition(" ")[2])


def password(project: LocalProject) -> str:
    """The generated secret, as the page has it."""
    shell = LocalShell(project.machine("front-1").name)
    found = shell.run("podman exec $(podman ps --quiet | head -n 1) sh -c 'echo $DATABASE_PASSWORD'").text
    assert len(found) == 24
    return found


def took(what: str, seconds: float) -> None:
    """Figures of this run, which `pytest -rP` shows."""
    print(f"{what}: {seconds:.2f} s")
