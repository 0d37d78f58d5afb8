"""A service without state is updated, and nobody who asks for it is left without an answer."""

from pathlib import Path

import pytest
from host_client import Client
from network_bed import Site, site_of

from provisioner.deploy.hosts import local_machine
from provisioner.errors import HostError

pytestmark = pytest.mark.hosts

PACKAGE = Path(__file__).parent / "slots.yaml"
USER = ("right-1", "net-user-main", "app.web.net.internal", 80)

site = site_of(PACKAGE)


def serving(site: Site) -> str:
    return site.run("left-1", "podman ps --format '{{.Names}}' | grep net-web")


def changed(folder: Path, old: str, new: str) -> Path:
    (folder / "slots.yaml").write_text(PACKAGE.read_text().replace(old, new))
    return folder


def test_an_update_is_not_noticed_by_who_asks(site: Site, tmp_path: Path) -> None:
    before, address = serving(site), site.machines["left-1"].address
    assert site.ask("left-1", before, "app.web.net.internal", 80) == "first"
    with Client(address, 8080, "") as client:
        site.up(changed(tmp_path, "echo first", "echo second"))
    assert client.asked > 50
    assert client.missed == 0
    after = serving(site)
    assert {before, after} == {"net-web-app_a", "net-web-app_b"}
    assert site.ask(*USER) == "second"
    assert site.ask("left-1", after, "app.web.net.internal", 80) == "second"


def test_a_version_that_never_gets_ready_is_not_noticed_either(site: Site, tmp_path: Path) -> None:
    site.up(PACKAGE)
    before, address = serving(site), site.machines["left-1"].address
    broken = changed(tmp_path, "echo first > /index.html", "sleep 2; exit 1")
    with Client(address, 8080, "first") as client, pytest.raises(HostError, match="the previous bundle serves again"):
        site.up(broken)
    assert client.missed == 0
    assert serving(site) == before
    assert site.ask(*USER) == "first"


def test_the_slot_that_served_serves_after_a_boot(site: Site, tmp_path: Path) -> None:
    site.up(changed(tmp_path, "echo first", "echo third"))
    before, host = serving(site), site.machines["left-1"]
    host.shell.run("sync")
    local_machine.kill(host.machine)
    host.boot()
    site.wait(*USER, heard="third")
    assert serving(site) == before
