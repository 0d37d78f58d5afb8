"""The contract of a cloud, on every cloud that is discovered and every capability that the contract knows.

A cloud that has a capability plans it, prices it, and its components build it out of types that its sandbox accepts. A
cloud that lacks one refuses it with the place in the file. A new cloud is a folder: nothing here names one.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from simulated import CATALOGS, simulate

from provisioner.clouds import discovery
from provisioner.clouds.contract import CAPABILITIES, Cloud, no_limits, requirements
from provisioner.clouds.discovery import clouds, targets
from provisioner.deploy.prepare import Prepared, Request, prepare
from provisioner.deploy.program import FAMILIES, used
from provisioner.errors import InputError

CASES: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "clouds" / "capabilities.yaml").read_text()
)
NEEDS: Mapping[str, Any] = {"cpu": 1, "memory": "1GiB"}
HOST: Mapping[str, Any] = {"count": 1, "disk": "30GiB"}
WEB = {
    "defines": "runnable",
    "containers": {"web": {"image": "nginx:1.27"}},
    "services": {
        "http": {"container": "web", "port": 80, "protocol": "tcp", "host-port": 80},
        "dns": {"container": "web", "port": 53, "protocol": "udp", "host-port": 53},
    },
}
BOTH = [(cloud, capability) for cloud in clouds() for capability in CAPABILITIES]
HAD = [(cloud, capability) for cloud, capability in BOTH if capability in clouds()[cloud].capabilities]
LACKED = [pair for pair in BOTH if pair not in HAD]


def write(folder: Path, capability: str) -> Path:
    """A blueprint of one small host that needs the capability, in a package of its own."""
    case = {key: value for key, value in CASES[capability].items() if key not in ("bills", "unpriced", "but")}
    host: Mapping[str, Any] = case.pop("hosts", {}).get("app", {})
    group: Mapping[str, Any] = {**HOST, **host, "needs": {**NEEDS, **host.get("needs", {})}}
    blueprint: Mapping[str, Any] = {"defines": "blueprint", "hosts": {"app": group}, "runs": ["t/web"], **case}
    file = folder / "t.yaml"
    file.write_text(yaml.safe_dump({"namespace": "t", "web": WEB, "b": blueprint}, sort_keys=False))
    return file


def planned(file: Path, cloud: str, region: str = "") -> Prepared:
    where = region or targets()[cloud].default_region
    return prepare(Request(name="t/b", cloud=cloud, region=where, sources=(file.parent,)))


def test_every_capability_has_a_case() -> None:
    assert set(CASES) == set(CAPABILITIES)


@pytest.mark.parametrize(("cloud", "capability"), HAD)
def test_what_a_cloud_has_is_planned_priced_and_built(tmp_path: Path, cloud: str, capability: str) -> None:
    case = {**CASES[capability], **CASES[capability].get("but", {}).get(cloud, {})}
    found = planned(write(tmp_path, capability), cloud, case.get("region", ""))
    assert capability in {asked for asked, _, _ in requirements(found.plan)}
    assert [missing.name for missing in found.estimate.missing] == case.get("unpriced", [])
    assert set(case["bills"].items()) <= {(item.name, item.kind) for item in found.estimate.items}
    tree = simulate(found)  # the sandbox refuses a type that it does not know, and inputs that the cloud would not take
    assert {key.split("::")[0] for key in tree} >= {f"provisioner:index:{family.capitalize()}" for family in used(found.plan)}


@pytest.mark.parametrize(("cloud", "capability"), LACKED)
def test_what_a_cloud_lacks_is_refused_with_its_place(tmp_path: Path, cloud: str, capability: str) -> None:
    file = write(tmp_path, capability)
    with pytest.raises(InputError) as refused:
        planned(file, cloud)
    (problem,) = [problem for problem in refused.value.problems if capability in problem.message]
    assert problem.code == "capability"
    assert f"{clouds()[cloud].label} does not have {capability} here" in problem.message
    assert problem.place.file == str(file)
    assert problem.place.line > 0
    assert problem.hint


@pytest.mark.parametrize("name", clouds())
def test_a_folder_is_complete(name: str) -> None:
    cloud: Cloud = clouds()[name]
    files = {path.name for path in cloud.data.iterdir()}
    assert {f"{family}.py" for family in FAMILIES} <= files
    assert {"machines.csv", "prices.csv"} <= files
    assert ("limits.py" in files) == (cloud.limits is not no_limits), "limits.py is what `CLOUD.limits` asks"
    assert cloud.data.parent == Path(discovery.__file__).parent
    assert cloud.package in CATALOGS
    assert cloud.default_region in cloud.regions


@pytest.mark.parametrize("name", clouds())
def test_the_first_boot_document_fits_every_cloud(name: str) -> None:
    from provisioner.host.cloud_init import cloud_init

    key = "ssh-ed25519 " + "A" * 68 + " someone"
    assert len(cloud_init(key).encode()) <= clouds()[name].user_data_limit
