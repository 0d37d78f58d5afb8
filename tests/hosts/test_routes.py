"""HTTP routes on real hosts: by domain and path, from either host, over an update, and closed with the last route."""

import http.client
from pathlib import Path

import pytest
from host_client import Client
from network_bed import Site, site_of

pytestmark = pytest.mark.hosts

PACKAGE = Path(__file__).parent / "routes.yaml"

ANSWERS = [
    ("any", "/", "first", "a route without a domain"),
    ("any", "/x/", "deep", "what follows the path is passed on"),
    ("any", "/cut/x/", "deep", "a path rewritten by a group of its expression"),
    ("any", "/cut", "first", "a path that the rewrite leaves empty is the root"),
    ("shop.example.com", "/in", "deep", "a route of a domain comes before one of any"),
    ("Shop.Example.COM:80", "/in", "deep", "domains are compared without case and port"),
    ("any", "/in", "", "a domain's route is of that domain alone"),
    ("api.example.com", "/api/", "api", "a container of the other host"),
]


site = site_of(PACKAGE)


def answer(site: Site, host: str, domain: str, path: str) -> str:
    """The page, "" for any other status than 200."""
    connection = http.client.HTTPConnection(site.machines[host].address, 80, timeout=5)
    connection.request("GET", path, headers={"Host": domain})
    found = connection.getresponse()
    body = found.read().decode().strip()
    connection.close()
    return body if found.status == 200 else ""


@pytest.mark.parametrize("host", ["left-1", "right-1"])
@pytest.mark.parametrize(("domain", "path", "page", "why"), ANSWERS, ids=[row[3] for row in ANSWERS])
def test_a_request_is_led_by_domain_and_path(site: Site, host: str, domain: str, path: str, page: str, why: str) -> None:
    assert answer(site, host, domain, path) == page, why


def test_a_container_reaches_routes_at_a_host_and_nothing_more(site: Site) -> None:
    web = site.run("left-1", "podman ps --format '{{.Names}}' | grep net-web")
    assert site.ask("left-1", web, site.machines["left-1"].address, 80) == "first"
    assert site.ask("left-1", web, "10.210.1.254", 80) == ""
    assert site.ask("left-1", web, "main.api.net.internal", 9000) == ""


def test_neither_an_update_nor_another_route_is_noticed(site: Site, tmp_path: Path) -> None:
    text = (
        PACKAGE.read_text().replace("echo first", "echo second").replace("cut: {", "more: {path-prefix: /more}\n        cut: {")
    )
    (tmp_path / "routes.yaml").write_text(text)
    with Client(site.machines["left-1"].address, 80, "") as near, Client(site.machines["right-1"].address, 80, "") as far:
        site.up(tmp_path)
    assert min(near.asked, far.asked) > 50
    assert (near.missed, far.missed) == (0, 0)
    assert [answer(site, host, "any", "/") for host in site.machines] == ["second", "second"]


def test_the_port_closes_with_the_last_route(site: Site, tmp_path: Path) -> None:
    lines = PACKAGE.read_text().splitlines()
    kept = [line for line in lines if "ingress-routes:" not in line and "path-prefix" not in line]
    (tmp_path / "routes.yaml").write_text("\n".join([*kept, "    http: {container: main, port: 9000, protocol: tcp}"]))
    site.up(tmp_path)
    for host in site.machines:
        with pytest.raises(ConnectionRefusedError):
            answer(site, host, "any", "/")
