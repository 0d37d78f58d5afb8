"""The Pulumi program: a stack's configuration becomes a plan, and the plan component resources.

It runs as `pulumi.run(main)`, because it awaits the last placement, which is an output of its own stack.
"""

import importlib
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pulumi

from provisioner.clouds.components import Deployment, Host
from provisioner.deploy import configuration, outputs, settings, workloads
from provisioner.deploy.prepare import Prepared, prepare
from provisioner.errors import InputError, ProvisionerError
from provisioner.host.cloud_init import cloud_init

SHOWN = 32
"""The exit status by which a program tells the engine that the user has seen what is wrong."""

FAMILIES = ("network", "addresses", "volumes", "hosts", "buckets", "balancers")


def main() -> None:
    """Register the deployment of the stack's package with the running Pulumi program."""
    pulumi.run(_deploy)


async def _deploy() -> Mapping[str, Any]:
    try:
        return await _deploy_stack()
    except InputError as error:
        for problem in error.problems:
            pulumi.log.error(str(problem))
        count = len(error.problems)
        pulumi.log.error(f"nothing was changed: {count} problem{'s' * (count != 1)} to solve first")
    except ProvisionerError as error:
        pulumi.log.error(str(error))
    raise SystemExit(SHOWN)


async def _deploy_stack() -> Mapping[str, Any]:
    chosen = configuration.read()
    last = await outputs.last()
    request = settings.request(chosen, settings.project_folder(Path.cwd()), configuration.stack_file())
    prepared = prepare(request, last=last.placement, enforce_budget=True)
    configuration.check_provider_region(prepared.cloud, prepared.plan.target.region).raise_errors()
    secrets = configuration.secret_values()
    workloads.check(prepared.plan, secrets).raise_errors()
    outputs.announce(prepared, last)
    hosts, endpoints = _create(prepared, chosen.ssh_key)
    workloads.deliver(prepared.plan, prepared.placement, hosts, secrets)
    return outputs.export(prepared, last, hosts, endpoints)


def families(cloud: str) -> Mapping[str, ModuleType]:
    """The modules of a cloud's component families. They import that cloud's SDK, and no other."""
    return {name: importlib.import_module(f"provisioner.clouds.{cloud}.{name}") for name in FAMILIES}


def _create(prepared: Prepared, ssh_key: str) -> tuple[Mapping[str, Host], Mapping[str, pulumi.Output[str]]]:
    """Every family of the plan's cloud, in the order in which they need each other."""
    user_data = cloud_init(ssh_key)
    deployment = Deployment(
        plan=prepared.plan,
        hosts=prepared.placement.hosts,
        user_data={host.name: user_data for host in prepared.placement.hosts},
        ssh_public_key=ssh_key,
    )
    family = families(prepared.cloud.name)
    network = family["network"].Network(deployment)
    addresses = family["addresses"].Addresses(deployment, network)
    volumes = family["volumes"].Volumes(deployment, network)
    hosts = family["hosts"].Hosts(deployment, network, volumes)
    family["buckets"].Buckets(deployment, network)
    balancers = family["balancers"].Balancers(deployment, network, addresses, hosts)
    return cast("Mapping[str, Host]", hosts.hosts), cast("Mapping[str, pulumi.Output[str]]", balancers.endpoints)
