"""Whatever goes wrong on a host, the previous version serves on, or the next apply brings order.

The same through the engine: a refused update and a lost host in `test_two_hosts`; a check that never holds, an interrupted
update and a unit edited by hand in `test_replicas_on_hosts`.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Hosts
from host_bundles import IMAGE, TOKEN, Meanwhile, Site, bundle, unit, web
from lying_registry import TRUST, lying_registry

from provisioner.deploy.hosts import connect, local_machine, switch
from provisioner.deploy.hosts.progress import Progress
from provisioner.errors import HostError

pytestmark = pytest.mark.hosts

SLOW = web("v2", delay=4)


@pytest.fixture
def site(hosts: Hosts) -> Iterator[Site]:
    """A host over SSH on which v1 serves; the host is shared, its bundle is not."""
    host = hosts(1)[0]
    made = Site(host=host, reach=host.ssh)
    made.contact()
    made.apply(bundle(web("v1")))
    assert made.page() == "v1"
    yield made
    made.resource.delete(host.name, made.outputs, Progress())


@pytest.fixture
def own_site(fresh_hosts: Hosts) -> Site:
    """The same on a host of the test's own."""
    host = fresh_hosts(1)[0]
    made = Site(host=host, reach=host.ssh)
    made.contact()
    made.apply(bundle(web("v1")))
    return made


def await_start(site: Site, what: str = "starting shop/web/app") -> None:
    """Until the update that is under way has come so far."""
    site.told.clear()
    deadline = time.monotonic() + 30
    while what not in site.told:
        assert time.monotonic() < deadline, site.told
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (unit("web", "echo starting up; sleep 60", health="false", seconds=3), "shop/web/app was not ready within 3 seconds"),
        (unit("web", "echo cannot start; exit 3"), "shop/web/app does not stay up"),
        (unit("web", "exit 3", health="true"), "shop/web/app ended with status 3"),
        (web("v2", image="docker.io/shop/none:1"), "the image docker.io/shop/none:1 cannot be pulled"),
        (web("v2", image=f"docker.io/library/busybox@sha256:{'0' * 64}"), "cannot be pulled"),
    ],
    ids=["never healthy", "dies in a loop", "ends at once", "no image", "another digest"],
)
def test_an_update_that_fails_says_why_and_the_previous_bundle_serves(site: Site, broken: object, why: str) -> None:
    with pytest.raises(HostError, match=why) as failure:
        site.apply(bundle(broken))  # type: ignore[arg-type]
    assert "serves" in str(failure.value)
    assert site.page() == "v1"
    assert site.drift() == []


def test_an_image_whose_digest_differs_is_refused(site: Site) -> None:
    trusted = "/etc/containers/registries.conf.d/lying.conf"
    with lying_registry() as registry:
        assert site.host.shell.run(f"cat >{trusted}", input=TRUST.format(registry).encode()).ok
        image = f"{registry}/shop/web@sha256:{'1' * 64}"
        with pytest.raises(HostError, match=f"the image {image} cannot be pulled") as refused:
            site.apply(bundle(web("v2", image=image)))
    site.run(f"rm {trusted}")
    assert "does not match" in str(refused.value)
    assert (site.page(), site.drift()) == ("v1", [])


def test_the_last_lines_of_a_container_are_shown_without_secrets(site: Site) -> None:
    loud = unit("web", "echo the token is $TOKEN; sleep 1; exit 3", more="Secret=secret.token,type=env,target=TOKEN\n")
    with pytest.raises(HostError, match="the token is «secret»") as failure:
        site.apply(bundle(loud, secrets=(TOKEN,)), token="hunter2-and-more")
    assert "hunter2" not in str(failure.value)
    assert "hunter2" not in site.run("grep -r hunter2 /var/lib/provisioner /etc/provisioner /etc/containers /run/systemd; true")


def test_a_cut_connection_is_no_failure(site: Site) -> None:
    with Meanwhile(lambda: site.apply(bundle(SLOW))) as update:
        await_start(site)
        site.host.shell.run("pkill -KILL -f '[s]shd-session: provisioner'")
    assert update.failure is None, update.failure
    assert "the connection was cut: reaching the host again" in site.told
    assert site.page() == "v2"
    assert site.drift() == []


_CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
from host_bed import TestHost
from host_bundles import Site, bundle, web
from pathlib import Path
from provisioner.deploy.hosts.local_state import find
from provisioner.deploy.hosts.progress import Progress
host = TestHost(machine=find(sys.argv[2]), key=Path(sys.argv[3]))
Site(host=host, reach=host.ssh).apply(bundle(web("v2", delay=4)), progress=Progress(lambda words: print(words, flush=True)))
"""


def test_a_provider_that_is_killed_leaves_a_host_that_ends_the_update_itself(site: Site) -> None:
    command = [sys.executable, "-c", _CHILD, str(Path(__file__).parent), site.host.name, str(site.host.key)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as provider:
        assert provider.stdout is not None
        next(line for line in provider.stdout if line.startswith("starting"))
        os.kill(provider.pid, signal.SIGKILL)
    site.apply(bundle(SLOW))
    assert site.page() == "v2"
    assert site.drift() == []


def test_a_host_that_loses_power_in_an_update_is_brought_to_order_by_the_next(own_site: Site) -> None:
    site = own_site
    with Meanwhile(lambda: site.apply(bundle(SLOW))) as update:
        await_start(site)
        local_machine.kill(site.host.machine)
    assert isinstance(update.failure, HostError)
    assert site.drift() == [words for words in site.drift() if "cannot be read" in words] != []
    site.host.boot()
    # Its processes die one after the other: the script may have seen the start fail before its own end.
    assert site.drift()[0].startswith(("an update stopped midway (switching", "an update stopped midway (undoing"))
    site.apply(bundle(SLOW))
    assert (site.page(), site.drift()) == ("v2", [])


def test_a_full_disk_refuses_the_update_before_anything_changes(fresh_hosts: Hosts) -> None:
    host = fresh_hosts(1)[0]
    site = Site(host=host, reach=host.local)
    site.run("mkdir -p /var/lib/provisioner && mount -t tmpfs -o size=96m tmpfs /var/lib/provisioner")
    site.apply(bundle(web("v1")))
    site.run("dd if=/dev/zero of=/var/lib/provisioner/filler bs=1M count=60 2>&1")
    with pytest.raises(HostError, match="the disk under /var/lib/provisioner is full: expected 64 MiB free"):
        site.apply(bundle(web("v2")))
    assert site.page() == "v1"
    site.run("rm /var/lib/provisioner/filler")
    site.apply(bundle(web("v2")))
    assert site.page() == "v2"


def test_another_host_key_stops_everything(own_site: Site) -> None:
    site = own_site
    key = "/etc/ssh/ssh_host_ed25519_key"
    site.run(f"rm {key} {key}.pub; ssh-keygen -q -t ed25519 -N '' -f {key}; systemctl restart ssh")
    connect.close_all()
    with pytest.raises(HostError, match=r"another host key: expected SHA256:\S+, pinned at first contact, found SHA256:"):
        site.apply(bundle(web("v2")))
    assert site.page() == "v1"


def test_of_two_updates_at_once_the_second_says_who_holds_the_host(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switch, "LOCK_SECONDS", 1)
    second = Site(host=site.host, reach=site.host.local)
    with Meanwhile(lambda: site.apply(bundle(SLOW))) as first:
        await_start(site)
        with pytest.raises(HostError, match=r"is being updated by somebody else: \S+@\S+ \(process \d+\), app-1 since"):
            second.apply(bundle(web("v3")))
    assert first.failure is None
    assert site.page() == "v2"


def test_two_updates_at_once_follow_each_other_where_there_is_time(site: Site) -> None:
    second = Site(host=site.host, reach=site.host.local)
    with Meanwhile(lambda: site.apply(bundle(SLOW))) as first:
        await_start(site)
        second.apply(bundle(web("v3")))
    assert first.failure is None
    assert (second.page(), second.drift()) == ("v3", [])


def test_a_cancelled_update_gives_way_to_the_previous_bundle(site: Site) -> None:
    progress = Progress(site.told.append)
    with Meanwhile(lambda: site.apply(bundle(SLOW), progress=progress)) as update:
        await_start(site)
        progress.cancel()
    assert isinstance(update.failure, HostError)
    assert "cancelled" in str(update.failure)
    assert (site.page(), site.drift()) == ("v1", [])


def test_a_unit_edited_by_hand_is_drift_that_an_update_repairs(site: Site) -> None:
    name = "/etc/containers/systemd/shop-web-app.container"
    site.run(f"sed -i s/v1/edited/ {name} && systemctl daemon-reload && systemctl restart shop-web-app")
    assert site.page() == "edited"
    assert site.drift() == ["unit shop-web-app.container was changed on the host"]
    site.apply(bundle(web("v1")))
    assert (site.page(), site.drift()) == ("v1", [])


SECRET = "podman secret ls --format '{{.Name}}'"


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("systemctl stop shop-web-app", "expected running"),
        ("podman secret rm $(podman secret ls -q)", "secret secret.token is missing"),
        (
            f"printf other | podman secret create --replace $({SECRET}) -; systemctl restart shop-web-app",
            "secret.token was changed",
        ),
        ("rm /etc/containers/systemd/provisioner.network", "unit provisioner.network is missing"),
    ],
)
def test_what_somebody_broke_is_drift_that_an_update_repairs(site: Site, damage: str, words: str) -> None:
    wanted = bundle(web("v1", more="Secret=secret.token,type=env,target=TOKEN\n"), secrets=(TOKEN,))
    site.apply(wanted)
    site.run(damage)
    assert any(words in found for found in site.drift()), site.drift()
    site.apply(wanted)
    assert (site.page(), site.drift()) == ("v1", [])
    assert site.run("podman exec shop-web-app sh -c 'echo $TOKEN'") == "first-token"


def test_another_secret_restarts_what_uses_it_and_comes_back_with_a_failed_update(site: Site) -> None:
    user = web("v1", more="Secret=secret.token,type=env,target=TOKEN\n")
    other = unit("other", "sleep 600")
    told = "podman exec shop-web-app env | grep TOKEN; podman ps --filter name=shop-other-app --format '{{.ID}}'"
    site.apply(bundle(user, other, secrets=(TOKEN,)))
    first, container = site.run(told).splitlines()
    site.apply(bundle(user, other, secrets=(TOKEN,)), token="second-token")
    assert (first, site.run(told).splitlines()) == ("TOKEN=first-token", ["TOKEN=second-token", container])
    with pytest.raises(HostError):
        site.apply(bundle(user, unit("other", "exit 1"), secrets=(TOKEN,)), token="third-token")
    assert site.run(told).splitlines()[0] == "TOKEN=second-token"


def test_a_bundle_of_last_week_comes_back(site: Site) -> None:
    for version in ("v2", "v3", "v1"):
        site.apply(bundle(web(version)))
        assert site.page() == version
    assert site.drift() == []


def test_a_host_that_is_gone_for_good_is_left_and_its_bundle_goes_elsewhere(fresh_hosts: Hosts) -> None:
    gone, other = fresh_hosts(2)
    site, second = Site(host=gone, reach=gone.ssh), Site(host=other, reach=other.ssh)
    site.contact()
    second.contact()
    site.apply(bundle(web("v1")))
    local_machine.kill(gone.machine)
    connect.close_all()
    assert "cannot be read" in site.drift()[0]
    second.apply(bundle(web("v1")))
    site.resource.delete(gone.name, site.outputs, Progress(site.told.append))
    assert "left as it is" in site.told[-1]
    assert second.page() == "v1"


def test_an_image_comes_from_an_archive_which_must_hold_that_very_image(site: Site, tmp_path: Path) -> None:
    archive = tmp_path / "web.tar"
    site.run(f"podman tag {IMAGE} docker.io/shop/web:2 && podman save -q -o /root/web.tar docker.io/shop/web:2")
    archive.write_bytes(site.host.shell.run("cat /root/web.tar; rm /root/web.tar; podman rmi docker.io/shop/web:2 >&2").output)
    site.archives = {"docker.io/shop/web:3": str(archive), "docker.io/shop/web:2": str(archive)}
    with pytest.raises(HostError, match=r"it holds docker.io/shop/web:2; what served before serves on"):
        site.apply(bundle(web("v3", image="docker.io/shop/web:3")))
    site.apply(bundle(web("v2", image="docker.io/shop/web:2")))
    assert site.page() == "v2"


def test_an_unchanged_bundle_is_one_exchange(site: Site) -> None:
    before = site.run("podman ps --format '{{.ID}}'")
    began = time.monotonic()
    site.apply(bundle(web("v1")))
    assert time.monotonic() - began < 2  # On a busy machine; the figure is in docs.
    assert site.run("podman ps --format '{{.ID}}'") == before
    assert IMAGE in site.run("podman ps --format '{{.Image}}'")
