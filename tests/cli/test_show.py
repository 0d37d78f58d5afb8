"""`provisioner show`: the clouds that a definition can go to, and what a blueprint says of them itself."""

import json
from pathlib import Path
from typing import Any

import pytest

PACKAGE = """
namespace: t
web:
  defines: runnable
  containers: {web: {image: "nginx:1.27"}}
b:
  defines: blueprint
  runs: [t/web]
  network: {egress: nat}
  hosts: {app: {count: 1, disk: 30GiB, needs: {cpu: 1, memory: 1GiB}}}
"""
LABELS = {"aws": "AWS", "azure": "Azure", "gcp": "Google Cloud"}
MEANT = "  clouds: [aws, gcp]\n"
DISK = "  volumes: {v: {kind: HDD, size: 50, hosts: app}}\n"


@pytest.mark.parametrize(
    ("more", "refusals"),
    [
        ("", {}),
        (MEANT, {"azure": "t/b/clouds: this blueprint is meant for aws and gcp, found the target azure"}),
        (MEANT + DISK, {"aws": "expected at least 125 GiB for an HDD on AWS", "azure": "meant for aws and gcp"}),
    ],
)
def test_clouds_that_it_can_go_to(more: str, refusals: dict[str, str], tmp_path: Path, call: Any) -> None:
    (tmp_path / "t.yaml").write_text(PACKAGE + more)
    answer = call("show", "t/b", "--from", str(tmp_path), "--json")
    clouds = {one["name"]: one for one in json.loads(answer.out)["clouds"]}
    assert list(clouds) == ["aws", "azure", "gcp"]
    assert {name for name, one in clouds.items() if not one["capable"]} == set(refusals)
    table = call("show", "t/b", "--from", str(tmp_path)).out.partition("\nclouds\n")[2].splitlines()
    for (name, one), row in zip(clouds.items(), table[1:], strict=False):
        assert row.startswith(LABELS[name])
        assert f"  {'no' if name in refusals else 'yes'}" in row
        if name in refusals:
            assert refusals[name] in row
            assert any(refusals[name] in reason for reason in one["reasons"])
