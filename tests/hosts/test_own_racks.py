"""The life of a stack on machines that are there already: deploy, update, a machine replaced by another, and giving them back."""

import os
from pathlib import Path
from typing import Any

import pytest
from bare import bare, shown
from conftest import Hosts
from host_bed import KEY, TestHost
from host_client import await_page
from host_registry import Registry
from local_project import LocalProject

from provisioner.deploy import engine
from provisioner.deploy.hosts import local_machine

pytestmark = pytest.mark.hosts

PORT = 8080
TARGET = {"provisioner:target": {"cloud": "machines", "region": "inventory"}, "provisioner:ssh": {"key": str(KEY)}}


def stated(host: TestHost, **more: object) -> dict[str, object]:
    return {"address": host.address, "cpu": 1, "memory": "1GiB", **more}


def number(host: TestHost) -> int:
    """Of this visit."""
    return int(await_page(host.address, PORT, "visit number").rpartition(" ")[2])


def changed(done: Any) -> set[str]:
    return set(done) - {"same", "read"}


def test_the_life_of_a_stack(tmp_path: Path, registry: Registry, fresh_hosts: Hosts) -> None:
    if engine.find() is None:
        pytest.skip("no Pulumi engine in the cache or on PATH: run `provisioner engine install`")
    left, right, third = fresh_hosts(3)
    before = {host.name: bare(host) for host in (left, right, third)}
    data = stated(right, tags=["data"], disks={"visits": {"path": "/srv/visits", "size": "20GiB"}})
    project = LocalProject(tmp_path, f"test{os.getpid()}r", "visits/platform", registry.hosts_file, TARGET)

    project.configure({}, machines={"left": stated(left), "right": data})
    assert changed(project.up()) == {"create"}
    assert {name: host["machine"] for name, host in project.outputs()["hosts"].items()} == {"front-1": "left", "data-1": "right"}
    counted = number(left)
    assert "ssh-ed25519 " in project.state(), "the machines' keys are pinned"
    assert "PRIVATE KEY" not in project.state()
    assert changed(project.up()) == set()

    project.configure({"visits/page": {"greeting": "Hello"}})
    assert changed(project.up()) == {"update"}
    await_page(left.address, PORT, "Hello")

    local_machine.remove(left.machine, gently=False)
    project.configure({"visits/page": {"greeting": "Hello"}}, machines={"third": stated(third), "right": data})
    assert project.up().get("replace") == 2, "first contact with the other machine, and its bundle"
    assert project.outputs()["hosts"]["front-1"]["machine"] == "third"
    assert number(third) > counted
    counted = number(third)

    project.destroy()
    assert {host.name: shown(host) for host in (right, third)} == {host.name: before[host.name] for host in (right, third)}

    project.up()
    assert number(third) > counted, "the data of a volume stays on its machine"
    project.destroy()
