"""Secrets in AWS Secrets Manager, encrypted with the account's own key for it."""

from collections.abc import Mapping
from typing import Final

import pulumi
from pulumi_aws import secretsmanager

from provisioner.clouds.aws import defaults, grants, names
from provisioner.clouds.aws.hosts import Hosts
from provisioner.clouds.aws.network import Network
from provisioner.clouds.components import Deployment, Family
from provisioner.plan.model import Secret

RECOVERY_DAYS: Final = 7
"""How long a deleted secret can be had back, the least that Secrets Manager takes beside none. Names are never taken twice."""


class Secrets(Family):
    """`names` are the secrets' names by the plan's names."""

    def __init__(
        self, deployment: Deployment, network: Network, hosts: Hosts, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("Secrets", deployment, opts)
        self.hosts = hosts
        self.names: Mapping[str, pulumi.Output[str]] = {
            secret.name: self._secret(secret) for secret in deployment.plan.stored_secrets
        }
        self.register_outputs({"names": dict(self.names)})

    def _secret(self, secret: Secret) -> pulumi.Output[str]:
        plan = self.deployment.plan
        created = secretsmanager.Secret(
            self.child("secret", secret.name),
            name_prefix=names.prefix(60, self.prefix, secret.name),
            description=names.description(f"{secret.name} of {plan.name}"),
            recovery_window_in_days=RECOVERY_DAYS,
            tags=defaults.tags(plan, "secrets", self.child(secret.name)),
            opts=self.under(),
        )
        secretsmanager.SecretVersion(
            self.child("secret", secret.name, "value"),
            secret_id=created.id,
            secret_string=self.deployment.secret_values[secret.name],
            opts=self.under(),
        )
        grants.secret(self, self.hosts, secret.name, secret.readers, created.arn)
        return created.name
