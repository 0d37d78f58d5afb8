"""Values that only a deployment knows, from what a package writes to what its container receives."""

import re
from pathlib import Path

import pytest
from placed_plan import placement

from provisioner.errors import InputError, Problems
from provisioner.host.bundle import bundle
from provisioner.host.delivery import Delivery, deliver, needed_addresses
from provisioner.host.quadlet_check import refusals
from provisioner.package import load
from provisioner.plan.build import build
from provisioner.plan.model import Target
from provisioner.resolve import resolve

PACKAGE = """\
namespace: shop
db:
  defines: runnable
  replicas: 2
  containers: {main: {image: "db:1"}}
  services: {sql: {container: main, port: 5432, host-port: 6543}}
web:
  defines: runnable
  permitted-secrets: {key: true}
  containers:
    app:
      image: "web:1"
      environment:
        - VALUE=@VALUE@
  files:
    plain: {container: app, path: /plain, contents: '100% {{ v "own" }}'}
    secret: {container: app, path: /secret, contents: '{{ v "key" }}@{{ v "own" }}'}
  connections: {db: {runnable: ./db, service: sql}}
  services: {http: {container: app, port: 80, host-port: 80}}
  variables: {own: <- ip-address-public, key: <- secret("key")}
platform:
  defines: blueprint
  runs: [./db, ./web]
  network: {egress: @EGRESS@}
  hosts: {app: {count: 2}}
  balancers: {front: {type: http, service: shop/web/http, domain: shop.example.com}}
"""
ASSIGNED = {"shop/web": "app-1", "shop/db": "app-2", "shop/db/2": "app-1"}
ADDRESSES = {"app-1": "10.0.0.1", "app-2": "10.0.0.2", "public/app-1": "203.0.113.1", "public/app-2": "203.0.113.2"}

RECEIVED = {
    "ip-address-public": "203.0.113.1",
    'ip-address-public("shop/db")': "203.0.113.2",
    'peer-ip-address("./db")': "203.0.113.2",
    'service-public-ip("db", "sql")': "203.0.113.2",
    'connection-public-ip("db")': "203.0.113.2",
    'connection-public-port("db")': "6543",
    'connection-ip("db")': r"10\.210\.\d+\.\d+",
    "get-resolver-ip": r"10\.210\.\d+\.254",
    'runnable-peers("shop/db")': re.escape(r"[\"app-2\", \"app-1\"]"),
    'runnable-peers-public-ips("shop/db")': re.escape(r"[\"203.0.113.2\", \"203.0.113.1\"]"),
    "domain-name": "shop.example.com",
    '"http://" ip-address-public ":" connection-public-port("db") "/%7E"': re.escape("http://203.0.113.1:6543/%%7E"),
}


@pytest.mark.parametrize("expression", RECEIVED)
def test_a_container_receives_it(expression: str, tmp_path: Path) -> None:
    environment = next(line for line in unit(delivered(expression, tmp_path)).splitlines() if line.startswith("Environment="))
    assert re.fullmatch(f'Environment="?VALUE={RECEIVED[expression]}"?', environment), environment


def test_files_and_secrets_receive_it_too(tmp_path: Path) -> None:
    found = delivered('"known"', tmp_path)
    (plain,) = (file for file in found.bundle.files if file.path.endswith("/plain"))
    assert plain.contents == "100% 203.0.113.1"
    assert [value for name, value in found.secrets.items() if "secret" in name] == ["k3y@203.0.113.1"]
    assert "Label=provisioner.addresses=203.0.113.1" in unit(found)


@pytest.mark.parametrize(
    ("expression", "egress"),
    [("ip-address-public", "nat"), ('exec("app", "date")', "direct"), ('entity-state("shop/db")', "direct")],
)
def test_what_no_host_knows_is_refused(expression: str, egress: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="which no host can be given here"):
        delivered(expression, tmp_path, egress=egress)


def delivered(expression: str, folder: Path, *, egress: str = "direct") -> Delivery:
    text = PACKAGE.replace("VALUE=@VALUE@", f'<- "VALUE=" {expression} concat-all').replace("@EGRESS@", egress)
    if egress == "nat":
        text = text.replace("own: <- ip-address-public", "own: x")
    (folder / "shop.yaml").write_text(text, "utf-8")
    problems = Problems()
    resolved = resolve(load([folder]), "shop/platform", problems=problems)
    plan = build(resolved, Target(cloud="aws", region="eu-west-1", zones=("eu-west-1a",)), problems=problems)
    made = bundle(plan, placement({"workloads": ASSIGNED, "runs-on": ASSIGNED}), "app-1")
    assert needed_addresses(made) <= ADDRESSES.keys()
    found = deliver(made, addresses=ADDRESSES, devices={}, secrets={"key": "k3y"}, keys=dict.fromkeys(ADDRESSES, f"{'A' * 43}="))
    assert not list(refusals(found.bundle.units))
    return found


def unit(found: Delivery) -> str:
    return next(one.text for one in found.bundle.units if one.name == "shop-web-app.container")
