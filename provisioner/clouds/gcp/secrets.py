"""Secrets in Secret Manager, each kept in the region of the deployment."""

from collections.abc import Mapping
from typing import Final

import pulumi
from pulumi_gcp import secretmanager

from provisioner.clouds.components import Deployment, Family
from provisioner.clouds.gcp.hosts import Hosts
from provisioner.clouds.gcp.network import Network
from provisioner.plan.model import Secret

READER: Final = "roles/secretmanager.secretAccessor"
"""Reads the value of a secret (cloud.google.com/secret-manager/docs/access-control)."""


class Secrets(Family):
    """`names` are the secrets' resource names, `projects/…/secrets/…`, by the plan's names."""

    def __init__(
        self, deployment: Deployment, network: Network, hosts: Hosts, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("Secrets", deployment, opts)
        self.network = network
        self.names: Mapping[str, pulumi.Output[str]] = {
            secret.name: self._secret(secret) for secret in deployment.plan.stored_secrets
        }
        self.register_outputs({})

    def _secret(self, secret: Secret) -> pulumi.Output[str]:
        made = secretmanager.Secret(
            self.child("secret", secret.name),
            secret_id=self.network.physical("secret", secret.name),
            replication={"user_managed": {"replicas": [{"location": self.deployment.plan.target.region}]}},
            labels=self.network.labels,
            opts=self.under(),
        )
        secretmanager.SecretVersion(
            self.child("secret", secret.name, "value"),
            secret=made.id,
            secret_data=self.deployment.secret_values[secret.name],
            opts=self.under(),
        )
        for group in sorted(secret.readers):
            secretmanager.SecretIamMember(
                self.child("secret", secret.name, group, "role"),
                secret_id=made.id,
                role=READER,
                member=self.network.accounts[group].member,
                opts=self.under(),
            )
        return made.name
