"""How a zone that exists is found in each simulated cloud."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from provisioner.sandbox import configuration, lifecycle
from provisioner.sandbox.kinds import CloudRefusal
from provisioner.sandbox.lifecycle import Subject
from provisioner.sandbox.registry import load_catalogs
from provisioner.sandbox.state import State
from provisioner.sandbox.world import StateWorld

CATALOGS = load_catalogs()


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    made = State(tmp_path / "state.db")
    yield made
    made.close()


def create(state: State, package: str, token: str, inputs: Mapping[str, Any], name: str) -> str:
    config = configuration.complete(package, {"region": "eu-west-1"})
    subject = Subject(package=package, urn=f"urn:pulumi:dev::tests::{token}::{name}", config=config)
    with state.transaction():
        return lifecycle.create(state, CATALOGS[package].kind(token), subject, inputs).id


def ask(state: State, package: str, function: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    config = configuration.complete(package, {"region": "eu-west-1"})
    with state.transaction():
        return CATALOGS[package].function(function)(arguments, config, StateWorld(state))


def test_aws_finds_the_one_zone_of_a_name(state: State) -> None:
    function = "aws:route53/getZone:getZone"
    with pytest.raises(CloudRefusal, match="no matching Route 53 Hosted Zone found"):
        ask(state, "aws", function, {"name": "example.com"})
    first = create(state, "aws", "aws:route53/zone:Zone", {"name": "example.com"}, "first")
    assert ask(state, "aws", function, {"name": "example.com."})["zoneId"] == first
    create(state, "aws", "aws:route53/zone:Zone", {"name": "example.com"}, "second")
    with pytest.raises(CloudRefusal, match="multiple Route 53 Hosted Zones matched"):
        ask(state, "aws", function, {"name": "example.com"})


def test_google_lists_the_zones_of_a_project(state: State) -> None:
    inputs: dict[str, Any] = {"name": "example", "dnsName": "example.com.", "labels": {}}
    create(state, "gcp", "gcp:dns/managedZone:ManagedZone", inputs, "zone")
    (zone,) = ask(state, "gcp", "gcp:dns/getManagedZones:getManagedZones", {})["managedZones"]
    assert (zone["name"], zone["dnsName"], zone["visibility"]) == ("example", "example.com.", "public")


def test_azure_finds_a_zone_in_its_group(state: State) -> None:
    package, function = "azure-native", "azure-native:dns:getZone"
    create(
        state, package, "azure-native:resources:ResourceGroup", {"resourceGroupName": "dns", "location": "westeurope"}, "group"
    )
    zone = {"resourceGroupName": "dns", "zoneName": "example.com", "location": "global"}
    zone_id = create(state, package, "azure-native:dns:Zone", zone, "zone")
    assert ask(state, package, function, {"resourceGroupName": "dns", "zoneName": "example.com"})["id"] == zone_id
    with pytest.raises(CloudRefusal, match="under resource group 'other' was not found"):
        ask(state, package, function, {"resourceGroupName": "other", "zoneName": "example.com"})
