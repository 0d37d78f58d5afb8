"""Programs that we did not write, from what `pulumi preview --json` prints of them.

`tests/cases/cost/preview/CLOUD.json` are our own program's previews of demo/platform under the real engine (recorded in
the sandbox with `provisioner sandbox run -- pulumi preview --json`, trimmed), so that both ways to a price are held together.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import example_plan
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_resources import CASES, PRICES

from provisioner.clouds.discovery import clouds
from provisioner.cost import usage
from provisioner.cost.difference import between
from provisioner.cost.estimate import estimate
from provisioner.cost.model import Estimate, Range
from provisioner.cost.preview.document import read
from provisioner.cost.preview.price import price
from provisioner.cost.resources.scene import Resource
from provisioner.cost.usage import DEFAULT
from provisioner.prices.store import Prices
from provisioner.units import ZERO, Money

FOLDER = Path(__file__).parent.parent / "cases/cost/preview"
MACHINES = {"aws": "instanceType", "gcp": "machineType", "azure": "hardwareProfile/vmSize"}


@pytest.fixture(scope="module")
def prices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prices]:
    folders = {name: cloud.data for name, cloud in clouds().items()}
    with Prices.open(folders, tmp_path_factory.mktemp("cache")) as opened:
        yield opened


def by_item(found: Estimate) -> Mapping[tuple[str, str], Range]:
    sums = defaultdict[tuple[str, str], Range](Range)
    for item in found.items:
        sums[item.kind, item.item] += item.monthly
    return sums


@pytest.mark.parametrize("cloud", list(clouds()))
def test_our_own_preview_costs_what_provisioner_cost_says(cloud: str, prices: Prices) -> None:
    """Hosts, disks, NAT, addresses, balancers, buckets and egress: every sum is equal, to the nano-dollar."""
    resources = read(json.loads((FOLDER / f"{cloud}.json").read_text())).after
    program = price(resources, usage.DEFAULT, prices)
    region = program.estimate.region
    offers = {offer.machine: offer for offer in prices.offers(cloud, region)}
    types = {one.name.removeprefix("demo-platform-"): one.text(MACHINES[cloud]) for one in resources if one.get(MACHINES[cloud])}
    assert sorted(types) == ["app-1", "app-2", "data-1"]
    machines = [example_plan.machine(name, offers[machine]) for name, machine in types.items()]
    case = {
        "egress": "nat",
        "volumes": {"pgdata": ["SSD", 50]},
        "buckets": ["backups"],
        "addresses": ["entry"],
        "balancers": {"web": "entry"},
    }
    plan = example_plan.plan(case, cloud=cloud, region=region)
    own = estimate(cloud, region, clouds()[cloud].charges(plan, machines, usage.DEFAULT), machines, prices)
    assert by_item(program.estimate) == by_item(own)
    assert program.estimate.monthly == own.monthly
    assert program.estimate.monthly.typical.cents == own.monthly.typical.cents
    assert (program.coverage.unknown, program.estimate.missing) == ({}, ())


URN = "urn:pulumi:dev::shop::aws:ebs/volume:Volume::"


def state(name: str, size: int, **more: Any) -> dict[str, Any]:
    inputs = {"availabilityZone": "eu-west-1a", "type": "gp3", "size": size}
    return {"urn": URN + name, "type": "aws:ebs/volume:Volume", "custom": True, "inputs": inputs, **more}


def step(operation: str, name: str, before: int | None, after: int | None) -> dict[str, Any]:
    old = {"oldState": state(name, before)} if before is not None else {}
    new = {"newState": state(name, after)} if after is not None else {}
    return {"op": operation, "urn": URN + name, **old, **new}


STEPS = [
    # what the engine prints for one disk, and what it costs before and after, at 0.08 by the GiB
    ("created", [step("create", "d", None, 100)], "0", "8"),
    ("imported", [step("import", "d", None, 100)], "0", "8"),
    ("the same", [step("same", "d", 100, 100)], "8", "8"),
    ("grown", [step("update", "d", 100, 150)], "8", "12"),
    ("deleted", [step("delete", "d", 100, None)], "8", "0"),
    (
        "replaced",
        [step("create-replacement", "d", 100, 50), step("replace", "d", 100, 50), step("delete-replaced", "d", 100, None)],
        "8",
        "4",
    ),
    (
        "replaced, deleted first",
        [step("delete-replaced", "d", 100, None), step("replace", "d", 100, 50), step("create-replacement", "d", 100, 50)],
        "8",
        "4",
    ),
    ("only read", [step("read", "d", 100, 100)], "0", "0"),
]


@pytest.mark.parametrize(("steps", "before", "after"), [case[1:] for case in STEPS], ids=[case[0] for case in STEPS])
def test_steps_say_what_is_there_and_what_will_be(steps: list[dict[str, Any]], before: str, after: str) -> None:
    found = read({"steps": steps})
    then, now = price(found.before, DEFAULT, PRICES).estimate, price(found.after, DEFAULT, PRICES).estimate
    assert (then.monthly.typical, now.monthly.typical) == (Money.parse(before), Money.parse(after))
    assert between(then, now).monthly == Money.parse(after) - Money.parse(before)


def test_what_others_own_is_not_this_programs_bill() -> None:
    external = {"op": "same", "urn": URN + "d", "newState": state("d", 100, external=True)}
    component = {"op": "create", "urn": URN + "e", "newState": state("e", 100, custom=False)}
    assert read({"steps": [external, component]}).after == ()


def test_unchanged_resources_that_the_document_leaves_out_are_counted() -> None:
    document = {"steps": [step("create", "d", None, 1), step("same", "e", 1, 1)], "changeSummary": {"create": 1, "same": 41}}
    assert read(document).unlisted == 40


def test_an_explicit_provider_says_the_region() -> None:
    """And where it says none, it is not known: the stack's configuration belongs to the default provider."""
    provider = "urn:pulumi:dev::shop::pulumi:providers:aws::far"
    made = {"urn": provider, "type": "pulumi:providers:aws", "custom": True, "inputs": {"region": "us-east-1"}}
    volume = {**state("d", 100, provider=f"{provider}::id")}
    volume["inputs"] = {"size": 100, "type": "gp3"}
    steps = [{"op": "create", "urn": provider, "newState": made}, {"op": "create", "urn": URN + "d", "newState": volume}]
    config = {"aws:region": "eu-west-1"}
    assert [one.region for one in read({"config": config, "steps": steps}).after] == ["us-east-1"]
    assert [one.region for one in read({"config": config, "steps": steps[1:]}).after] == [""]


@pytest.mark.parametrize("document", [[], {}, {"steps": 3}, "preview", None])
def test_another_document_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match="pulumi preview --json"):
        read(document)


def test_a_preview_that_failed_is_refused() -> None:
    """Its document ends where the program did."""
    broken = {"severity": "error", "message": "error: Program failed:\nValueError: no such image\n"}
    with pytest.raises(ValueError, match="this preview failed, so its program is not whole: ValueError: no such image"):
        read({"steps": [step("create", "d", None, 100)], "diagnostics": [{"severity": "warning", "message": "old"}, broken]})


def test_an_unknown_step_is_refused() -> None:
    with pytest.raises(ValueError, match='unknown step "explode"'):
        read({"steps": [{"op": "explode", "urn": "u"}]})


def test_every_type_that_is_not_priced_is_named() -> None:
    kinds = ["aws:msk/cluster:Cluster", "aws:msk/cluster:Cluster", "cloudflare:index/zone:Zone", "random:index/randomId:RandomId"]
    resources = [Resource(urn=f"urn::{number}", type=kind, name="x", inputs={}) for number, kind in enumerate(kinds)]
    found = price(resources, DEFAULT, PRICES)
    assert found.coverage.unknown == {"aws:msk/cluster:Cluster": 2, "cloudflare:index/zone:Zone": 1}
    assert (found.coverage.priced, found.coverage.free) == (0, 1)
    assert [one.name for one in found.estimate.missing] == ["2 x aws:msk/cluster:Cluster", "1 x cloudflare:index/zone:Zone"]


disks = st.lists(st.tuples(st.sampled_from(["create", "same", "delete"]), st.integers(0, 16384)), max_size=8)


@given(disks, st.randoms())
def test_the_order_of_steps_changes_nothing_and_the_parts_sum(found: list[tuple[str, int]], random: Any) -> None:
    steps = [
        step(operation, f"d{number}", None if operation == "create" else size, None if operation == "delete" else size)
        for number, (operation, size) in enumerate(found)
    ]
    month = Decimal(sum(size for operation, size in found if operation != "delete")) * Decimal("0.08")
    random.shuffle(steps)
    after = price(read({"steps": steps}).after, DEFAULT, PRICES).estimate
    assert after.monthly.typical.decimal == month
    assert sum((item.monthly.typical for item in after.items), ZERO) == after.monthly.typical


@pytest.mark.parametrize(("cloud", "case"), CASES, ids=lambda value: value if isinstance(value, str) else value["name"])
def test_coverage_counts_every_resource_once(cloud: str, case: dict[str, Any]) -> None:
    resources = [
        Resource(urn=f"urn::{number}", type=kind, name=name, inputs=inputs)
        for number, (kind, name, inputs, *_) in enumerate(case["resources"])
    ]
    coverage = price(resources, DEFAULT, PRICES).coverage
    assert coverage.priced + coverage.free + sum(coverage.unknown.values()) == len(resources)
