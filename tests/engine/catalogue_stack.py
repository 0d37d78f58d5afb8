"""A stack of a catalogue's blueprint in this process: the project's own program, from configuration to containers."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from harness import Harness

from provisioner.clouds.discovery import clouds
from provisioner.deploy.program import families, main

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample first"
OTHER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAnotherAnotherAnotherAnotherAnotherOthe second"
SECRETS = ("grafana-password", "n8n-encryption-key", "postgresql-password", "redis-password")

MACHINES = {
    "aws": "aws:ec2/instance:Instance",
    "azure": "azure-native:compute:VirtualMachine",
    "gcp": "gcp:compute/instance:Instance",
}
DISKS = {"aws": "aws:ebs/volume:Volume", "azure": "azure-native:compute:Disk", "gcp": "gcp:compute/disk:Disk"}

Simulated = Callable[..., Harness]


def catalogue_stack(
    simulated: Simulated, blueprint: str, cloud: str, *, packages: Path | None = None, project: str = "tests"
) -> Harness:
    """The blueprint in the cloud's default region. Its `provisioner` plugin is this environment's.

    `packages` is a folder of further packages; stacks of other projects are in the same simulated cloud.
    """
    region = clouds()[cloud].default_region
    config = {
        "provisioner:package": blueprint,
        "provisioner:target": json.dumps({"cloud": cloud, "region": region}),
        "provisioner:ssh-key": KEY,
        "provisioner:secrets": json.dumps({name: f"given-{name}-0123456789" for name in SECRETS}),
        **dict.fromkeys(clouds()[cloud].region_config, region),
        **({"provisioner:sources": json.dumps([str(packages)])} if packages else {}),
    }
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return simulated(program(cloud), config=config, environment={"PATH": path}, project=project)


def program(cloud: str) -> Callable[[], None]:
    """The project's own program. The SDK is imported before it, where its warnings of itself are expected."""

    def run() -> None:
        with import_module("golden").quiet_sdk_imports():
            families(cloud)
        main()

    return run


def variables(by_definition: Mapping[str, Mapping[str, object]]) -> Mapping[str, str]:
    """The configuration that gives a definition's variables other values."""
    return {"provisioner:variables": json.dumps(by_definition)}
