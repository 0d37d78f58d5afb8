"""On which clouds a blueprint can go follows from what it needs, and from what it says of clouds itself."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from provisioner.clouds.compatibility import Compatibility, compatibility
from provisioner.clouds.discovery import clouds
from provisioner.errors import Problems
from provisioner.package.catalog import load
from provisioner.resolve import resolve
from provisioner.resolve.model import Resolved

BLUEPRINT = """namespace: t
b:
  defines: blueprint
  network: {egress: direct}
  hosts:
    app: {count: 1, needs: {cpu: 2, memory: 4GiB}, disk: 30GiB%s}
%s"""
EVERYWHERE: Mapping[str, str] = {}


@pytest.mark.parametrize(
    ("host", "rest", "refused"),
    [
        ("", "", EVERYWHERE),
        ("", "  clouds: [aws, gcp]", {"azure": "meant for aws and gcp, found the target azure"}),
        ("", "  clouds: [azure]", {"aws": "meant for azure", "gcp": "meant for azure"}),
        (
            "",
            "  volumes: {v: {kind: HDD, size: 50, hosts: app}}",
            {"aws": "expected at least 125 GiB for an HDD on AWS, found 50"},
        ),
        (", cloud: gcp", "", EVERYWHERE),
    ],
)
def test_what_a_blueprint_says_decides(tmp_path: Path, host: str, rest: str, refused: Mapping[str, str]) -> None:
    answers = {one.name: one for one in compatibility(resolved(tmp_path, BLUEPRINT % (host, rest)), clouds())}
    assert list(answers) == list(clouds())
    assert {name for name, one in answers.items() if not one.capable} == set(refused)
    for name, words in refused.items():
        (reason,) = answers[name].reasons
        assert words in reason
        assert f"{tmp_path}/t.yaml:" in reason


def test_a_cloud_that_lacks_a_capability_says_which_and_where(tmp_path: Path) -> None:
    definition = resolved(tmp_path, BLUEPRINT % ("", "  buckets: {assets: {}}"))
    (name, cloud), *_ = clouds().items()
    without = replace(cloud, capabilities=cloud.capabilities - {"bucket"})
    (answer,) = compatibility(definition, {name: without})
    assert not answer.capable
    assert f"buckets/assets: {cloud.label} does not have bucket here" in answer.reasons[0]
    assert compatibility(definition, {name: cloud}) == (Compatibility(name=name, label=cloud.label, capable=True),)


def resolved(folder: Path, text: str) -> Resolved:
    (folder / "t.yaml").write_text(text)
    problems = Problems()
    catalog = load((folder,))
    problems.extend(catalog.problems)
    found = resolve(catalog, "t/b", variables={}, problems=problems)
    assert problems.errors == ()
    return found
