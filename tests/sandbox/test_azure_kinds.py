"""Simulated Azure against the case file: what it refuses, what it changes, and what it answers."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.sandbox import checking, lifecycle, registry
from provisioner.sandbox.changes import find_changes
from provisioner.sandbox.configuration import SUBSCRIPTION, TENANT
from provisioner.sandbox.kinds import UNKNOWN, CloudRefusal
from provisioner.sandbox.lifecycle import Subject
from provisioner.sandbox.naming import Naming
from provisioner.sandbox.schema import Schema
from provisioner.sandbox.state import Resource, State
from provisioner.sandbox.world import StateWorld

CASES = yaml.safe_load((Path(__file__).parent.parent / "cases" / "sandbox" / "azure.yaml").read_text())
CATALOG = registry.load_catalogs()["azure-native"]
SCHEMA = Schema(CATALOG.schemas)
CONFIG = {"location": "westeurope", "subscriptionId": SUBSCRIPTION, "tenantId": TENANT}
PROVIDERS = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/"

Inputs = Mapping[str, Any]


class Cloud:
    """A simulated cloud without the engine."""

    def __init__(self, state: State) -> None:
        self.state = state

    def create(self, token: str, inputs: Inputs, logical: str = "thing") -> Resource:
        with self.state.transaction():
            return lifecycle.create(
                self.state, CATALOG.kind(token), subject(token, logical), self.checked(token, inputs, logical)
            )

    def change(self, token: str, id: str, inputs: Inputs) -> Resource:
        with self.state.transaction():
            about = subject(token, "changed")
            return lifecycle.update(self.state, CATALOG.kind(token), about, id, self.checked(token, inputs, "changed"))

    def delete(self, found: Resource) -> None:
        with self.state.transaction():
            lifecycle.delete(self.state, CATALOG.kind(found.token), subject(found.token, "any"), found.id)

    def find(self, name: str) -> Resource:
        """An existing resource, by its name in the case file."""
        with self.state.transaction():
            return next(each for each in self.state.select("TRUE") if each.name == name)

    def checked(self, token: str, inputs: Inputs, logical: str) -> Inputs:
        about = subject(token, logical)
        asked = lifecycle.call(about, inputs, lifecycle.make_digest(about.urn), StateWorld(self.state))
        found = checking.check(CATALOG.kind(token), SCHEMA, asked, {}, b"\x12\x34\x56\x78\x9a", Naming())
        if found.failures:
            raise CloudRefusal("; ".join(f"{failure.property}: {failure.reason}" for failure in found.failures))
        return found.inputs


def subject(token: str, name: str) -> Subject:
    return Subject(package="azure-native", urn=f"urn:pulumi:dev::tests::{token}::{name}", config=CONFIG)


def valid(name: str, changes: Inputs | None = None) -> tuple[str, dict[str, Any]]:
    """Type and inputs of a valid resource of the case file, with some of its properties set."""
    inputs = deepcopy(CASES["valid"][name]["inputs"])
    for path, value in (changes or {}).items():
        *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
        place = inputs
        for step in way:
            place = place[step]
        place[last] = value
        if value is None:
            del place[last]
    return CASES["valid"][name]["type"], complete(inputs)


def complete(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: complete(item) for name, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [complete(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return PROVIDERS + value.removeprefix("~/") if isinstance(value, str) and value.startswith("~/") else value


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    state = State(tmp_path / "state.db")
    made = Cloud(state)
    for name in CASES["exists"]:
        made.create(*valid(name), logical=name)
    yield made
    state.close()


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["title"])
def test_refused(cloud: Cloud, case: Inputs) -> None:
    if "before" in case:
        first = CASES["first"][case["before"]]
        cloud.create(*valid(first["of"], first["set"]), logical="first")
    with pytest.raises(CloudRefusal) as refused:
        cloud.create(*valid(case["of"], case.get("set")))
    assert case["says"] in str(refused.value)


def test_a_region_has_so_many_cores(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of two cores is there, which a change does not count twice; spot machines count apart."""
    monkeypatch.setattr("provisioner.sandbox.azure.machines.MOST_CORES", 3)
    words = "exceeding quota limits of Core. Maximum allowed: 3, Current in use: 2, Additional requested: 2."
    with pytest.raises(CloudRefusal, match=re.escape(words)):
        cloud.create(*valid("second-machine"))
    cloud.create(*valid("second-machine", {"priority": "Spot", "evictionPolicy": "Delete"}))
    token, larger = valid("machine", {"hardwareProfile.vmSize": "Standard_D4s_v5"})
    with pytest.raises(CloudRefusal, match="Current in use: 0, Additional requested: 4"):
        cloud.change(token, cloud.find("machine").id, larger)


def test_the_valid_ones_that_cases_start_from_are_accepted(cloud: Cloud) -> None:
    for name in CASES["valid"].keys() - set(CASES["exists"]):
        cloud.create(*valid(name), logical=name)


@pytest.mark.parametrize("case", CASES["unchangeable"], ids=lambda case: case["title"])
def test_refused_as_a_change(cloud: Cloud, case: Inputs) -> None:
    token, inputs = valid(case["of"], case["set"])
    with pytest.raises(CloudRefusal) as refused:
        cloud.change(token, cloud.find(case["of"]).id, inputs)
    assert case["says"] in str(refused.value)
    assert not replaces(case)


@pytest.mark.parametrize("case", CASES["changeable"], ids=lambda case: case["title"])
def test_changed_in_place(cloud: Cloud, case: Inputs) -> None:
    token, inputs = valid(case["of"], case["set"])
    assert cloud.change(token, cloud.find(case["of"]).id, inputs).inputs == inputs
    assert not replaces(case)


@pytest.mark.parametrize("case", CASES["replaced"], ids=lambda case: case["title"])
def test_replaced(case: Inputs) -> None:
    assert replaces(case) == [case["path"]]


def replaces(case: Inputs) -> list[str]:
    """The properties for which the provider asks for a replacement."""
    token, before = valid(case["of"])
    changes = find_changes(before, valid(case["of"], case["set"])[1], immutable=CATALOG.kind(token).immutable)
    return [change.path for change in changes if change.replaces]


@pytest.mark.parametrize("case", CASES["kept"], ids=lambda case: case["of"])
def test_kept_while_in_use(cloud: Cloud, case: Inputs) -> None:
    with pytest.raises(CloudRefusal, match=case["says"]):
        cloud.delete(cloud.find(case["of"]))


def test_every_simulated_type_has_a_schema() -> None:
    assert CATALOG.kinds.keys() == CATALOG.schemas["resources"].keys()


def test_ids_are_resource_paths(cloud: Cloud) -> None:
    assert cloud.find("group").id == f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
    assert cloud.find("hosts").id == f"{PROVIDERS}Microsoft.Network/virtualNetworks/net/subnets/hosts"
    container = cloud.create(*valid("container"))
    assert container.id == f"{PROVIDERS}Microsoft.Storage/storageAccounts/demoassets1/blobServices/default/containers/assets"


def test_names_get_eight_digits_without_a_dash(cloud: Cloud) -> None:
    made = cloud.create(*valid("disk", {"diskName": None}), logical="demo-data")
    assert made.inputs["diskName"] == "demo-data12345678"


def test_addresses_come_from_the_subnet_and_stay(cloud: Cloud) -> None:
    assert [private(cloud.find(name)) for name in ("card", "spare-card")] == ["10.20.16.4", "10.20.16.5"]
    token, inputs = valid("spare-card", {"tags": {"a": "b"}})
    cloud.delete(cloud.find("balancer"))
    assert private(cloud.change(token, cloud.find("spare-card").id, inputs)) == "10.20.16.5"
    assert cloud.find("entry").outputs["ipAddress"] != cloud.find("nat-address").outputs["ipAddress"]


def private(interface: Resource) -> str:
    return interface.outputs["ipConfigurations"][0]["privateIPAddress"]


def test_a_disk_shows_its_machine_until_that_lets_it_go(cloud: Cloud) -> None:
    machine = cloud.find("machine")
    assert cloud.find("disk").outputs["managedBy"] == machine.id
    token, inputs = valid("machine", {"storageProfile.dataDisks": []})
    cloud.change(token, machine.id, inputs)
    assert cloud.find("disk").outputs["diskState"] == "Unattached"
    cloud.delete(cloud.find("disk"))
    cloud.delete(cloud.find("machine"))
    cloud.delete(cloud.find("card"))


def test_identities_come_back_as_a_map(cloud: Cloud) -> None:
    shown = cloud.find("machine").outputs["identity"]["userAssignedIdentities"]
    assert shown[cloud.find("identity").id]["clientId"] == cloud.find("identity").outputs["clientId"]


def test_parts_of_a_balancer_get_whole_ids(cloud: Cloud) -> None:
    balancer = cloud.find("balancer")
    (rule,) = balancer.outputs["loadBalancingRules"]
    assert rule["probe"]["id"] == f"{balancer.id}/probes/web"
    assert balancer.outputs["probes"][0]["id"] == rule["probe"]["id"]


@pytest.mark.parametrize("name", sorted(CASES["valid"]))
def test_a_preview_in_which_nothing_is_known_is_accepted(cloud: Cloud, name: str) -> None:
    token, inputs = valid(name)
    shape = SCHEMA.document["resources"][token]["properties"]
    unknown = {key: value if "enum" in str(shape[key]) else UNKNOWN for key, value in inputs.items()}
    kind = CATALOG.kind(token)
    outputs = lifecycle.preview_create(kind, cloud.checked(token, unknown, name))
    assert all(outputs[key] is UNKNOWN for key in (*kind.computed, *kind.reshaped))
