"""The contract of a cloud that sells nothing: its hosts are made here, or are there already. Nothing here names one."""

from pathlib import Path

import pytest
from golden import Fake, record
from own_machines import families_of, read
from test_contract import CASES, write

from provisioner.clouds.contract import CAPABILITIES
from provisioner.clouds.discovery import clouds, stocked, targets
from provisioner.deploy.prepare import Prepared, Request, prepare
from provisioner.deploy.program import FAMILIES
from provisioner.errors import InputError

INVENTORY, _ = read()
OWN = {name: cloud for name, cloud in stocked(INVENTORY).items() if not cloud.sells}
HAD = [(name, capability) for name in OWN for capability in CAPABILITIES if capability in OWN[name].capabilities]
LACKED = [(name, capability) for name in OWN for capability in CAPABILITIES if (name, capability) not in HAD]


def planned(folder: Path, capability: str, name: str) -> Prepared:
    """The capability's own blueprint, but for what the clouds that sell machines have and this one may not."""
    file = write(folder, capability)
    text = file.read_text().replace("zones: 2", "zones: 1")
    egress = text if capability.startswith("egress") else text.replace("egress: none", "egress: nat")
    file.write_text(egress)
    region = OWN[name].default_region
    return prepare(Request(name="t/b", cloud=name, region=region, sources=(folder,), inventory=INVENTORY))


def test_machines_that_nobody_sells_are_in_no_comparison_of_prices() -> None:
    assert OWN
    assert not set(OWN) & set(clouds())


@pytest.mark.parametrize(("name", "capability"), HAD)
def test_what_it_has_is_planned_and_built(tmp_path: Path, name: str, capability: str) -> None:
    found = planned(tmp_path, capability, name)
    assert found.estimate.missing == ()
    tree = record(lambda: families_of(found, INVENTORY), mocks=Fake())
    assert {key.split("::")[0] for key in tree} >= {f"provisioner:index:{word.capitalize()}" for word in ("network", "hosts")}


@pytest.mark.parametrize(("name", "capability"), LACKED)
def test_what_it_lacks_is_refused_with_its_place(tmp_path: Path, name: str, capability: str) -> None:
    assert capability in CASES
    with pytest.raises(InputError) as refused:
        planned(tmp_path, capability, name)
    problem = next(one for one in refused.value.problems if one.code == "capability" and f" {capability} " in one.message)
    assert f"{OWN[name].label} does not have {capability} here" in problem.message
    assert problem.place.line > 0
    assert problem.hint


@pytest.mark.parametrize("name", OWN)
def test_a_folder_is_complete(name: str) -> None:
    files = {path.name for path in OWN[name].data.iterdir()}
    refused = {"records", "secrets"}  # families that a program asks for only where the plan has any
    assert {f"{family}.py" for family in FAMILIES if family not in refused} <= files
    assert targets()[name].default_region in targets()[name].regions
