"""What `check` finds before a cloud is chosen, in a blueprint and in what runs without one."""

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


BARE = {
    "replicas: 3": [],
    "volumes: {v: {kind: SSD, size: 3, path: /v, backup: {rotation-days: 3}}}": [],
    "volumes: {v: {kind: SSD, size: 3, path: /v}, w: {kind: HDD, size: 3, path: /v}}": ["conflict"],
    "affinity: {name: nowhere}": ["missing-reference"],
    "affinity: {with: [./other]}": ["missing-reference"],
    "services: {s: {container: c, port: 80, host-port: 22}}": ["conflict"],
    "services: {s: {container: c, port: 80, host-port: 80}, t: {container: c, port: 81, host-port: 80}}": ["conflict"],
}


@pytest.mark.parametrize("line", BARE)
def test_what_runs_without_a_blueprint_is_planned_too(line: str, tmp_path: Path) -> None:
    runnable = "{defines: runnable, containers: {c: {image: 'x:1'}}}"
    (tmp_path / "a.yaml").write_text(
        f"namespace: q\nother: {runnable}\nweb:\n  defines: runnable\n  containers: {{c: {{image: 'x:1'}}}}\n  {line}\n"
    )
    found = checked([tmp_path], [tmp_path])
    assert [problem.code for problem in found.problems] == BARE[line]
    assert all(problem.place.line for problem in found.problems)


def test_a_balancer_of_a_group_is_planned_too(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        """\
namespace: q
dns:
  defines: runnable
  containers: {c: {image: 'x:1'}}
  services: {s: {container: c, port: 53, protocol: udp}}
all:
  defines: group
  members: [./dns]
  balancers: {front: {type: tcp, port: 53, instances: [./dns]}}
"""
    )
    assert [problem.code for problem in checked([tmp_path], [tmp_path]).problems] == ["conflict"]
