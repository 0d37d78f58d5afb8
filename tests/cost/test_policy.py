"""The policy pack: a budget for programs that are not ours, checked before anything is created."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pulumi_policy", reason="the policy SDK is an extra")

from pulumi_policy.proxy import unknown_checking_proxy

from provisioner.cost.resources.scene import UNKNOWN
from provisioner.deploy import engine
from provisioner.deploy.policy import pack
from provisioner.deploy.policy.resources import resources

VOLUME = "aws:ebs/volume:Volume"
NUMBER = "3eeb2bf0-c639-47a8-9e75-3b44932eb421"
DISK: Mapping[str, Any] = {"availabilityZone": "eu-west-1a", "size": 1000, "type": "gp3"}


@dataclass(frozen=True)
class Provider:
    props: Mapping[str, Any]


@dataclass(frozen=True)
class Seen:
    resource_type: str
    name: str
    props: Mapping[str, Any]
    provider: Provider | None = None
    property_dependencies: Mapping[str, Sequence["Seen"]] = field(default_factory=dict[str, Sequence["Seen"]])

    @property
    def urn(self) -> str:
        return f"urn:pulumi:dev::other::{self.resource_type}::{self.name}"


@dataclass(frozen=True)
class Args:
    resources: Sequence[Seen]
    config: Mapping[str, Any]

    def get_config(self) -> Mapping[str, Any]:
        return self.config


AWS = Provider({"region": "eu-west-1"})
ONE_DISK = [Seen(VOLUME, "disk", unknown_checking_proxy(dict(DISK)), AWS)]


def violations(check: Any, seen: Sequence[Seen], **config: str) -> list[str]:
    found = list[str]()
    check(Args(seen, config), found.append)
    return found


def test_over_the_budget_is_a_violation_and_within_it_is_not() -> None:
    (over,) = violations(pack.check_budget, ONE_DISK, monthly="50 USD")
    assert over == "this stack costs 88.00 USD in a typical month, expected at most 50.00 USD"
    assert violations(pack.check_budget, ONE_DISK, monthly="88 USD") == []


def test_without_a_budget_nothing_is_silently_allowed() -> None:
    (missing,) = violations(pack.check_budget, ONE_DISK)
    assert missing.startswith("no budget: expected")
    (wrong,) = violations(pack.check_budget, ONE_DISK, monthly="much")
    assert wrong.startswith("the cost cannot be checked")
    (unread,) = violations(pack.check_budget, ONE_DISK, monthly="1 USD", usage="/nowhere.yaml")
    assert unread.startswith("the cost cannot be checked")


def test_what_has_no_price_is_advice() -> None:
    seen = [*ONE_DISK, Seen("aws:msk/cluster:Cluster", "kafka", {}, AWS)]
    assert violations(pack.check_coverage, seen) == [
        "not in the estimate: 1 x aws:msk/cluster:Cluster: this type is not priced here"
    ]


def test_what_is_not_known_yet_is_read_as_a_preview_writes_it() -> None:
    (late,) = resources([Seen(VOLUME, "late", unknown_checking_proxy({**DISK, "size": NUMBER, "list": [NUMBER]}), AWS)], {})
    assert (late.inputs["size"], late.inputs["list"]) == (min(UNKNOWN), [min(UNKNOWN)])


def test_what_the_program_states_comes_before_what_the_cloud_will_fill_in() -> None:
    seen = Seen(VOLUME, "disk", unknown_checking_proxy({**DISK, "iops": NUMBER}), AWS)
    (noted,) = resources([seen], {seen.urn: DISK})
    assert noted.inputs == DISK


def test_components_and_other_packages_are_left_out() -> None:
    seen = [Seen("my:index:Shop", "shop", {}), Seen("pulumi:pulumi:Stack", "dev", {}), Seen("random:index/id:Id", "x", {}, AWS)]
    assert resources(seen, {}) == ()


@pytest.mark.engine
def test_the_real_engine_stops_before_anything_is_created(tmp_path: Path) -> None:
    """A program of somebody else's, in a project of its own, with the pack from the command line."""
    found = engine.find()
    if found is None:
        pytest.skip("no Pulumi engine")
    binary = tmp_path / "bin" / "pulumi-analyzer-policy-provisioner"
    binary.parent.mkdir()
    binary.write_text(f'#!/bin/sh\nexec {sys.executable} -u -m provisioner.deploy.policy.main "$@"\n')
    binary.chmod(0o755)
    plugins = f"plugins: {{analyzers: [{{name: policy-provisioner, path: {binary.parent}}}]}}\n"
    (tmp_path / "Pulumi.yaml").write_text(f"name: other\nruntime: python\n{plugins}")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {aws:region: eu-west-1}\n")
    (tmp_path / "__main__.py").write_text(f'import pulumi\npulumi.CustomResource("{VOLUME}", "disk", {dict(DISK)!r})\n')
    (tmp_path / "budget.json").write_text(json.dumps({"cost-budget": {"monthly": "50 USD"}}))
    folder = Path(pack.__file__).parent
    up = f"pulumi up --yes --non-interactive --stack dev --policy-pack {folder} --policy-pack-config budget.json"
    script = f"pulumi stack init dev && {up}; echo status $?; pulumi stack --stack dev --show-urns"
    command = shutil.which("provisioner", path=str(Path(sys.executable).parent))
    assert command is not None
    answer = subprocess.run(
        [command, "sandbox", "run", "--", "sh", "-c", script],
        cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "this stack costs 88.00 USD in a typical month, expected at most 50.00 USD" in answer.stdout, answer.stderr
    assert "status 1" in answer.stdout
    assert VOLUME not in answer.stdout.partition("status 1")[2]
