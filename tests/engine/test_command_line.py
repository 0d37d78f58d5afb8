"""Whole runs as a user makes them: this repository's project, by the command line, on each simulated cloud."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from provisioner.deploy import engine

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
CLOUDS = {"aws": "eu-west-1", "gcp": "europe-west1", "azure": "eastus"}


@dataclass(frozen=True)
class Project:
    """A copy of this repository's project, with a sandbox of its own."""

    folder: Path

    def run(self, *words: str, status: int = 0) -> str:
        """Run `provisioner …` and return what it printed; the test fails on another exit status."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
        command = [str(BIN / "provisioner"), *words]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        printed = done.stdout + done.stderr
        assert done.returncode == status, printed
        return done.stdout if "--json" in words else printed

    def pulumi(self, *words: str, status: int = 0) -> str:
        return self.run("sandbox", "run", "--", "pulumi", *words, status=status)

    def up(self, stack: str, *words: str, status: int = 0) -> str:
        return self.pulumi("up", "--yes", "--skip-preview", "--stack", stack, *words, status=status)

    def resources(self) -> list[Mapping[str, str]]:
        return json.loads(self.run("sandbox", "list", "--json"))

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    if engine.find() is None:
        pytest.skip("no Pulumi engine: run `provisioner engine install`")
    for name in ("stacks", "blueprints"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    (tmp_path / ".venv").symlink_to(BIN.parent)
    return Project(tmp_path)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_life_of_the_demo(project: Project, cloud: str) -> None:
    """Up, what runs, up again without a change, a changed definition, destroy to empty."""
    plan = json.loads(project.run("plan", "demo/platform", "--cloud", cloud, "--region", CLOUDS[cloud], "--json"))
    preview = json.loads(preview_json(project, cloud))
    check_preview_holds_the_plan(preview, plan)

    project.up(cloud)
    outputs = json.loads(project.run("sandbox", "run", "--", "provisioner", "status", "--stack", cloud, "--json"))
    assert set(outputs["hosts"]) == {host["name"] for host in plan["hosts"]}
    assert outputs["placement"]["workloads"] == {workload["name"]: workload["host"] for workload in plan["workloads"]}
    assert outputs["digest"] == plan["digest"]
    assert re.fullmatch(r"[a-z0-9.-]+:80", outputs["endpoints"]["web"])
    cost = json.loads(project.run("cost", "demo/platform", "--cloud", cloud, "--region", CLOUDS[cloud], "--json"))
    assert outputs["cost"]["typical"] == f"{cost['monthly']['typical']:,.2f}"

    running = json.loads(project.run("ps", "--json"))
    project.run("sandbox", "faults", "set", "late", "--seconds", "0", "--type", "none")
    faults = json.loads(project.run("sandbox", "faults", "--json"))
    for name, printed in (
        ("ps", running),
        ("status", outputs),
        ("sandbox-list", project.resources()),
        ("sandbox-faults", faults),
    ):
        jsonschema.validate(printed, json.loads((ROOT / "docs" / "reference" / "schemas" / f"{name}.json").read_text()))
    assert {row["stack"] for row in json.loads(project.run("ps", "--stack", cloud, "--json"))} == {cloud}
    assert f"this project's sandbox has the stacks {cloud}" in project.run("ps", "--stack", "another", status=1)
    workload = running[0]["workload"]
    assert f"the hosts of the stack {cloud} are simulated" in project.run("logs", workload, "--stack", cloud, status=1)
    assert f"provisioner sandbox run -- provisioner status --stack {cloud}" in project.run("status", "--stack", cloud, status=1)
    assert {(row["workload"], row["host"]) for row in running} == set(outputs["placement"]["workloads"].items())
    assert {row["health"] for row in running} == {"healthy"}

    again = project.up(cloud)
    assert changes(again) == {"unchanged"}, again
    assert not re.search(r"^Outputs:\n.*^ *[+~-] ", again, re.MULTILINE | re.DOTALL), again

    project.edit("blueprints/demo/system.yaml", "max-connections: 200", "max-connections: 300")
    changed = project.up(cloud)
    assert changes(changed) == {"unchanged", "updated"}, changed
    assert counted(changed, "updated") == 1, changed

    project.pulumi("destroy", "--yes", "--stack", cloud)
    assert project.resources() == []
    assert json.loads(project.run("ps", "--json")) == []


def preview_json(project: Project, cloud: str) -> str:
    printed = project.pulumi("preview", "--json", "--stack", cloud)
    return printed[printed.index("{") : printed.rindex("}") + 1]


def check_preview_holds_the_plan(preview: Mapping[str, Any], plan: Mapping[str, Any]) -> None:
    names = {step["urn"].rsplit("::", 1)[1] for step in preview["steps"]}
    parts = [*plan["hosts"], *plan["volumes"], *plan["buckets"], *plan["addresses"], *plan["balancers"]]
    for part in parts:
        assert any(re.search(rf"\b{part['name']}\b", name) for name in names), f"{part['name']} is not in {sorted(names)}"
    bundles = [step for step in preview["steps"] if step["newState"]["type"] == "provisioner:index:Bundle"]
    brought = {unit["name"] for step in bundles for unit in step["newState"]["inputs"]["bundle"]["units"]}
    for workload in plan["workloads"]:
        for container in workload["containers"]:
            assert any(container["name"] in unit for unit in brought), f"{workload['name']} is not in {sorted(brought)}"


def changes(printed: str) -> set[str]:
    """What the engine says it did: `{"created", "unchanged"}`."""
    return {
        words[1]
        for words in re.findall(r"^ +(?:[+~+-]+ )?(\d+) (created|updated|deleted|replaced|unchanged)$", printed, re.MULTILINE)
    }


def counted(printed: str, word: str) -> int:
    found = re.search(rf"(\d+) {word}$", printed, re.MULTILINE)
    return int(found[1]) if found else 0


def test_refresh_sees_a_bundle_that_went_and_up_brings_it_back(project: Project) -> None:
    project.up("aws")
    project.pulumi("refresh", "--yes", "--stack", "aws")
    assert changes(project.up("aws")) == {"unchanged"}


@pytest.mark.parametrize(("fault", "status"), [("die", -signal.SIGKILL), ("kill", 128 + signal.SIGKILL)])
def test_up_after_the_sandbox_or_the_engine_is_killed(project: Project, fault: str, status: int) -> None:
    """The next `up` makes what is missing, once; the refresh that the manual names ends what is pending."""
    project.edit("stacks/Pulumi.gcp.yaml", "demo/platform", "nginx/web")
    project.run("sandbox", "faults", "set", fault, "--method", "Create", "--first", "3")
    project.up("gcp", status=status)
    assert len(project.resources()) >= 3
    project.run("sandbox", "faults", "clear")
    project.up("gcp")
    assert len({(row["type"], row["name"]) for row in project.resources()}) == len(project.resources())

    repeated = project.up("gcp")
    assert changes(repeated) == {"unchanged"}
    assert ("pending operations" in repeated) == (fault == "kill")
    project.pulumi("refresh", "--yes", "--clear-pending-creates", "--stack", "gcp")
    assert "pending operations" not in project.up("gcp")


def test_over_budget_nothing_is_created(project: Project) -> None:
    project.edit("blueprints/demo/platform.yaml", "monthly: 400 USD", "monthly: 20 USD")
    printed = project.up("aws", status=1)
    line = next(line for line in printed.splitlines() if "expected at most 20.00 USD" in line)
    assert re.search(r"blueprints/demo/platform\.yaml:\d+:\d+ demo/platform/budget", line), printed
    assert "Traceback" not in printed
    assert project.resources() == []


def test_a_secret_without_a_value_is_refused_before_anything_exists(project: Project) -> None:
    project.edit("blueprints/demo/platform.yaml", "    grafana-password: {generate: 20}\n", "")
    printed = project.up("aws", status=1)
    assert "pulumi config set --secret --path provisioner:secrets.grafana-password" in printed
    assert project.resources() == []


def test_a_region_that_differs_from_the_providers_is_refused(project: Project) -> None:
    project.edit("stacks/Pulumi.aws.yaml", "aws:region: eu-west-1", "aws:region: us-east-1")
    printed = project.up("aws", status=1)
    assert 'expected the target\'s region "eu-west-1", found "us-east-1"' in printed
    assert project.resources() == []


def test_generated_secrets_are_nowhere_in_clear_text(project: Project) -> None:
    project.up("aws")
    shown = project.pulumi("stack", "export", "--stack", "aws", "--show-secrets")
    resources: list[dict[str, Any]] = json.loads(shown[shown.index("{") :])["deployment"]["resources"]
    made = [one["outputs"]["value"] for one in resources if one["type"] == "provisioner:index:Secret"]
    values: list[str] = [json.loads(one["plaintext"]) for one in made]
    assert len(values) == 4
    assert all(len(value) >= 20 for value in values)
    everything = b"".join(path.read_bytes() for path in (project.folder / ".provisioner").rglob("*") if path.is_file())
    everything += project.pulumi("stack", "output", "--json", "--stack", "aws").encode()
    for value in values:
        assert value.encode() not in everything


def test_a_stack_file_is_left_as_it_was(project: Project) -> None:
    before = {path.name: path.read_text() for path in (project.folder / "stacks").glob("*.yaml")}
    project.pulumi("preview", "--stack", "gcp")
    assert {path.name: path.read_text() for path in (project.folder / "stacks").glob("*.yaml")} == before


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_stack_imports_only_its_own_clouds_sdk(cloud: str) -> None:
    """And of AWS's, which is split by service, no buckets or balancers before they are made."""
    program = f"""
import sys
from provisioner.deploy import program
program.families({cloud!r})
print(*(name for name in sys.modules if name in ("pulumi_aws", "pulumi_gcp", "pulumi_azure_native")))
print(*(name for name in sys.modules if name in ("pulumi_aws.lb.load_balancer", "pulumi_aws.s3.bucket")))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [{"aws": "pulumi_aws", "gcp": "pulumi_gcp", "azure": "pulumi_azure_native"}[cloud]]


CALM = """\
namespace: calm

web:
  defines: runnable
  variables: {web-replicas: {type: int, value: 3}}
  replicas: <- $web-replicas
  containers: {main: {image: "nginx:1.28", resources: {cpu: 0.5, memory: 256MiB}}}
  services: {http: {container: main, port: 80}}

job:
  defines: runnable
  variables: {job-replicas: {type: int, value: 6}}
  replicas: <- $job-replicas
  containers: {main: {image: "redis:8", resources: {cpu: 1, memory: 512MiB}}}

small:
  defines: runnable
  replicas: 6
  containers: {main: {image: "redis:8", resources: {cpu: 0.1, memory: 64MiB}}}

platform:
  defines: blueprint
  network: {zones: 2}
  hosts: {app: {count: {min: 1, max: 9}, machine: t3.small}}
  balancers: {web: {type: tcp, service: calm/web/http, port: 80}}
  runs: [calm/web, calm/job, calm/small]
"""


def test_an_update_moves_only_what_it_must(project: Project) -> None:
    """What was placed is the stack's own output: it stays; what would save is listed, and made when asked for."""
    (project.folder / "blueprints" / "calm.yaml").write_text(CALM)

    def deploy(web: int, job: int, **more: str) -> dict[str, str]:
        settings = {
            "provisioner:package": "calm/platform",
            "provisioner:target": {"cloud": "aws", "region": "eu-west-1"},
            "provisioner:variables": {"calm/web": {"web-replicas": web}, "calm/job": {"job-replicas": job}},
            "aws:region": "eu-west-1",
            **{f"provisioner:{name}": value for name, value in more.items()},
        }
        (project.folder / "stacks" / "Pulumi.calm.yaml").write_text(json.dumps({"config": settings}))
        project.up("calm")
        outputs = json.loads(project.run("sandbox", "run", "--", "provisioner", "status", "--stack", "calm", "--json"))
        return outputs["placement"]["workloads"]

    first = deploy(2, 6)
    more = deploy(3, 6)
    assert more.items() >= first.items()
    assert {name for name in more if name not in first} == {"calm/web/3"}
    attached = [
        one for one in project.resources() if "TargetGroupAttachment" in one["type"] or "targetGroupAttachment" in one["type"]
    ]
    assert len(attached) == len({host for name, host in more.items() if name.startswith("calm/web")})

    fewer = deploy(3, 1)
    assert more.items() >= fewer.items()
    listed = json.loads(project.run("sandbox", "run", "--", "provisioner", "plan", "--stack", "calm", "--rebalance", "--json"))
    assert listed["placement"]["moved"] == []
    worth = [move for move in listed["rebalance"] if move["worth_it"]]
    assert worth

    less = deploy(3, 1, rebalance="100%")
    assert len(set(less.values())) < len(set(fewer.values()))
    assert deploy(3, 1) == less
