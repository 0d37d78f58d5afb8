"""Every package of the catalogue is discovered, resolved, planned, priced and placed on every cloud that can hold it."""

from functools import cache
from pathlib import Path

import pytest

from provisioner.clouds.discovery import clouds
from provisioner.deploy.prepare import Prepared, Request, prepare
from provisioner.errors import Problems
from provisioner.host.bundle import bundles
from provisioner.host.quadlet_check import refusals
from provisioner.package.catalog import Catalog, load
from provisioner.package.catalogue import catalogue_folder
from provisioner.resolve import check


@cache
def catalogue() -> Catalog:
    return load((catalogue_folder(),))


def entries() -> list[str]:
    """What each package is run by, and everything of the demo; n8n only there, because it needs connections."""
    found = [catalogue().entry(package) for package in catalogue().packages]
    return sorted({*found, *(name for name in catalogue().definitions if name.startswith("demo/"))} - {"n8n/main"})


@cache
def prepared(name: str, cloud: str) -> Prepared:
    return prepare(Request(name=name, cloud=cloud, region=clouds()[cloud].default_region))


def test_nothing_in_it_has_a_problem() -> None:
    problems = Problems()
    listed = check(catalogue(), None, problems)
    assert [problem for problem in problems if problem.severity != "note"] == []
    assert len(listed) >= 19
    assert {package.name for package in catalogue().packages} >= {"postgresql", "redis", "nginx", "n8n", "monitoring", "demo"}


@pytest.mark.parametrize("package", [package.name for package in catalogue().packages])
def test_a_package_has_an_entry_that_exists(package: str) -> None:
    found = catalogue().package(package)
    assert found is not None
    assert catalogue().entry(found) in catalogue().definitions


@pytest.mark.parametrize("cloud", clouds())
@pytest.mark.parametrize("name", entries())
def test_it_is_planned_priced_and_placed(name: str, cloud: str) -> None:
    found = prepared(name, cloud)
    assert found.estimate.missing == ()
    assert found.estimate.monthly.typical.nano > 0
    assert set(found.placement.assignments) == {workload.name for workload in found.plan.workloads}
    assert found.plan.workloads


@pytest.mark.parametrize("cloud", clouds())
def test_the_hosts_accept_the_demos_units(cloud: str) -> None:
    found = prepared("demo/platform", cloud)
    made = bundles(found.plan, found.placement)
    assert sum(len(bundle.gates) for bundle in made) == 7
    for bundle in made:
        assert refusals(bundle.units) == []


def test_the_demo_is_what_the_issue_asks_for() -> None:
    plan = prepared("demo/platform", "aws").plan
    assert len({subnet.zone for subnet in plan.network.subnets}) == 2
    assert {group.name for group in plan.groups} == {"app", "data"}
    assert [len(part) for part in (plan.volumes, plan.buckets, plan.balancers, plan.addresses)] == [1, 1, 1, 1]
    assert plan.budget is not None
    images = {container.image.partition(":")[0] for workload in plan.workloads for container in workload.containers}
    assert {image.rsplit("/", 1)[1] for image in images} == {"postgres", "redis", "nginx", "n8n", "prometheus", "grafana"}


@pytest.mark.parametrize("cloud", clouds())
def test_the_same_definition_has_the_same_workloads_everywhere(cloud: str) -> None:
    here, there = prepared("demo/platform", cloud).plan, prepared("demo/platform", "aws").plan
    assert here.workloads == there.workloads
    assert [group.name for group in here.groups] == [group.name for group in there.groups]


def test_images_are_pinned() -> None:
    for workload in prepared("demo/platform", "aws").plan.workloads:
        for container in workload.containers:
            tag = container.image.rsplit("/", 1)[1].partition(":")[2]
            assert tag, container.image
            assert tag != "latest"


def test_every_embedded_file_is_in_its_manifest() -> None:
    for package in catalogue().packages:
        folder = Path(package.folder)
        listed = (folder / "MANIFEST").read_text().split()
        present = {path.name for path in folder.iterdir()} - {"MANIFEST"}
        assert present <= set(listed), package.name
