"""`provisioner do` on a real host: typed arguments, commands in the containers, actions that run actions."""

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from conftest import Hosts
from host_bundles import Site, bundle, unit
from test_operate import Stack

from provisioner.deploy import engine
from provisioner.deploy.hosts.progress import Progress

pytestmark = pytest.mark.hosts

PACKAGE = """
namespace: shop
web:
  defines: runnable
  variables: {greeting: hello}
  containers: {app: {image: busybox}}
  actions:
    greet:
      arguments: {name: {type: string}, times: {type: int, default: 1}}
      code: exec("app", "echo", $greeting, $args["name"], $args["times"] 1 add to-s)
    relay: {code: 'act("shop/web/greet", "name", "you") trim'}
    fail: {code: 'exec("app", "sh", "-c", "echo it is broken >&2; exit 3")'}
    outside: {code: ip-address-public}
"""


@pytest.fixture(scope="module")
def deployed(hosts: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    if engine.find() is None:
        pytest.skip("no Pulumi engine in the cache or on PATH: run `provisioner engine install`")
    host = hosts(1)[0]
    site = Site(host, host.ssh)
    site.contact()
    site.apply(bundle(unit("web", "sleep 600")))
    stack = Stack(tmp_path_factory.mktemp("done"), {"app-1": site})
    stack.define(PACKAGE, "shop/web", {"shop/web": {"greeting": "welcome"}})
    yield stack
    site.resource.delete(host.name, site.outputs, Progress())


def test_an_action_runs_with_its_arguments_in_their_types(deployed: Stack) -> None:
    assert deployed.call("do", "shop/web/greet", "name=Ann", "times=2").stdout == "welcome Ann 3\n"
    relayed = json.loads(deployed.call("do", "shop/web/relay", "--json").stdout)
    assert relayed == {"value": "welcome you 2", "error": None}
    schema = Path(__file__).parents[2] / "docs" / "reference" / "schemas" / "do.json"
    jsonschema.validate(relayed, json.loads(schema.read_text()))


@pytest.mark.parametrize(
    ("words", "status", "why"),
    [
        (("shop/web/greet",), 1, "greet needs name=…"),
        (("shop/web/greet", "name=Ann", "tims=2"), 1, "did you mean times?"),
        (("shop/web/greet", "name=Ann", "times=two"), 1, "the argument times is of type int"),
        (("shop/web/greet", "Ann"), 2, 'expected ARGUMENT=VALUE, each once, found "Ann"'),
        (("shop/web/great",), 2, 'did you mean "shop/web/greet"?'),
        (("shop/web/outside",), 1, "ip-address-public has no answer on a host"),
        (("shop/web/fail",), 1, "exec in app: status 3, it is broken"),
    ],
    ids=["missing", "unknown", "wrong type", "no pair", "no such action", "not of a host", "fails"],
)
def test_what_cannot_be_done_is_said(deployed: Stack, words: tuple[str, ...], status: int, why: str) -> None:
    said = deployed.call("do", *words, status=status).stderr
    assert why in said
    if status == 1 and "greet" in words[0]:
        assert "shop.yaml:8" in said
