"""A readiness check that only the language decides gates an update on a real host: asked by the provider while the host waits."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from conftest import Hosts
from host_bundles import Site, bundle, unit, web

from provisioner.deploy.hosts.progress import Progress
from provisioner.errors import HostError
from provisioner.host import document
from provisioner.host.model import Bundle, LiveCheck, Unit

pytestmark = pytest.mark.hosts

READY = 'http-get("http://localhost/state.json") parse-json $version eq? act("shop/web/state") nil? not and'


@pytest.fixture
def site(hosts: Hosts) -> Iterator[Site]:
    host = hosts(1)[0]
    made = Site(host=host, reach=host.ssh)
    made.contact()
    yield made
    made.resource.delete(host.name, made.outputs, Progress())


def service(version: int) -> Unit:
    """Answers two seconds after its start, with its version."""
    script = f"echo this is v{version}; sleep 2; echo v{version} > /tmp/index.html; echo {version} > /tmp/state.json"
    return unit("web", f"{script}; httpd -f -p 80 -h /tmp", more="PublishPort=8080:80\n")


def checked(*units: Unit, version: int, attempts: int = 20) -> Bundle:
    state: dict[str, Any] = {"code": 'exec("app", "cat /tmp/state.json")', "arguments": {}}
    answers = {"variable version": version, "action shop/web/state": state}
    asked = {"answers": answers, "containers": {"app": "shop-web-app"}, "ports": {"80": "app"}}
    check = LiveCheck(
        workload="shop/web",
        container="app",
        service="shop-web-app.service",
        code=READY,
        asked=json.dumps(asked),
        period=0.5,
        initial_delay=0,
        attempts=attempts,
        timeout=20,
    )
    made = replace(bundle(*units), checks=(check,))
    return replace(made, digest=document.digest_of(made))


def test_dependents_start_once_it_holds_and_the_previous_bundle_serves_where_it_does_not(site: Site) -> None:
    after = unit("after", "sleep 600")
    site.apply(checked(service(1), after, version=1))
    asked, ready = site.told.index("asking shop/web/app"), site.told.index("ready shop/web/app")
    assert asked < ready < site.told.index("starting shop/after/app")
    assert site.page() == "v1"
    assert site.drift() == []

    site.told.clear()
    site.apply(checked(service(1), after, version=1))
    assert site.told == []

    with pytest.raises(HostError) as failure:
        site.apply(checked(service(2), unit("after", "sleep 601"), version=3, attempts=8))
    said = str(failure.value)
    assert "shop/web/app was not ready: its check did not hold (it is asked: http-get(" in said
    assert "at last: its value is false" in said
    assert "this is v2" in said
    assert "the previous bundle serves again" in said
    assert site.told.count("starting shop/after/app") <= 1
    assert site.drift() == []


def test_without_a_verdict_the_host_puts_the_previous_bundle_back(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.apply(bundle(web("v1")))
    monkeypatch.setattr("provisioner.deploy.hosts.switch._VERDICT", "cat >/dev/null")
    monkeypatch.setattr("provisioner.deploy.hosts.generation._VERDICT_SECONDS", -17)
    with pytest.raises(HostError, match="nobody decided its check within 3 seconds"):
        site.apply(checked(service(2), version=2))
    assert site.page() == "v1"
