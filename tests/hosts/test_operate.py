"""`ps`, `logs`, `exec` and `restart` against containers on real hosts, through the state that the engine keeps."""

import json
import os
import pty
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from commands import Commands, engine_environment
from conftest import Hosts
from host_bundles import Site, bundle, unit, web

from provisioner.deploy import engine
from provisioner.deploy.hosts.progress import Progress

pytestmark = pytest.mark.hosts

TALK = "trap exit TERM; echo hello from $HOSTNAME; while sleep 0.2; do echo tick; done"


class Stack(Commands):
    """A stack whose state says that two hosts have bundles, and a third that does not answer where asked for."""

    def __init__(self, folder: Path, sites: Mapping[str, Site]) -> None:
        self.sites = sites
        (folder / "Pulumi.yaml").write_text("name: operated\nruntime: yaml\n")
        super().__init__(folder, "live", engine_environment(folder))
        subprocess.run(["pulumi", "stack", "init", "live"], cwd=folder, env=self.environment, check=True, capture_output=True)
        self.keep(sites)

    def keep(self, sites: Mapping[str, Site]) -> None:
        manifest: dict[str, str] = {}
        state = {
            "version": 3,
            "deployment": {"manifest": manifest, "resources": [_stack(), *map(_resource, sites, sites.values())]},
        }
        (self.folder / "state.json").write_text(json.dumps(state))
        command = ["pulumi", "stack", "import", "--file", "state.json", "--stack", "live"]
        subprocess.run(command, cwd=self.folder, env=self.environment, check=True, capture_output=True)

    def define(self, package: str, name: str, variables: Mapping[str, Mapping[str, object]] = {}) -> None:
        """Its project has this package, of which it deploys `name` on this machine."""
        (self.folder / "blueprints").mkdir()
        (self.folder / "blueprints" / "shop.yaml").write_text(package)
        config = {"package": name, "target": {"cloud": "local", "region": "this-machine"}, "variables": variables}
        settings = {f"provisioner:{key}": value for key, value in config.items()}
        (self.folder / "Pulumi.live.yaml").write_text(yaml.safe_dump({"config": settings}))


def _stack() -> Mapping[str, Any]:
    kind = "pulumi:pulumi:Stack"
    return {"urn": f"urn:pulumi:live::operated::{kind}::operated-live", "custom": False, "type": kind}


def _resource(name: str, site: Site) -> Mapping[str, Any]:
    """As the engine would keep it; without the secrets, which nothing here reads."""
    kind = "provisioner:index:Bundle"
    inputs = {key: value for key, value in site.inputs.items() if key != "secretValues"} | {"host": name}
    return {
        "urn": f"urn:pulumi:live::operated::{kind}::{name}",
        "custom": True,
        "id": site.host.name,
        "type": kind,
        "inputs": inputs,
        "outputs": {**site.outputs, "host": name},
    }


@pytest.fixture(scope="module")
def stack(hosts: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """`front-1` is reached over SSH, `back-1` directly."""
    if engine.find() is None:
        pytest.skip("no Pulumi engine in the cache or on PATH: run `provisioner engine install`")
    first, second = hosts(2)
    front, back = Site(first, first.ssh), Site(second, second.local)
    front.contact()
    front.apply(bundle(web("one"), unit("talk", TALK)))
    back.apply(bundle(unit("work", TALK)))
    yield Stack(tmp_path_factory.mktemp("operated"), {"front-1": front, "back-1": back})
    for site in (front, back):
        site.resource.delete(site.host.name, site.outputs, Progress(lambda _: None))


def test_ps_shows_what_runs_and_names_who_is_silent(stack: Stack) -> None:
    rows = json.loads(stack.call("ps", "--json").stdout)
    schema = Path(__file__).parents[2] / "docs" / "reference" / "schemas" / "ps.json"
    jsonschema.validate(rows, json.loads(schema.read_text()))
    assert [(row["host"], row["workload"], row["state"], row["health"]) for row in rows] == [
        ("back-1", "shop/work", "running", ""),
        ("front-1", "shop/web", "running", "healthy"),
        ("front-1", "shop/talk", "running", ""),
    ]
    front = stack.sites["front-1"]
    lost = Site(
        front.host,
        front.reach,
        inputs=front.inputs,
        outputs={**front.outputs, "transport": "local", "reach": {"address": "gone-1"}},
    )
    try:
        stack.keep({**stack.sites, "lost-1": lost})
        shown = stack.call("ps", status=1)
        assert "lost-1: does not answer: there is no host gone-1 on this machine" in shown.stderr
        assert shown.stdout.count("running") == 3
        assert shown.stdout.count("unknown") == 2
        assert "\x1b" not in shown.stdout + shown.stderr
    finally:
        stack.keep(stack.sites)


def test_logs_of_one_container_and_a_name_that_is_not_there(stack: Stack) -> None:
    lines = stack.call("logs", "shop/talk", "--tail", "3").stdout.splitlines()
    assert lines == ["tick"] * 3
    wrong = stack.call("logs", "shop/wrok", status=2)
    assert 'no runnable or container "shop/wrok"; did you mean "shop/work"?' in wrong.stderr


@pytest.mark.parametrize("name", ["shop/talk", "shop/work"])
def test_followed_logs_go_on_over_a_restart_and_end_on_an_interrupt(stack: Stack, name: str) -> None:
    with stack.following("logs", name, "-f", "--tail", "1") as following:
        assert following.stdout is not None
        assert following.stdout.readline() == "tick\n"
        assert f"restarted {name}/app on " in stack.call("restart", name).stdout
        deadline = time.monotonic() + 20
        while not (line := following.stdout.readline()).startswith("hello from"):
            assert line == "tick\n"
            assert time.monotonic() < deadline
        following.send_signal(signal.SIGINT)
        _, errors = following.communicate(timeout=10)
        assert (following.returncode, errors) == (0, "")
    for site in stack.sites.values():
        site.run("for _ in 1 2 3 4 5 6 7 8 9 10; do pgrep -x journalctl || exit 0; sleep 0.3; done; exit 1")


@pytest.mark.parametrize("name", ["shop/web", "shop/work/app"])
def test_exec_passes_input_output_and_status(stack: Stack, name: str) -> None:
    done = stack.call("exec", name, "--", "sh", "-c", 'cat; echo "$1" >&2; exit 7', "sh", "a 'b' $c", given="given\n", status=7)
    assert (done.stdout, done.stderr) == ("given\n", "a 'b' $c\n")
    assert stack.call("exec", name, "--", "test", "-t", "0", status=1).stdout == ""


@pytest.mark.parametrize("name", ["shop/web", "shop/work"])
def test_exec_has_a_terminal_where_there_is_one(stack: Stack, name: str) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        stack.words("exec", name, "--", "sh", "-c", "test -t 0 && test -t 1 && echo terminal"),
        cwd=stack.folder,
        env=stack.environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        assert process.wait(timeout=30) == 0
    assert os.read(ours, 1000).decode().strip() == "terminal"


def test_a_restart_that_does_not_get_ready_is_told(stack: Stack) -> None:
    site = stack.sites["back-1"]
    site.run("systemctl mask --runtime shop-work-app.service")
    try:
        failed = stack.call("restart", "shop/work", status=1)
    finally:
        site.run("systemctl unmask --runtime shop-work-app.service; systemctl start shop-work-app.service")
    assert "shop/work/app on back-1 did not get ready" in failed.stderr
    assert "is masked" in failed.stderr
