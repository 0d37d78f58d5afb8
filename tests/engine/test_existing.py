"""Balancers for HTTP in a network and a DNS zone that another stack owns, with the real engine, from `up` to `destroy`.

Nothing of what was there is changed or goes: the stack that owns it finds it as it left it. On Azure a gateway for HTTP needs a
subnet of its own, so there one guest has a TCP balancer in the other's network, and one an HTTP balancer in a network of its own.
"""

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest
from catalogue_stack import Simulated, catalogue_stack
from harness import Harness
from test_existing_network import as_it_is_called

from provisioner.clouds.discovery import clouds
from provisioner.sandbox.state import opened

OWNED = """
namespace: t
ours:
  defines: blueprint
  network: {egress: nat, zones: 2, cidr: 10.30.0.0/16}
  zones: {example.com: {create: true}}
"""
GUEST = """
namespace: t
web:
  defines: runnable
  containers: {web: {image: "nginx:1.27"}}
  services: {http: {container: web, port: 8080, protocol: tcp, host-port: 8080}}
guest:
  defines: blueprint
  runs: [t/web]
  network: {egress: nat, zones: 2, cidr: 10.30.0.0/16EXISTING}
  hosts: {app: {count: 2, disk: 30GiB, needs: {cpu: 1, memory: 1GiB}}}
  zones: {example.com: ZONE}
  balancers:
    plain: {type: TYPE, domain: www.example.com, zone: example.com, service: t/web/http, health-check: HEALTH}
"""
HEALTH = "{kind: http, url: URL}"
SECURE = "    secure: {type: https, domain: shop.example.com, zone: example.com, service: t/web/http, health-check: HEALTH}\n"


CASES = [("aws", True, "http"), ("gcp", True, "http"), ("azure", True, "tcp"), ("azure", False, "http")]


def test_every_cloud_has_a_guest() -> None:
    assert {cloud for cloud, *_ in CASES} == set(clouds())


@pytest.mark.parametrize(("cloud", "is_inside", "kind"), CASES)
def test_the_life_of_a_guest(simulated: Simulated, tmp_path: Path, cloud: str, *, is_inside: bool, kind: str) -> None:
    owner = catalogue_stack(simulated, "t/ours", cloud, packages=write(tmp_path / "owned", OWNED), project="owner")
    owner.up()
    owned = contents(owner)
    packages = tmp_path / "guest"
    text = guest(owner, cloud, is_inside=is_inside).replace("TYPE", kind)
    stack = catalogue_stack(simulated, "t/guest", cloud, packages=write(packages, text.replace("URL", "/healthz")))
    assert set(stack.up()) == {"create"}
    assert {each.id for each in stack.exists()} == stack.cloud_ids() | owner.cloud_ids()
    assert not stack.cloud_ids() & owner.cloud_ids()
    assert set(stack.up()) <= {"same", "read"}

    write(packages, text.replace("URL", "/ready"))
    changed = stack.up()
    assert set(changed) <= {"same", "read", "update"}
    assert changed["update"] >= 1
    assert "/ready" in json.dumps([dict(each.inputs) for each in stack.exists()])

    stack.destroy()
    assert contents(owner) == owned
    assert set(owner.up()) <= {"same", "read"}
    owner.destroy()
    assert owner.exists() == []


def guest(owner: Harness, cloud: str, *, is_inside: bool) -> str:
    """The guest's package: what it may call the owner's network and zone."""
    with opened(owner.state_file) as state:
        words = as_it_is_called(cloud, state)
    inner = ", ".join(f"{key}: {value}" for key, value in words.items())
    existing = f", existing: {{{cloud}: {{{inner}}}}}" if is_inside else ""
    zone = f"{{group: {words['network'].partition('/')[0]}}}" if cloud == "azure" else "{}"
    text = GUEST + (SECURE if "balancer-https" in clouds()[cloud].capabilities else "")
    return text.replace("EXISTING", existing).replace("ZONE", zone).replace("HEALTH", HEALTH)


def write(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "t.yaml").write_text(textwrap.dedent(text))
    return folder


def contents(stack: Harness) -> Mapping[str, object]:
    return {each.id: each.outputs for each in stack.exists()}
