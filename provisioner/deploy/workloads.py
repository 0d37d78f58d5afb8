"""Secrets and bundles of a plan as resources: what the `provisioner` plugin brings to the hosts."""

import os
from collections.abc import Mapping
from typing import Final

import pulumi

from provisioner.clouds.components import Host
from provisioner.deploy.bundles import Bundle
from provisioner.deploy.order import host_order
from provisioner.deploy.secrets import Secret
from provisioner.errors import Problems
from provisioner.host.bundle import bundles
from provisioner.placement.model import Placement
from provisioner.plan.model import Plan

SIMULATED_KEY: Final = f"{'A' * 43}="
"""Public key of every simulated host on the overlay, where nothing is sent."""


def check(plan: Plan, given: Mapping[str, pulumi.Output[str]]) -> Problems:
    """What would fail after machines exist: a secret without a value, hosts that cannot be reached."""
    problems = Problems()
    for secret in plan.secrets:
        if not secret.length and secret.name not in given:
            hint = f"pulumi config set --secret --path provisioner:secrets.{secret.name}"
            problems.error("secret-missing", secret.place, f'the secret "{secret.name}" has no value', hint=hint)
    if plan.workloads and "PROVISIONER_SANDBOX" not in os.environ:
        message = "containers are brought to the hosts of the sandbox only, in this version"
        problems.error("transport", plan.place, message, hint="provisioner sandbox run -- pulumi up")
    return problems


def deliver(plan: Plan, placement: Placement, hosts: Mapping[str, Host], given: Mapping[str, pulumi.Output[str]]) -> None:
    """A `Secret` for each generated secret, then a `Bundle` for each host, in the order in which workloads wait for others."""
    values = {**given, **_generated(plan)}
    addresses = {name: host.private_address for name, host in hosts.items()}
    ready = {bundle.host: bundle for bundle in bundles(plan, placement)}
    brought: dict[str, Bundle] = {}
    for name, waits_for in host_order(plan, placement):
        brought[name] = Bundle(
            f"{plan.slug}-{name}",
            bundle=ready[name],
            host_id=hosts[name].id,
            address=hosts[name].private_address,
            devices=hosts[name].devices,
            addresses=addresses,
            keys=dict.fromkeys(hosts, SIMULATED_KEY),
            secret_values=values,
            opts=pulumi.ResourceOptions(depends_on=[brought[other] for other in waits_for]),
        )


def _generated(plan: Plan) -> Mapping[str, pulumi.Output[str]]:
    return {
        secret.name: Secret(f"{plan.slug}-{secret.name}", length=secret.length).value for secret in plan.secrets if secret.length
    }
