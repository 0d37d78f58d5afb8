"""A stack's usage file, and the documented default."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.cost.model import Charge, Quantity
from provisioner.cost.usage import DEFAULT, KEYS
from provisioner.cost.usage_file import BILLED_BY, SHARED, load, unmatched
from provisioner.errors import InputError

TESTS = Path(__file__).parent.parent
CASES = yaml.safe_load((TESTS / "cases/cost/usage.yaml").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_usage_file(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "usage.yaml"
    path.write_text(case["file"])
    if "says" in case:
        with pytest.raises(InputError) as raised:
            load(path)
        assert [str(problem).removeprefix(f"{tmp_path}/") for problem in raised.value.problems] == case["says"]
        return
    usage = load(path)
    for one, means in [(usage, case["means"]), *((usage.of(name), means) for name, means in case.get("of", {}).items())]:
        for name, expected in means.items():
            found = getattr(one, name)
            assert [found.low, found.typical, found.high] == [Decimal(str(amount)) for amount in expected]


def test_a_name_that_the_estimate_does_not_have_is_said() -> None:
    usage = replace(DEFAULT, resources={"bucket assets": {}, "bucket asets": {}})
    charge = Charge(name="bucket assets", kind="bucket", item="s3-standard", region="north", quantity=Quantity.fixed(1))
    (problem,) = unmatched(usage, [charge])
    assert problem.message == 'the usage file names "bucket asets", which the estimate does not'
    assert problem.hint == 'did you mean "bucket assets"?'


def test_a_key_that_a_thing_is_not_billed_by_is_said() -> None:
    """A host has no bucket's figures; those that it has change its line and are not mentioned."""
    one = Quantity.fixed(1)
    usage = replace(DEFAULT, resources={"host app-1": {"host_hours": one, "bucket_gib": one}})
    charge = Charge(name="host app-1", kind="machine", item="m", region="north", quantity=one)
    (problem,) = unmatched(usage, [charge])
    assert problem.message == 'the usage file states bucket-gib of "host app-1", which is not billed by it'
    assert problem.hint == "it is billed as machine"


def test_every_key_is_the_deployments_or_billed_by_some_family() -> None:
    assert {*BILLED_BY, *SHARED} == {*KEYS}


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"usage\.yaml: expected a readable YAML file"):
        load(tmp_path / "usage.yaml")


def test_the_reference_states_the_defaults() -> None:
    """The table in docs/reference/usage.md is what the code uses."""
    text = (TESTS.parent / "docs/reference/usage.md").read_text()
    rows = re.findall(r"^\| `([a-z-]+)` \|.*\| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$", text, re.MULTILINE)
    stated = {key: tuple(Decimal(cell.replace(",", "")) for cell in cells) for key, *cells in rows}
    used = {key: getattr(DEFAULT, key.replace("-", "_")) for key in KEYS}
    assert stated == {key: (quantity.low, quantity.typical, quantity.high) for key, quantity in used.items()}
