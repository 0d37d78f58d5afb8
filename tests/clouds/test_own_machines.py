"""Machines that are there already: what a stack may state of them, what is planned on them, and what is registered."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from golden import Fake, Tree, assert_golden, of_type, record, resolved
from own_machines import RACK, families_of, read
from pulumi.runtime.mocks import MockResourceArgs
from simulated import Simulated, cloud_of

from provisioner.clouds.discovery import stocked
from provisioner.deploy import workloads
from provisioner.deploy.hosts.adopt import PROGRAMS
from provisioner.deploy.prepare import Prepared, Request, prepare
from provisioner.deploy.settings import Ssh
from provisioner.deploy.standing import Disk, Standing
from provisioner.errors import InputError
from provisioner.host.cloud_init import PACKAGES

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "clouds" / "inventory.yaml").read_text(encoding="utf-8")
)
INVENTORY, _ = read()
ACCESS = workloads.Access(ssh=Ssh(user="admin", key="~/.ssh/id", jump="me@jump"), is_authorised=False)

MIXED = """
namespace: t
web:
  {defines: runnable, affinity: {tag: web}, containers: {web: {image: nginx}}, connections: {db: {runnable: t/db, service: sql}}}
db:
  defines: runnable
  affinity: {tag: data}
  containers: {db: {image: nginx}}
  services: {sql: {container: db, port: 5432, protocol: tcp}}
b:
  defines: blueprint
  network: {egress: direct, access: {ssh-from: [203.0.113.0/24]}}
  hosts:
    front: {count: 1, needs: {cpu: 1, memory: 1GiB}, tag: web}
    data: {count: 1, cloud: machines, needs: {cpu: 4, memory: 8GiB}, tag: data}
  runs: [t/web, t/db]
"""


def visits(machines: Mapping[str, Any] = RACK, standing: Standing | None = None) -> Prepared:
    """The blueprint with a page on one host and a database with a volume on another."""
    request = Request(name="visits/platform", cloud="machines", region="inventory", inventory=read(machines)[0])
    return prepare(request, standing=standing or Standing())


def delivered(found: Prepared) -> Tree:
    """What the program registers, bundles without what they hold."""

    def build() -> None:
        hosts = families_of(found, INVENTORY)
        workloads.deliver(found, hosts, workloads.values(found.plan, {}), ACCESS)

    tree = record(
        build, mocks=Fake(outputs={"provisioner:index:Host": lambda name, _: {"hostKey": f"key of {name}", "overlayKey": ""}})
    )
    for bundle in of_type(tree, "provisioner:index:Bundle").values():
        bundle["inputs"] = {name: bundle["inputs"][name] for name in ("reach", "hostId", "hostKey", "devices", "addresses")}
    return tree


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_wrong_with_an_inventory_is_said_with_its_place(case: dict[str, Any]) -> None:
    _, problems = read(case["machines"])
    found = [f"[{problem.code}] {problem}".replace("stacks/Pulumi.t.yaml ", "") for problem in problems.errors]
    assert found == case["errors"]


def test_hosts_are_the_machines_and_cost_what_is_stated() -> None:
    found = visits()
    assert {host.name: host.offer.machine for host in found.placement.hosts} == {"front-1": "rack-1", "data-1": "rack-2"}
    (item,) = found.estimate.items
    assert (item.name, item.unit, item.source) == ("host data-1", "month", "the inventory: provisioner:machines/rack-2")
    assert str(found.estimate.monthly.typical) == "40.00 USD"
    assert sum(amount.nano for amount in found.estimate.by_workload.values()) == item.monthly.typical.nano
    assert ["rack-1" in problem.message for problem in found.problems if problem.code == "own-machines"] == [True]


def test_what_is_registered() -> None:
    assert_golden("machines/visits-platform.yaml", delivered(visits()))


def test_a_stack_without_machines_is_refused() -> None:
    with pytest.raises(InputError, match="the stack states no machines"):
        visits({})


def test_a_volume_without_a_disk_is_refused_with_its_place() -> None:
    with pytest.raises(InputError, match="no machine has a disk for the volume visits") as refused:
        visits({name: {**machine, "disks": {}} for name, machine in RACK.items()})
    assert refused.value.problems[0].place.line > 0


def test_a_device_whose_name_may_change_is_warned_of() -> None:
    found = visits({**RACK, "rack-2": {**RACK["rack-2"], "disks": {"visits": "/dev/sdb"}}})
    (warning,) = [problem for problem in found.problems if problem.code == "unstable-device"]
    assert warning.place.path == "provisioner:machines/rack-2/disks/visits"


def test_data_holds_its_host_to_its_machine() -> None:
    there = Standing(
        machines={"front-1": "rack-1", "data-1": "rack-2"},
        disks={"visits": Disk(kind="SSD", size_gib=10, zone="elsewhere", host="data-1")},
    )
    assert visits(standing=there).placement.host("data-1").offer.machine == "rack-2"
    other: Mapping[str, Any] = {"rack-1": RACK["rack-1"], "rack-3": {**RACK["rack-2"], "tags": []}}
    with pytest.raises(InputError, match="the volume visits holds data on rack-2, and data-1 would be on rack-3"):
        visits(other, there)


def test_nobody_has_to_authorise_a_key_on_machines_that_are_there() -> None:
    assert list(workloads.check(visits().plan, {}, ACCESS)) == []


def test_host_groups_on_machines_beside_groups_on_a_cloud(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(MIXED)
    request = Request(name="t/b", cloud="aws", region="eu-west-1", sources=(tmp_path,), inventory=INVENTORY)
    found = prepare(request)
    assert {host.name: host.offer.cloud for host in found.placement.hosts} == {"front-1": "aws", "data-1": "machines"}
    assert {item.cloud for item in found.estimate.items if item.kind == "machine"} == {"aws", "machines"}
    assert list(workloads.check(found.plan, {}, replace(ACCESS, is_authorised=True))) == []
    assert [problem.code for problem in workloads.check(found.plan, {}, ACCESS)] == ["transport"], "the cloud's hosts need a key"
    home = prepare(
        replace(request, cloud="machines", region="inventory", others={"aws": "eu-west-1"}, sources=(other(tmp_path),))
    )
    assert {host.name: host.offer.cloud for host in home.placement.hosts} == {"front-1": "aws", "data-1": "machines"}


def test_hosts_of_both_find_each_other(tmp_path: Path) -> None:
    """At the address that SSH connects to, since neither is in the other's network."""
    (tmp_path / "t.yaml").write_text(MIXED)
    found = prepare(Request(name="t/b", cloud="aws", region="eu-west-1", sources=(tmp_path,), inventory=INVENTORY))
    hosts: dict[str, Any] = {}

    def build() -> None:
        made = families_of(found, INVENTORY)
        public = made["front-1"].public_address
        assert public is not None
        resolved(public, hosts, "front-1")
        workloads.deliver(found, made, workloads.values(found.plan, {}), ACCESS)

    with cloud_of(found.plan.target) as simulated:
        tree = record(build, mocks=WithPlugin(catalog=simulated.catalog, config=simulated.config, state=simulated.state))
    bundles = {
        key.rpartition("::")[2]: value["inputs"] for key, value in tree.items() if key.startswith("provisioner:index:Bundle")
    }
    assert bundles["t-b-front-1"]["addresses"] == {"data-1": "rack-2.example.com"}
    assert bundles["t-b-data-1"]["addresses"] == {"front-1": hosts["front-1"]}
    assert bundles["t-b-front-1"]["reach"]["user"] == "admin"
    assert bundles["t-b-data-1"]["reach"]["user"] == "root"
    contacts = {key: "adoption" in value["inputs"] for key, value in tree.items() if key.startswith("provisioner:index:Host::")}
    assert contacts == {"provisioner:index:Host::t-b-data-1": True, "provisioner:index:Host::t-b-front-1": False}


class WithPlugin(Simulated):
    """The simulated cloud, and the `provisioner` plugin beside it, which finds whatever it is asked for."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        if not args.typ.startswith("provisioner:"):
            return super().new_resource(args)
        given = cast("dict[str, Any]", args.inputs)  # pyright: ignore[reportUnknownMemberType]
        return args.name, {**given, "hostKey": "ssh-ed25519 AAAA", "overlayKey": args.name}


def other(folder: Path) -> Path:
    """The same blueprint where the machines are the stack's own."""
    there = folder / "home"
    there.mkdir()
    text = (folder / "t.yaml").read_text()
    (there / "t.yaml").write_text(
        text.replace("cloud: machines, ", "").replace("{count: 1, needs: {cpu: 1", "{count: 1, cloud: aws, needs: {cpu: 1")
    )
    (folder / "t.yaml").unlink()
    return there


def test_what_first_boot_installs_is_what_adoption_looks_for() -> None:
    assert set(PROGRAMS.values()) == set(PACKAGES)


def test_zones_are_those_of_the_machines() -> None:
    placed = {name: {**machine, "zone": zone} for (name, machine), zone in zip(RACK.items(), ("right", "left"), strict=True)}
    cloud = stocked(read(placed)[0])["machines"]
    assert cloud.regions[cloud.default_region].zones == ("left", "right")
