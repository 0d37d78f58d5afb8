"""What `check` finds in a blueprint before a cloud is chosen."""

from pathlib import Path

import pytest

from provisioner.cli.checked import checked

BLUEPRINT = """\
namespace: q
web:
  defines: runnable
  containers: {c: {image: "x:1"}}
  services: {s: {container: c, port: 80, host-port: 80}}
platform:
  defines: blueprint
  runs: [./web]
  network: {egress: direct}
"""

FOUND = {
    "hosts: {app: {count: 1}}": [],
    "hosts: {app: {machine: {aws: t3.medium}}}": [],
    "hosts: {app: {cloud: gcp}}": [],
    "hosts: {app: {count: 99999}}": ["out-of-range"],
    "volumes: {a: {size: 1, hosts: app, path: /d}, b: {size: 1, hosts: app, path: /d}}": ["conflict"],
    "volumes: {a: {size: 1, hosts: app, host: 3}}": ["missing-reference"],
    "buckets: {Bad_Name: {}}": ["bad-name"],
    "balancers: {front: {service: q/web/none}}": ["missing-reference"],
    "records: {r: {zone: example.com, type: A, values: [nonsense]}}": ["out-of-range"],
}


@pytest.mark.parametrize("line", FOUND)
def test_what_every_cloud_would_refuse_is_found(line: str, tmp_path: Path) -> None:
    hosts = "" if line.startswith("hosts") else "  hosts: {app: {count: 1}}\n"
    (tmp_path / "a.yaml").write_text(f"{BLUEPRINT}{hosts}  {line}\n")
    found = checked([tmp_path], [tmp_path])
    assert [problem.code for problem in found.problems if problem.severity == "error"] == FOUND[line]
    assert all(problem.place.line for problem in found.problems)
