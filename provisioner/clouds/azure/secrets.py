"""Secrets in a key vault of the deployment, which only its hosts' subnets reach, and only with a role.

A value goes in through the resource manager, past the vault's network rules. Taking one out would need the vault's own
door, so a secret that the definition drops stays in the vault, without a reader, until the vault goes.
"""

from collections.abc import Mapping
from typing import Final

import pulumi
from pulumi_azure_native import authorization, keyvault

from provisioner.clouds.azure import names, roles
from provisioner.clouds.azure.hosts import Hosts
from provisioner.clouds.azure.network import Network
from provisioner.clouds.components import Deployment, Family
from provisioner.plan.model import Secret

RECOVERY_DAYS: Final = 7
"""How long a deleted vault can be had back, the least that Azure takes. Its name is never taken twice."""


class Secrets(Family):
    """`names` are the secrets' addresses, `https://VAULT.vault.azure.net/secrets/NAME`, by the plan's names."""

    def __init__(
        self, deployment: Deployment, network: Network, hosts: Hosts, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("Secrets", deployment, opts)
        self._network, self._hosts = network, hosts
        self._vault = self._made()
        self.names: Mapping[str, pulumi.Output[str]] = {
            secret.name: self._secret(secret) for secret in deployment.plan.stored_secrets
        }
        self.register_outputs({"names": self.names})

    def _made(self) -> keyvault.Vault:
        network = self._network
        subnets = [keyvault.VirtualNetworkRuleArgs(id=each.id) for each in network.host_subnets()]
        properties = keyvault.VaultPropertiesArgs(
            sku=keyvault.SkuArgs(family="A", name=keyvault.SkuName.STANDARD),
            tenant_id=authorization.get_client_config_output(opts=self.asking()).tenant_id,
            enable_rbac_authorization=True,
            enable_purge_protection=True,
            enable_soft_delete=True,
            soft_delete_retention_in_days=RECOVERY_DAYS,
            enabled_for_deployment=False,
            enabled_for_disk_encryption=False,
            enabled_for_template_deployment=False,
            public_network_access="Enabled",
            network_acls=keyvault.NetworkRuleSetArgs(
                default_action="Deny", bypass="AzureServices", virtual_network_rules=subnets
            ),
        )
        return keyvault.Vault(
            self.child("vault"),
            resource_group_name=network.group.name,
            location=network.location,
            vault_name=network.group.id.apply(lambda scope: names.vault(scope, self.prefix)),
            properties=properties,
            tags=network.tags,
            opts=self.under(),
        )

    def _secret(self, secret: Secret) -> pulumi.Output[str]:
        made = keyvault.Secret(
            self.child("secret", secret.name),
            resource_group_name=self._network.group.name,
            vault_name=self._vault.name,
            secret_name=secret.name,
            properties=keyvault.SecretPropertiesArgs(value=self.deployment.secret_values[secret.name]),
            tags=self._network.tags,
            opts=pulumi.ResourceOptions.merge(self.under(), pulumi.ResourceOptions(retain_on_delete=True)),
        )
        for group in sorted(secret.readers):
            roles.assign(
                self,
                self.child("secret", secret.name, group, "role"),
                role=roles.SECRETS_USER,
                scope=made.id,
                principal=self._hosts.identities[group].principal_id,
            )
        return pulumi.Output.concat("https://", self._vault.name, ".vault.azure.net/secrets/", secret.name)
