"""Two replicas and a service with two slots, brought to two hosts by the engine: looked after, updated, failing, interrupted."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from host_client import Watch, ask, await_page
from host_registry import Registry
from local_project import HERE, EngineFailure, LocalProject

from provisioner.deploy import engine
from provisioner.deploy.hosts.local import LocalShell

pytestmark = pytest.mark.hosts

PACKAGE = Path(__file__).parent / "fleet.yaml"
WEB, PAGE = 8081, 8080
STATE = "/state.json"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Iterator[LocalProject]:
    if engine.find() is None:
        pytest.skip("no Pulumi engine in the cache or on PATH: run `provisioner engine install`")
    folder = tmp_path_factory.mktemp("fleet")
    config = {**HERE, "provisioner:sources": [str(PACKAGE)]}
    project = LocalProject(folder, f"test{os.getpid()}fleet", "fleet/platform", registry.hosts_file, config)
    try:
        project.up()
        yield project
    finally:
        project.clear()


@pytest.fixture(scope="module")
def addresses(fleet: LocalProject) -> list[str]:
    """Of both hosts: a replica is on each."""
    hosts = fleet.outputs()["hosts"]
    return [str(hosts[name]["private"]) for name in ("node-1", "node-2")]


@pytest.fixture(scope="module")
def replicas(fleet: LocalProject) -> list[str]:
    """The replicas' names in the order of their hosts, which is that of an update."""
    placed = fleet.outputs()["placement"]["workloads"]
    return sorted(("fleet/web", "fleet/web/2"), key=lambda name: placed[name])


def versions(addresses: list[str]) -> list[str]:
    """What the replicas serve."""
    return [ask(address, WEB, STATE) for address in addresses]


def started(fleet: LocalProject, replica: str) -> str:
    """When its container started, as its first process has it."""
    name = replica if replica.endswith("2") else f"{replica}/1"
    return fleet.call("exec", name, "--", "cat", "/proc/1/stat").stdout.split()[21]


def test_ps_shows_every_replica_on_a_host_of_its_own(fleet: LocalProject) -> None:
    rows = {row["workload"]: row for row in json.loads(fleet.call("ps", "--json").stdout)}
    assert {name: row["state"] for name, row in rows.items()} == dict.fromkeys(
        ("fleet/page", "fleet/web", "fleet/web/2"), "running"
    )
    assert {rows["fleet/web"]["host"], rows["fleet/web/2"]["host"]} == {"node-1", "node-2"}
    assert (rows["fleet/page"]["health"], rows["fleet/page"]["ports"]) == ("healthy", ["8080:80/tcp"])


def test_logs_of_replicas_come_from_both_hosts_and_go_on(fleet: LocalProject) -> None:
    lines = fleet.call("logs", "fleet/web", "--tail", "1").stdout.splitlines()
    assert sorted(lines) == ["fleet/web/2/app | this is version 1", "fleet/web/app   | this is version 1"]
    (line,) = fleet.json_lines("logs", "fleet/web/2", "--tail", "1")
    assert (line["container"], line["text"]) == ("fleet/web/2/app", "this is version 1")
    with fleet.following("logs", "fleet/web", "--follow", "--tail", "0") as following:
        time.sleep(2)
        fleet.call("restart", "fleet/web/2")
        assert following.stdout is not None
        assert following.stdout.readline() == "fleet/web/2/app | this is version 1\n"
        following.send_signal(signal.SIGINT)
        assert following.wait(timeout=10) == 0


def test_exec_and_actions_reach_the_replica_that_is_meant(fleet: LocalProject) -> None:
    assert fleet.call("exec", "fleet/web/2", "--", "cat", STATE).stdout == "1\n"
    assert fleet.call("exec", "fleet/page", "--", "cat", "/index.html").stdout == "first\n"
    assert fleet.call("do", "fleet/web/greet", "name=Ann", "times=2").stdout == "hello Ann 3\n"


def test_a_restart_takes_one_replica_after_the_other(fleet: LocalProject, addresses: list[str]) -> None:
    with Watch(addresses, WEB, STATE) as watch:
        told = fleet.call("restart", "fleet/web").stdout
    assert [line.split(" on ")[0] for line in told.splitlines()] == ["restarted fleet/web/app", "restarted fleet/web/2/app"]
    assert watch.missed > 0
    assert watch.dark == 0
    assert [row["container"] for row in fleet.json_lines("restart", "fleet/page")] == ["fleet/page/app"]


def test_an_update_takes_one_replica_after_the_other_and_tells_its_steps(
    fleet: LocalProject, addresses: list[str], replicas: list[str]
) -> None:
    fleet.configure({"fleet/web": {"version": 2}, "fleet/page": {"word": "second"}})
    with Watch(addresses, WEB, STATE) as watch:
        told = fleet.shown_up()
    assert (watch.dark, versions(addresses)) == (0, ["2", "2"])
    assert watch.missed > 0
    steps = [f"{word} {name}/app" for name in replicas for word in ("starting", "asking", "ready")]
    found = [told.index(step) for step in ("staging", *steps)]
    assert found == sorted(found)
    assert "ready fleet/page/app" in told
    outputs = fleet.outputs()
    await_page(str(outputs["hosts"][outputs["placement"]["workloads"]["fleet/page"]]["private"]), PAGE, "second")


def test_a_check_that_never_holds_ends_the_update_at_the_first_replica(
    fleet: LocalProject, addresses: list[str], replicas: list[str]
) -> None:
    before, served = started(fleet, replicas[1]), versions(addresses)
    fleet.configure({"fleet/web": {"version": 3, "expected": 4}})
    with Watch(addresses, WEB, STATE) as watch, pytest.raises(EngineFailure) as failed:
        fleet.up()
    said = str(failed.value)
    assert f"{replicas[0]}/app was not ready: its check did not hold (it is asked: http-get(" in said
    assert "at last: its value is false" in said
    assert "this is version 3" in said
    assert "the previous bundle serves again" in said
    assert (watch.dark, versions(addresses)) == (0, served)
    assert started(fleet, replicas[1]) == before


def test_an_interrupted_update_puts_the_previous_version_back_and_the_next_one_goes_through(
    fleet: LocalProject, addresses: list[str], replicas: list[str]
) -> None:
    served = versions(addresses)
    fleet.configure({"fleet/web": {"version": 5, "pause": 5}})
    with Watch(addresses, WEB, STATE) as watch:
        told = fleet.interrupted_up(at=f"asking {replicas[0]}/app")
    assert "cancelled" in told
    assert (watch.dark, versions(addresses)) == (0, served)
    fleet.up()
    assert versions(addresses) == ["5", "5"]


def test_a_unit_edited_by_hand_is_drift_of_a_refresh_and_repaired_by_the_next_up(
    fleet: LocalProject, replicas: list[str]
) -> None:
    unit = f"{replicas[0].replace('/', '-')}-app.container"
    edit = f"sed -i s/RestartSec=3/RestartSec=4/ /etc/containers/systemd/{unit}"
    assert LocalShell(fleet.machine("node-1").name).run(edit).ok
    assert fleet.refresh() == {"node-1": [f"unit {unit} was changed on the host"], "node-2": []}
    assert fleet.up().get("update") == 1
    assert fleet.refresh() == {"node-1": [], "node-2": []}
