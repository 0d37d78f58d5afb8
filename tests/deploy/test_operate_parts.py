"""What operating a stack's hosts rests on: names, the engine's state, the hosts' journals."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.deploy.hosts.inspect import parse as parse_state
from provisioner.deploy.hosts.shell import Reach
from provisioner.deploy.operate import logs, names
from provisioner.deploy.operate.names import Target, targets
from provisioner.deploy.operate.sites import Site, sites
from provisioner.deploy.operate.survey import as_found
from provisioner.deploy.provider.transport import Machine
from provisioner.errors import HostError, UsageError
from provisioner.host import document
from provisioner.host.model import Bundle, Gate, Slot

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "operate" / "names.yaml").read_text())


def site(host: str, *containers: str) -> Site:
    machine = Machine(host=host, id=f"i-{host}", reach=Reach(transport="ssh", address=host))
    gates = tuple(gate(*name.rsplit("/", 1)) for name in containers)
    return Site(stack="dev", machine=machine, bundle=Bundle(host=host, gates=gates))


def gate(workload: str, container: str) -> Gate:
    service = f"{workload.replace('/', '-')}-{container}.service"
    return Gate(workload=workload, container=container, service=service, image="docker.io/library/busybox", timeout=5)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_name_means_these_containers(case: dict[str, Any]) -> None:
    among = targets(site(host, *containers) for host, containers in case["hosts"].items())
    if "means" in case:
        assert [f"{one.name} {one.site.host}" for one in names.choose(case["name"], among)] == case["means"]
    if "one" in case:
        assert names.one(case["name"], among).name == case["one"]
    if "refused" in case:
        with pytest.raises(UsageError) as refused:
            names.one(case["name"], among)
        assert str(refused.value) == case["refused"]


def exported(**more: Any) -> dict[str, Any]:
    bundle = site("app-1", "shop/web/app").bundle
    bundle = replace(bundle, digest=document.digest_of(bundle))
    way = {"host": "app-1", "hostId": "i-1", "transport": "ssh", "hostKey": "ssh-ed25519 AAAA"}
    reach = {"address": "203.0.113.9", "port": "2222", "jump": "me@bastion:22", "key": "~/.ssh/id"}
    return {
        "urn": "urn:pulumi:dev::shop::provisioner:index:Bundle::app-1",
        "type": "provisioner:index:Bundle",
        "inputs": {"bundle": document.to_data(bundle), "secretValues": {"token": {"ciphertext": "v1:x"}}},
        "outputs": {**way, "reach": reach},
        **more,
    }


def test_hosts_are_read_from_the_engines_state() -> None:
    leaving = exported(delete=True, urn="urn:pulumi:dev::shop::provisioner:index:Bundle::app-0")
    other = {"urn": "urn:pulumi:dev::shop::provisioner:index:Host::app-1", "type": "provisioner:index:Host"}
    (found,) = sites({"deployment": {"resources": [leaving, other, exported()]}})
    assert (found.stack, found.host, found.machine.id, found.is_simulated) == ("dev", "app-1", "i-1", False)
    assert found.machine.reach == Reach(
        transport="ssh",
        address="203.0.113.9",
        port=2222,
        key="~/.ssh/id",
        jump="me@bastion:22",
        host_key="ssh-ed25519 AAAA",
    )
    assert [gate.workload for gate in found.bundle.gates] == ["shop/web"]


@pytest.mark.parametrize("state", [{}, {"deployment": None}, {"deployment": {"resources": None}}])
def test_a_stack_without_a_deployment_has_no_hosts(state: dict[str, Any]) -> None:
    assert sites(state) == ()


def test_what_should_run_and_is_not_there_is_shown() -> None:
    found = as_found(parse_state("containers []"), site("app-1", "shop/web/app").bundle)
    assert [(one.name, one.state) for one in found] == [("shop/web/app", "absent")]


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("said\n", "said"),
        ("\n", ""),
        ("  kept  ", "  kept  "),
        ([104, 195, 40, 10], "h\ufffd("),
        (None, "(a line too long to show)"),
    ],
)
def test_journal_entries_are_read(message: object, text: str) -> None:
    entry = {"__REALTIME_TIMESTAMP": "12", "__CURSOR": "s=1", "CONTAINER_NAME": "shop-web-app", "MESSAGE": message}
    line = logs.parse(json.dumps(entry), {"shop-web-app": "shop/web/app"})
    assert line == logs.Line(at=12, cursor="s=1", container="shop/web/app", text=text)


def test_what_is_no_entry_is_told() -> None:
    with pytest.raises(HostError, match="the journal cannot be read: No journal files were opened"):
        logs.parse("No journal files were opened", {})


def test_both_slots_of_a_container_are_read() -> None:
    slots = tuple(Slot(name=name, service=f"shop-web-app_{name}.service", rules=f"/x/{name}") for name in "ab")
    target = Target(site=site("app-1"), gate=replace(gate("shop/web", "app"), slots=slots))
    command = logs.command([target], 3, follow=True)
    assert command.count("CONTAINER_NAME=shop-web-app_a CONTAINER_NAME=shop-web-app_b") == 2


class Journal:
    """A shell whose host has these entries: time and text."""

    def __init__(self, container: str, *entries: tuple[int, str]) -> None:
        self._texts = [
            json.dumps(
                {"__REALTIME_TIMESTAMP": str(at), "__CURSOR": f"{container}{at}", "CONTAINER_NAME": container, "MESSAGE": text}
            )
            for at, text in entries
        ]

    def lines(self, _command: str) -> list[str]:
        return [*self._texts, self._texts[-1]]


def test_lines_of_several_hosts_are_in_order_of_time_and_a_silent_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    journals = {"app-1": Journal("shop-web-app", (1, "a"), (5, "e")), "app-2": Journal("shop-web-2-app", (2, "b"), (3, "c"))}
    among = targets([site("app-1", "shop/web/app"), site("app-2", "shop/web/2/app"), site("app-3", "shop/web/3/app")])

    def connect(reach: Reach) -> Journal:
        if reach.address not in journals:
            raise HostError("gone")
        return journals[reach.address]

    monkeypatch.setattr(logs, "connect", connect)
    chosen = names.choose("shop/web", among)
    silent, *lines = logs.last(chosen, 10)
    assert silent == logs.Silent(host="app-3", reason="gone")
    told = [(line.container, line.text) for line in lines if isinstance(line, logs.Line)]
    assert told == [("shop/web/app", "a"), ("shop/web/2/app", "b"), ("shop/web/2/app", "c"), ("shop/web/app", "e")]
    followed = [*logs.follow(chosen, 10)]
    assert {line.text for line in followed if isinstance(line, logs.Line)} == {"a", "b", "c", "e"}
    assert {item.host for item in followed if isinstance(item, logs.Silent)} == {"app-1", "app-2", "app-3"}
