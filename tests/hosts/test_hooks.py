"""Hooks on a real host: at every start and stop, whoever asks for it, and as a gate of an update."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Hosts
from host_client import Client, await_page
from network_bed import Site

from provisioner.errors import HostError

pytestmark = pytest.mark.hosts

PACKAGE = Path(__file__).parent / "hooks.yaml"
APP = "podman ps --format '{{.Names}}' | grep net-web-app"


@pytest.fixture
def site(hosts: Hosts) -> Iterator[Site]:
    standing = Site({"left-1": hosts(1)[0]})
    standing.up(PACKAGE)
    yield standing
    standing.down()


def noted(site: Site) -> list[str]:
    """What hooks told the container beside, since they were last asked; none works any more."""
    site.run(
        "left-1",
        "while systemctl list-units --state=activating --plain '*_started.service' | grep -q _started; do sleep 0.1; done",
    )
    said = site.run("left-1", "podman exec net-web-notes sh -c 'cat /notes; : > /notes'")
    return said.split()


def changed(folder: Path, old: str, new: str) -> Path:
    text = PACKAGE.read_text()
    assert old in text
    (folder / "hooks.yaml").write_text(text.replace(old, new))
    return folder


def page(site: Site, words: str) -> str:
    return await_page(site.machines["left-1"].address, 8080, words)


def test_hooks_happen_at_a_start_an_update_a_restart_and_a_crash(site: Site, tmp_path: Path) -> None:
    assert page(site, "first")
    assert noted(site) == ["starting", "started"]
    with Client(site.machines["left-1"].address, 8080, "") as client:
        site.up(changed(tmp_path, "version: first", "version: second"))
    assert client.missed == 0
    assert page(site, "second")
    assert noted(site) == ["starting", "started", "stopping", "stopped"]
    serving = site.run("left-1", APP)
    site.run("left-1", f"systemctl restart {serving}")
    assert page(site, "second")
    assert noted(site) == ["stopping", "stopped", "starting", "started"]
    site.run("left-1", f"podman kill {serving}")
    site.run("left-1", f"until systemctl is-active -q {serving}; do sleep 0.2; done")
    assert page(site, "second")
    assert noted(site)[-2:] == ["starting", "started"]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (
            "echo starting >> /notes",
            "echo no way >&2; exit 7",
            "container-starting of net/web/app failed: starting in notes",
        ),
        ("echo started >> /notes", "echo no way >&2; exit 7", "container-started of net/web/app failed: init in notes"),
        ("echo ${version} > /index.html", "exit 3", "container-started of net/web/app failed: init in app, status 3"),
    ],
    ids=["before the start", "beside the start", "beside the start, where readiness waits for it"],
)
def test_a_hook_that_fails_is_a_failed_update(site: Site, tmp_path: Path, old: str, new: str, why: str) -> None:
    address = site.machines["left-1"].address
    before = site.run("left-1", APP)
    with Client(address, 8080, "first") as client, pytest.raises(HostError) as failure:
        site.up(changed(tmp_path, old, new))
    assert why in str(failure.value)
    assert "the previous bundle serves again" in str(failure.value)
    assert client.missed == 0
    assert site.run("left-1", APP) == before


def test_a_hook_that_fails_keeps_no_container_from_ending(site: Site, tmp_path: Path) -> None:
    site.up(changed(tmp_path, "echo stopping >> /notes", "exit 7"))
    site.up(changed(tmp_path, "version: first", "version: third"))
    assert page(site, "third")
    assert len(site.run("left-1", APP).split()) == 1
