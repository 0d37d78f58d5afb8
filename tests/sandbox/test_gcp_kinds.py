"""Simulated Google Cloud against the case file: what it refuses, and what it answers."""

import re
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.sandbox import checking, lifecycle, registry
from provisioner.sandbox.changes import find_changes, shrunk
from provisioner.sandbox.gcp.network import MOST_NETWORKS
from provisioner.sandbox.kinds import UNKNOWN, CloudRefusal
from provisioner.sandbox.lifecycle import Subject
from provisioner.sandbox.naming import Naming
from provisioner.sandbox.schema import Schema
from provisioner.sandbox.state import Resource, State
from provisioner.sandbox.world import StateWorld

CASES = yaml.safe_load((Path(__file__).parent.parent / "cases" / "sandbox" / "gcp.yaml").read_text())
CATALOG = registry.load_catalogs()["gcp"]
SCHEMA = Schema(CATALOG.schemas)
CONFIG = {"project": "tests", "region": "europe-west1", "zone": "europe-west1-b"}
INSTANCE, DISK = "gcp:compute/instance:Instance", "gcp:compute/disk:Disk"
SUBNETWORK = "gcp:compute/subnetwork:Subnetwork"


class Cloud:
    """A simulated cloud without the engine."""

    def __init__(self, state: State) -> None:
        self.state = state

    def create(self, token: str, inputs: Mapping[str, Any], logical: str = "thing") -> Resource:
        kind, about = CATALOG.kind(token), subject(token, logical)
        with self.state.transaction():
            asked = lifecycle.call(about, inputs, lifecycle.make_digest(about.urn), StateWorld(self.state))
            checked = checking.check(kind, SCHEMA, asked, {}, b"\x12\x34\x56\x78", Naming())
            if checked.failures:
                raise CloudRefusal("; ".join(f"{failure.property}: {failure.reason}" for failure in checked.failures))
            return lifecycle.create(self.state, kind, about, checked.inputs)

    def delete(self, token: str, identity: str) -> None:
        with self.state.transaction():
            lifecycle.delete(self.state, CATALOG.kind(token), subject(token, "any"), identity)

    def find(self, token: str, name: str) -> Resource:
        with self.state.transaction():
            return next(each for each in self.state.select("token = ?", token) if each.outputs.get("name") == name)


def subject(token: str, name: str) -> Subject:
    return Subject(package="gcp", urn=f"urn:pulumi:dev::tests::{token}::{name}", config=CONFIG)


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    state = State(tmp_path / "state.db")
    made = Cloud(state)
    for number, each in enumerate(CASES["exists"]):
        made.create(each["type"], each["inputs"], f"thing-{number}")
    yield made
    state.close()


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["title"])
def test_refused(cloud: Cloud, case: Mapping[str, Any]) -> None:
    with pytest.raises(CloudRefusal, match=case["says"]):
        cloud.create(case["type"], case["inputs"])


@pytest.mark.parametrize("case", CASES["kept"], ids=lambda case: case["name"])
def test_kept_while_in_use(cloud: Cloud, case: Mapping[str, Any]) -> None:
    with pytest.raises(CloudRefusal, match=case["says"]):
        cloud.delete(case["type"], cloud.find(case["type"], case["name"]).id)


def test_a_project_has_so_many_networks(cloud: Cloud) -> None:
    token = "gcp:compute/network:Network"
    for number in range(MOST_NETWORKS - 2):  # two are there
        cloud.create(token, {"name": f"more-{number}"}, f"more-{number}")
    with pytest.raises(CloudRefusal, match=re.escape("Quota 'NETWORKS' exceeded.  Limit: 15.0 globally., quotaExceeded")):
        cloud.create(token, {"name": "one-too-many"})


@pytest.mark.parametrize(("machine", "fits"), [("n2-standard-32", False), ("e2-standard-4", True)])
def test_a_region_has_so_many_processors(cloud: Cloud, machine: str, monkeypatch: pytest.MonkeyPatch, *, fits: bool) -> None:
    """Two machines of two processors each are there."""
    monkeypatch.setattr("provisioner.sandbox.gcp.hosts.MOST_VCPUS", 8)
    more = {**cloud.find(INSTANCE, "host-1").inputs, "name": "host-3", "machineType": machine}
    words = re.escape("Quota 'CPUS' exceeded.  Limit: 8.0 in region europe-west1")
    with nullcontext() if fits else pytest.raises(CloudRefusal, match=words):
        cloud.create(INSTANCE, more)


def test_every_simulated_type_has_a_schema() -> None:
    assert CATALOG.kinds.keys() == CATALOG.schemas["resources"].keys()


def test_ids_links_and_addresses(cloud: Cloud) -> None:
    machine = cloud.find(INSTANCE, "host-1")
    assert machine.id == "projects/tests/zones/europe-west1-b/instances/host-1"
    assert machine.outputs["selfLink"] == f"https://www.googleapis.com/compute/v1/{machine.id}"
    assert len(machine.outputs["instanceId"]) == 19
    assert machine.outputs["networkInterfaces"][0]["networkIp"] == "10.0.0.2"
    assert cloud.find(INSTANCE, "host-2").outputs["networkInterfaces"][0]["networkIp"] == "10.0.0.3"
    assert "accessConfigs" not in machine.outputs["networkInterfaces"][0]
    assert cloud.find("gcp:compute/address:Address", "entry").outputs["address"] == "34.76.0.2"


def test_names_are_chosen_where_they_are_left_out(cloud: Cloud) -> None:
    made = cloud.create(DISK, {"zone": "europe-west1-b"}, "Demo-Data")
    assert made.outputs["name"] == "demo-data-1234567"


def test_references_by_id_self_link_and_name(cloud: Cloud) -> None:
    network = cloud.find("gcp:compute/network:Network", "net")
    for number, reference in enumerate((network.id, network.outputs["selfLink"], "net")):
        made = cloud.create("gcp:compute/router:Router", {"name": f"router-{number}", "network": reference})
        assert made.outputs["project"] == "tests"


def test_an_attachment_shows_on_both_sides_and_goes_again(cloud: Cloud) -> None:
    machine = cloud.find(INSTANCE, "host-1")
    assert machine.outputs["attachedDisks"][0]["deviceName"] == "data"
    assert cloud.find(DISK, "data").outputs["users"] == [machine.outputs["selfLink"]]
    cloud.delete("gcp:compute/attachedDisk:AttachedDisk", f"{machine.id}/data")
    assert cloud.find(INSTANCE, "host-1").outputs["attachedDisks"] == []
    assert cloud.find(DISK, "data").outputs["users"] == []
    cloud.create("gcp:compute/attachedDisk:AttachedDisk", {"disk": "data", "instance": "host-2"})


def test_a_deleted_machine_lets_its_disk_go(cloud: Cloud) -> None:
    machine = cloud.find(INSTANCE, "host-1")
    cloud.delete(INSTANCE, machine.id)
    cloud.delete("gcp:compute/attachedDisk:AttachedDisk", f"{machine.id}/data")
    cloud.delete(DISK, cloud.find(DISK, "data").id)


@pytest.mark.parametrize(
    ("change", "replaces"),
    [
        ({"machineType": "e2-standard-4"}, False),
        ({"labels": {"team": "web"}}, False),
        ({"metadata": {"user-data": "#cloud-config"}}, False),
        ({"zone": "europe-west1-c"}, True),
        ({"scheduling": {"preemptible": True}}, True),
        ({"bootDisk": {"initializeParams": {"image": "debian-cloud/debian-12", "size": 30, "type": "pd-balanced"}}}, True),
        ({"bootDisk": {"initializeParams": {"image": "debian-cloud/debian-13", "size": 60, "type": "pd-balanced"}}}, False),
    ],
    ids=str,
)
def test_what_replaces_a_machine(cloud: Cloud, change: Mapping[str, Any], *, replaces: bool) -> None:
    kind, olds = CATALOG.kind(INSTANCE), cloud.find(INSTANCE, "host-1").inputs
    changes = find_changes(olds, {**olds, **change}, immutable=kind.immutable)
    assert changes
    assert any(each.replaces for each in changes) == replaces


def test_a_disk_grows_in_place_only() -> None:
    assert CATALOG.kind(DISK).grows_only == {"size"}


def test_a_range_grows_in_place_only() -> None:
    (grown,) = CATALOG.kind(SUBNETWORK).grows_only
    assert not shrunk([grown], {grown: "10.0.0.0/24"}, {grown: "10.0.0.0/20"})
    assert shrunk([grown], {grown: "10.0.0.0/20"}, {grown: "10.0.0.0/24"})
    assert shrunk([grown], {grown: "10.0.0.0/24"}, {grown: "10.1.0.0/20"})


def test_a_global_service_moves_between_external_schemes_only(cloud: Cloud) -> None:
    token = "gcp:compute/backendService:BackendService"
    made = cloud.find(token, "web")

    def to(scheme: str) -> Resource:
        with cloud.state.transaction():
            inputs = {**made.inputs, "loadBalancingScheme": scheme}
            return lifecycle.update(cloud.state, CATALOG.kind(token), subject(token, made.name), made.id, inputs)

    assert to("EXTERNAL").outputs["loadBalancingScheme"] == "EXTERNAL"
    with pytest.raises(CloudRefusal, match="cannot be changed from EXTERNAL"):
        to("INTERNAL_MANAGED")


def test_before_the_create_a_machine_has_no_known_address(cloud: Cloud) -> None:
    inputs = cloud.find(INSTANCE, "host-1").inputs
    assert lifecycle.preview_create(CATALOG.kind(INSTANCE), inputs)["networkInterfaces"] is UNKNOWN


def test_images_of_a_family(cloud: Cloud) -> None:
    find = CATALOG.function("gcp:compute/getImage:getImage")
    with cloud.state.transaction():
        world = StateWorld(cloud.state)
        found = find({"family": "debian-13-arm64", "project": "debian-cloud"}, CONFIG, world)
        assert found["selfLink"].endswith("/debian-cloud/global/images/debian-13-trixie-arm64-v20261015")
        assert found["family"] == "debian-13-arm64"
        assert find({"name": found["name"], "project": "debian-cloud"}, CONFIG, world)["selfLink"] == found["selfLink"]
        with pytest.raises(CloudRefusal, match="images/family/debian-99' was not found"):
            find({"family": "debian-99", "project": "debian-cloud"}, CONFIG, world)
