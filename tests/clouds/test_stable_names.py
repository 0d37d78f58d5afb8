"""A resource keeps its name: every blueprint of the catalogue has, on every cloud, the names that its golden list holds."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import golden
import pulumi
import pytest
from golden import Fake, Tree, assert_golden, names_only, record
from simulated import simulate

from provisioner.clouds.discovery import clouds
from provisioner.deploy.prepare import Prepared, Request, prepare
from provisioner.deploy.standing import Standing
from provisioner.errors import Problems
from provisioner.package.catalog import load
from provisioner.package.catalogue import catalogue_folder
from provisioner.resolve import check


def blueprints() -> list[str]:
    return [found.name for found in check(load((catalogue_folder(),)), None, Problems()) if found.kind == "blueprint"]


@cache
def prepared(blueprint: str, cloud: str) -> Prepared:
    return prepare(Request(name=blueprint, cloud=cloud, region=clouds()[cloud].default_region))


def with_one_host_more(cloud: str) -> Prepared:
    """The demo with a third host, placed after the demo with two."""
    before = prepared("demo/platform", cloud)
    variables = {"demo/platform": {"app-hosts": 3}}
    request = Request(name="demo/platform", cloud=cloud, region=before.plan.target.region, variables=variables)
    machines = {host.name: host.offer.machine for host in before.placement.hosts}
    return prepare(request, standing=Standing(placement=before.placement.assignments, machines=machines))


@pytest.mark.parametrize("cloud", clouds())
@pytest.mark.parametrize("blueprint", blueprints())
def test_names_of_the_catalogue(blueprint: str, cloud: str) -> None:
    tree = names_only(simulate(prepared(blueprint, cloud)))
    assert_golden(f"{cloud}/{blueprint.replace('/', '-')}.yaml", tree)


@pytest.mark.parametrize("cloud", clouds())
def test_one_host_more_leaves_every_other_resource_as_it_is(cloud: str) -> None:
    before, after = simulate(prepared("demo/platform", cloud)), simulate(with_one_host_more(cloud))
    assert before.keys() < after.keys()
    added = {key.split("::")[1] for key in after.keys() - before.keys()}
    assert all("app-3" in name for name in added), added
    names = names_only(after)
    assert {key: names[key] for key in before} == names_only(before)


def test_a_vanished_name_fails_unless_an_alias_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(golden, "GOLDEN", tmp_path)
    monkeypatch.setenv("UPDATE_GOLDEN", "1")
    assert_golden("before.yaml", registered("old"))
    monkeypatch.delenv("UPDATE_GOLDEN")
    with pytest.raises(AssertionError, match=r"vanished without an alias.*tests:index:Thing::old"):
        assert_golden("before.yaml", registered("new"))
    with pytest.raises(AssertionError, match=r"not in the golden file.*Thing::new"):
        assert_golden("before.yaml", registered("new", "old"))


def registered(name: str, *aliases: str) -> Tree:
    def build() -> None:
        options = pulumi.ResourceOptions(aliases=[pulumi.Alias(name=alias) for alias in aliases])
        pulumi.CustomResource("tests:index:Thing", name, {}, options)

    make: Callable[[], None] = build
    return record(make, mocks=Fake())
