"""The cheapest place: every place is ranked, incomplete or refused, and what is ranked is what `provisioner cost` says."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from provisioner.cli.cost import command
from provisioner.clouds.discovery import clouds
from provisioner.deploy.cheapest import Choice, Search, search
from provisioner.deploy.prepare import Request, prepare
from provisioner.errors import InputError, UsageError

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs/reference/schemas/cost.json").read_text())
DEMO = Request(name="demo/platform", cloud="aws", region="eu-west-1")


@pytest.fixture(scope="module")
def found() -> Search:
    return search(DEMO, list(clouds()))


def places(choices: tuple[Choice, ...]) -> set[tuple[str, str]]:
    return {(one.estimate.cloud, one.estimate.region) for one in choices}


def test_every_region_is_ranked_incomplete_or_refused(found: Search) -> None:
    refused = {(one.cloud, one.region) for one in found.refused}
    everywhere = {(name, region) for name, cloud in clouds().items() for region in cloud.regions}
    assert places(found.choices) | places(found.incomplete) | refused == everywhere


def test_what_is_ranked_is_complete_and_the_cheapest_is_first(found: Search) -> None:
    months = [one.estimate.monthly.typical for one in found.choices]
    assert months == sorted(months)
    assert not [one for one in found.choices if one.estimate.missing]
    assert all(one.estimate.missing for one in found.incomplete)


@pytest.mark.parametrize("cloud", list(clouds()))
def test_as_stated_it_costs_what_provisioner_cost_says(found: Search, cloud: str) -> None:
    region = clouds()[cloud].default_region
    own = prepare(Request(name="demo/platform", cloud=cloud, region=region)).estimate
    (stated,) = (
        one
        for one in (*found.choices, *found.incomplete)
        if one.as_stated and (one.estimate.cloud, one.estimate.region) == (cloud, region)
    )
    assert stated.estimate == own


def test_hosts_that_hold_data_are_never_made_spot(found: Search) -> None:
    spot = [one for one in (*found.choices, *found.incomplete) if "spot" in one.changes]
    assert spot
    for one in spot:
        assert {host.group: host.spot for host in one.placement.hosts} == {"app": True, "data": False}


def test_a_variant_changes_the_machines_that_it_names(found: Search) -> None:
    arm = [one for one in found.choices if one.changes == ("arm64",)]
    assert arm
    assert all(host.offer.arch == "arm64" for one in arm for host in one.placement.hosts)


def test_a_definition_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError):
        search(Request(name="demo/nothing", cloud="", region=""), ["aws"])


def test_a_machine_of_one_cloud_is_refused_on_the_others(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(
        "namespace: own\none:\n  defines: blueprint\n  hosts: {app: {count: 1, machine: {aws: t3.medium}}}\n"
    )
    found = search(Request(name="own/one", cloud="", region="", sources=(tmp_path,)), ["aws", "gcp"])
    assert {one.cloud for one in found.refused} == {"gcp"}
    assert {host.offer.machine for one in found.choices for host in one.placement.hosts} == {"t3.medium"}


def run(*words: str) -> Any:
    return json.loads(CliRunner().invoke(command, [*words, "--json"], catch_exceptions=False).stdout)


def test_the_command_keeps_to_its_schema_and_says_what_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    document = run("demo/platform", "--cheapest", "--cloud", "azure", "--region", "eastus", "--continent", "europe")
    jsonschema.validate(document, SCHEMA)
    assert {clouds()[one["cloud"]].regions[one["region"]].continent for one in document["choices"]} == {"Europe"}
    best = document["choices"][0]
    assert document["difference"] == pytest.approx(best["monthly"]["typical"] - document["asked"]["monthly"]["typical"], abs=1e-5)
    assert sum(one["after"] - one["before"] for one in document["changes"]) == pytest.approx(document["difference"], abs=1e-4)


def test_places_that_are_not_ranked_are_named_under_what_has_no_price_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    words = ["demo/platform", "--cheapest", "--cloud", "aws", "--continent", "Europe"]
    shown = CliRunner().invoke(command, words, catch_exceptions=False).stdout
    assert "aws eu-west-1" in shown
    assert "  balancer nlb-lcu: aws eu-north-1, aws eu-west-2, aws eu-central-1\n" in shown


def test_without_a_place_to_compare_with_nothing_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    document = run("demo/platform", "--cheapest", "--cloud", "gcp")
    assert (document["asked"], document["difference"], document["changes"]) == (None, None, [])
    assert {one["cloud"] for one in document["choices"]} == {"gcp"}


@pytest.mark.parametrize(
    "words", [("--continent", "Europe"), ("--cheapest", "--continent", "Atlantis"), ("--cheapest", "--format", "html")]
)
def test_wrong_usage(words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        run("demo/platform", "--cloud", "aws", *words)
