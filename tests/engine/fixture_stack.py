"""The fixture deployment as a stack: the same program on every cloud, with what the tests look at as its outputs."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

import pulumi
from fixture_deployment import deployment
from golden import quiet_sdk_imports
from harness import Harness
from simulated import with_values
from test_secure_defaults import FIXTURES

from provisioner.clouds.components import Deployment
from provisioner.deploy.program import build, families, used

Simulated = Callable[..., Harness]


def fixture_on(cloud: str) -> Deployment:
    target, machines = FIXTURES[cloud]
    return deployment(target, machines=machines)


def program(wanted: Deployment) -> Callable[[], None]:
    """Every family of the deployment. Outputs: endpoints, buckets and secrets by name; devices and addresses of `data-1`."""

    def run() -> None:
        with quiet_sdk_imports():
            modules = families(wanted.plan.target.cloud, used(wanted.plan))
        made = cast("Mapping[str, Any]", build(with_values(wanted), modules, {}))
        host = made["hosts"].hosts["data-1"]
        pulumi.export("endpoints", dict(made["balancers"].endpoints))
        pulumi.export("buckets", dict(made["buckets"].names))
        pulumi.export("secrets", dict(made["secrets"].names) if "secrets" in made else {})
        pulumi.export("devices", dict(host.devices))
        pulumi.export("private", host.private_address)
        pulumi.export("public", host.public_address)

    return run


def with_plan(original: Deployment, **changes: Any) -> Deployment:
    return replace(original, plan=replace(original.plan, **changes))


def ids(stack: Harness, token: str) -> Mapping[str, str]:
    """Name to id of what exists of a type."""
    return {each.name: each.id for each in stack.exists() if each.token == token}
