"""What containers on real hosts hear of each other: by name, over the tunnel, and only what is declared."""

import urllib.error
import urllib.request
from pathlib import Path

import pytest
from network_bed import Site, site_of

from provisioner.deploy.hosts import local_machine

pytestmark = pytest.mark.hosts

PACKAGE = Path(__file__).parent / "network.yaml"

HEARD = [
    ("web", "main.db.net.internal:5432", "db", "a declared connection, over the tunnel"),
    ("web", "sql.db.net.internal:5432", "db", "by the name of the service"),
    ("db", "app.web.net.internal:80", "web", "back, as connections are often cyclic"),
    ("web", "app.web.net.internal:80", "web", "itself"),
    ("two", "one.pair.net.internal:80", "one", "a container of the same runnable"),
    ("stray", "WEB:8080", "web", "a published port, from a container of the same host"),
    ("db", "WEB:8080", "web", "a published port, from a container of another host"),
    ("web", "main.db.net.internal:5433", "", "another port of a declared target"),
    ("stray", "main.db.net.internal:5432", "", "undeclared, on another host"),
    ("db", "main.stray.net.internal:80", "", "undeclared, the other way"),
    ("stray", "app.web.net.internal:80", "", "undeclared, on the same host"),
    ("web", "main.stray.net.internal:80", "", "undeclared, the other way"),
    ("db", "WEB:8081", "", "a port of the host that is not published"),
    ("stray", "10.210.1.254:22", "", "the host's own services"),
]

CONTAINERS = {
    "web": ("left-1", "net-web-app"),
    "stray": ("left-1", "net-stray-main"),
    "two": ("left-1", "net-pair-two"),
    "db": ("right-1", "net-db-main"),
}

site = site_of(PACKAGE)


@pytest.mark.parametrize(("source", "target", "heard", "why"), HEARD, ids=[f"{row[0]} to {row[1]}: {row[3]}" for row in HEARD])
def test_who_hears_whom(site: Site, source: str, target: str, heard: str, why: str) -> None:
    name, port = target.split(":")
    address = site.machines["left-1"].address if name == "WEB" else name
    assert site.ask(*CONTAINERS[source], address, int(port)) == heard, why


def test_from_outside_only_what_is_published_answers(site: Site) -> None:
    web = site.machines["left-1"].address
    with urllib.request.urlopen(f"http://{web}:8080/", timeout=2) as answer:
        assert answer.read() == b"web\n"
    for port in (8081, 80, 5432, 53):
        with pytest.raises((urllib.error.URLError, TimeoutError)):
            urllib.request.urlopen(f"http://{web}:{port}/", timeout=0.5)


def test_a_workload_more_restarts_nothing_and_cuts_nothing(site: Site, tmp_path: Path) -> None:
    """It is known everywhere at once; a connection that stands goes on; addresses stay."""
    before = {host: site.started(host) for host in site.machines}
    addresses = dict(site.last.containers)
    held = "(sleep 1000 | podman exec -i net-web-app nc main.db.net.internal 5432) >/dev/null 2>&1 &"
    site.run("left-1", held)
    more = """
alpha:
  defines: runnable
  affinity: {tag: right}
  containers:
    main:
      image: docker.io/library/busybox:latest
      bash: "trap 'exit 0' TERM; echo alpha > /index.html; httpd -f -p 80 -h / & wait"
  services:
    http: {container: main, port: 80, protocol: tcp}
  connections:
    stray: {runnable: net/stray, service: http}
"""
    text = PACKAGE.read_text().replace("members: [", "members: [net/alpha, ") + more
    (tmp_path / "network.yaml").write_text(text)
    site.up(tmp_path / "network.yaml")

    after = {host: site.started(host) for host in site.machines}
    assert {host: {name: after[host].get(name) for name in started} for host, started in before.items()} == before
    assert {name: site.last.containers[name] for name in addresses} == addresses
    assert site.ask("right-1", "net-alpha-main", "main.stray.net.internal", 80) == "stray"
    assert site.ask("left-1", "net-stray-main", "main.alpha.net.internal", 80) == ""
    assert "ESTAB" in site.run("right-1", "nsenter -n -t $(podman inspect -f '{{.State.Pid}}' net-db-main) ss -tn sport = :5432")
    site.run("left-1", "pkill -f 'sleep 1000'; true")


def test_a_connection_that_is_no_longer_declared_ends_and_others_go_on(site: Site, tmp_path: Path) -> None:
    """Each was opened while all were declared, and sends its request only after the update."""
    site.up(PACKAGE)
    held = {"web": "main.db.net.internal 5432", "db": "app.web.net.internal 80", "two": "one.pair.net.internal 80"}
    for source, target in held.items():
        host, container = CONTAINERS[source]
        waiting = "(until [ -f /tmp/go ]; do sleep 0.1; done; printf 'GET / HTTP/1.0\\r\\n\\r\\n'; sleep 3)"
        site.run(host, f"({waiting} | timeout 60 podman exec -i {container} nc {target} >/tmp/heard.{source}) >/dev/null 2>&1 &")
    site.run("left-1", "sleep 1")
    text = PACKAGE.read_text()
    for name, line in (("web", "{runnable: net/web, service: http}"), ("db", "{runnable: net/db, service: sql}")):
        text = text.replace(f"  connections:\n    {name}: {line}\n", "  connections:\n")
    (tmp_path / "network.yaml").write_text(text.replace("  connections:\n\n", "\n"))
    site.up(tmp_path / "network.yaml")
    for host in site.machines:
        site.run(host, "touch /tmp/go; sleep 2; rm /tmp/go")
    heard = {source: site.run(CONTAINERS[source][0], f"tail -n 1 /tmp/heard.{source}") for source in held}
    assert heard == {"web": "", "db": "", "two": "one"}
    site.up(PACKAGE)


def test_after_a_boot_everything_is_as_it_was(site: Site) -> None:
    host = site.machines["right-1"]
    host.shell.run("sync")
    local_machine.kill(host.machine)
    host.boot()
    site.wait(*CONTAINERS["web"], "main.db.net.internal", 5432, heard="db")
    assert site.ask(*CONTAINERS["db"], "app.web.net.internal", 80) == "web"
    assert site.ask(*CONTAINERS["db"], "main.stray.net.internal", 80) == ""
