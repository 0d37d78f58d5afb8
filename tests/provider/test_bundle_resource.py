"""The plugin over its own protocol, without an engine; the hosts are the sandbox's, in this process."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import grpc
import pytest
from served import Served, Simulated, serving

from provisioner.host import document
from provisioner.host.model import Bundle, DiskMount, Gate, SecretSlot, Unit
from provisioner.protocol.values import UNKNOWN, Secret
from provisioner.resolve.model import Parts, SecretRef

URN = "urn:pulumi:dev::tests::provisioner:index:Bundle::app-1"
SECRET = "hunter2-and-more"
Changes = dict[str, Any]


@dataclass
class Fixture:
    provider: Served
    hosts: Simulated


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Fixture]:
    with serving(tmp_path / "sandbox.db") as (provider, hosts):
        monkeypatch.setenv("PROVISIONER_SANDBOX", hosts.address)
        hosts.machine("i-1")
        yield Fixture(provider=provider, hosts=hosts)


def contents(version: str = "1.4", more: str = "") -> Bundle:
    image = f"registry.example.com/web:{version}"
    text = f"[Container]\nImage={image}\nNetwork=provisioner.network\nAddHost=db.internal:%{{address:data-1}}\n{more}"
    made = Bundle(
        host="app-1",
        units=(Unit(name="provisioner.network", text="[Network]\n"), Unit(name="shop-web-app.container", text=text)),
        secrets=(SecretSlot(name="secret.token", value=Parts((SecretRef(name="token"),))),),
        disks=(DiskMount(volume="pgdata", path="/data"),),
        gates=(Gate(workload="shop/web", container="app", service="shop-web-app.service", image=image, timeout=300),),
    )
    return replace(made, digest=document.digest_of(made))


def inputs(made: Bundle | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "host": "app-1",
        "hostId": "i-1",
        "address": "10.0.0.4",
        "transport": "sandbox",
        "bundle": document.to_data(made or contents()),
        "devices": {"pgdata": "/dev/vdb"},
        "addresses": {"data-1": "10.0.0.7"},
        "secretValues": {"token": Secret(SECRET)},
        **changes,
    }


def test_create_brings_the_bundle_with_addresses_and_digests_of_secrets(sandbox: Fixture) -> None:
    checked, failures = sandbox.provider.check(URN, inputs())
    assert failures == []
    made, outputs = sandbox.provider.create(URN, checked)
    assert (made, outputs["digest"], outputs["drift"]) == ("i-1", contents().digest, [])
    assert outputs["containers"] == [
        {
            "workload": "shop/web",
            "container": "app",
            "image": "registry.example.com/web:1.4",
            "state": "running",
            "health": "",
            "ports": [],
        }
    ]
    (stored,) = sandbox.hosts.bundles()
    assert "AddHost=db.internal:10.0.0.7" in stored["bundle"]["units"][1]["text"]
    assert stored["disks"] == [{"volume": "pgdata", "path": "/data", "device": "/dev/vdb"}]
    assert SECRET not in str(stored)
    assert SECRET not in str(outputs)


def test_check_keeps_secrets_marked_and_adds_a_summary(sandbox: Fixture) -> None:
    checked, _ = sandbox.provider.check(URN, inputs())
    assert checked["secretValues"] == {"token": Secret(SECRET)}
    assert checked["summary"]["image of shop/web"] == "registry.example.com/web:1.4"
    again, failures = sandbox.provider.check(URN, checked)
    assert (again, failures) == (checked, [])


def test_a_preview_with_unknown_values_brings_nothing(sandbox: Fixture) -> None:
    unknown = inputs(hostId=UNKNOWN, address=UNKNOWN, addresses={"data-1": UNKNOWN}, secretValues={"token": Secret(UNKNOWN)})
    checked, failures = sandbox.provider.check(URN, unknown)
    assert failures == []
    made, outputs = sandbox.provider.create(URN, checked, preview=True)
    assert (made, outputs["hostId"], outputs["containers"]) == ("", UNKNOWN, UNKNOWN)
    assert sandbox.hosts.bundles() == []


@pytest.mark.parametrize(
    ("changes", "property", "reason"),
    [
        ({"hostname": "x"}, "hostname", "unknown property"),
        ({"transport": "pigeon"}, "transport", 'expected one of ssh, local, sandbox, found "pigeon"'),
        ({"host": 3}, "host", "expected text, found int"),
        ({"devices": "none"}, "devices", "expected a mapping of text, found str"),
        ({"devices": {"pgdata": 1}}, 'devices["pgdata"]', "expected text, found int"),
        ({"devices": {}}, "devices", 'the bundle needs "pgdata", which is not given'),
        ({"addresses": {}}, "addresses", 'the bundle needs "data-1", which is not given'),
        ({"secretValues": {}}, "secretValues", 'the bundle needs "token", which is not given'),
        ({"bundle": {"units": []}}, "bundle", "bundle: expected digest, disks"),
        (
            {"bundle": document.to_data(contents(more="Memory=1\n"))},
            "bundle",
            "shop-web-app.container:5:0: unsupported key 'Memory'",
        ),
    ],
)
def test_check_names_the_property_and_what_is_wrong(sandbox: Fixture, changes: Changes, property: str, reason: str) -> None:
    _, failures = sandbox.provider.check(URN, inputs(**changes))
    assert [(found, words[: len(reason)]) for found, words in failures] == [(property, reason)]


@pytest.mark.parametrize(
    ("changes", "details", "replaces"),
    [
        ({}, {}, []),
        ({"made": contents("1.5")}, {'summary["image of shop/web"]': "UPDATE"}, []),
        ({"made": contents(more="PublishPort=80:80\n")}, {'summary["ports of shop/web"]': "ADD"}, []),
        ({"secretValues": {"token": Secret("another")}}, {'secretValues["token"]': "UPDATE"}, []),
        ({"addresses": {"data-1": "10.0.0.8"}}, {'addresses["data-1"]': "UPDATE"}, []),
        ({"devices": {"pgdata": UNKNOWN}}, {'devices["pgdata"]': "UPDATE"}, []),
        ({"address": "10.0.0.5"}, {"address": "UPDATE"}, []),
        ({"hostId": "i-2"}, {"hostId": "UPDATE_REPLACE"}, ["hostId"]),
        ({"hostId": UNKNOWN}, {"hostId": "UPDATE_REPLACE"}, ["hostId"]),
    ],
)
def test_diff_says_what_a_person_would_say(sandbox: Fixture, changes: Changes, details: Changes, replaces: list[str]) -> None:
    before, _ = sandbox.provider.check(URN, inputs())
    after, failures = sandbox.provider.check(URN, inputs(**changes))
    assert failures == []
    _, outputs = sandbox.provider.create(URN, before)
    assert sandbox.provider.diff(URN, before, outputs, after) == (details, replaces)


def test_an_update_tells_the_engine_in_words_and_applies(sandbox: Fixture) -> None:
    before, _ = sandbox.provider.check(URN, inputs())
    after, _ = sandbox.provider.check(URN, inputs(contents("1.5"), secretValues={"token": Secret("another")}))
    _, outputs = sandbox.provider.create(URN, before)
    preview = sandbox.provider.update(URN, before, outputs, after, preview=True)
    assert preview["containers"] is UNKNOWN
    assert sandbox.provider.told == ["image of shop/web: 1.4 to 1.5", "secret token: another value"]
    assert sandbox.hosts.bundles()[0]["status"]["digest"] == contents().digest
    updated = sandbox.provider.update(URN, before, outputs, after)
    assert sandbox.hosts.bundles()[0]["status"]["digest"] == updated["digest"] == contents("1.5").digest


def test_read_finds_drift_that_an_update_repairs(sandbox: Fixture) -> None:
    checked, _ = sandbox.provider.check(URN, inputs())
    made, outputs = sandbox.provider.create(URN, checked)
    assert sandbox.provider.read(URN, made, checked, outputs) == (made, checked, outputs)
    (stored,) = sandbox.hosts.bundles()
    stored["status"]["containers"][0]["state"] = "exited"
    stored["status"]["secrets"] = {}
    sandbox.hosts.put(stored)
    _, _, found = sandbox.provider.read(URN, made, checked, outputs)
    assert found["drift"] == ["secret secret.token is missing", "state of shop/web/app is exited, expected running"]
    assert sandbox.provider.diff(URN, checked, found, checked) == ({"drift": "UPDATE"}, [])
    repaired = sandbox.provider.update(URN, checked, found, checked)
    assert sandbox.provider.told[0] == "repairs secret secret.token is missing"
    assert sandbox.provider.read(URN, made, checked, repaired) == (made, checked, outputs)


def test_what_is_gone_reads_as_gone_and_deletes_again(sandbox: Fixture) -> None:
    checked, _ = sandbox.provider.check(URN, inputs())
    made, outputs = sandbox.provider.create(URN, checked)
    sandbox.provider.delete(URN, made, outputs)
    assert sandbox.hosts.bundles() == []
    assert sandbox.provider.read(URN, made, checked, outputs)[0] == ""
    sandbox.provider.delete(URN, made, {**outputs, "hostId": "i-gone"})


def test_an_unknown_host_is_refused(sandbox: Fixture) -> None:
    checked, _ = sandbox.provider.check(URN, inputs(hostId="i-9"))
    with pytest.raises(grpc.RpcError, match="no route to host: the simulated clouds have no machine 'i-9'"):
        sandbox.provider.create(URN, checked)


@pytest.mark.parametrize("address", ["", "127.0.0.1:1"])
def test_without_the_sandbox_the_message_says_how_to_get_it(
    sandbox: Fixture, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("PROVISIONER_SANDBOX", address)
    checked, _ = sandbox.provider.check(URN, inputs())
    with pytest.raises(grpc.RpcError, match="run the command under `provisioner sandbox run"):
        sandbox.provider.create(URN, checked)
