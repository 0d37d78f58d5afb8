"""Buckets: a storage account each, because versions and network rules are set per account, with one private container."""

import pulumi
from pulumi_azure_native import storage

from provisioner.clouds.azure import names, roles
from provisioner.clouds.azure.accounts import account
from provisioner.clouds.azure.hosts import Hosts
from provisioner.clouds.azure.network import Network
from provisioner.clouds.components import Deployment, Family
from provisioner.plan.model import Bucket


class Buckets(Family):
    """`names` are `ACCOUNT/CONTAINER` by plan name. Only the hosts' subnets reach them, only with an identity, only by TLS."""

    def __init__(
        self, deployment: Deployment, network: Network, hosts: Hosts, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("Buckets", deployment, opts)
        self._network, self._hosts = network, hosts
        self.names = {bucket.name: self._bucket(bucket) for bucket in deployment.plan.buckets}
        self.register_outputs({"names": self.names})

    def _bucket(self, bucket: Bucket) -> pulumi.Output[str]:
        store = self._account(bucket)
        group = self._network.group.name
        service = storage.BlobServiceProperties(
            self.child(bucket.name, "service"),
            resource_group_name=group,
            account_name=store.name,
            blob_services_name="default",
            is_versioning_enabled=bucket.versioned,
            delete_retention_policy=storage.DeleteRetentionPolicyArgs(enabled=False),
            container_delete_retention_policy=storage.DeleteRetentionPolicyArgs(enabled=False),
            opts=self.under(),
        )
        container = storage.BlobContainer(
            self.child(bucket.name),
            resource_group_name=group,
            account_name=store.name,
            container_name=names.container(bucket.name),
            public_access=storage.PublicAccess.NONE,
            opts=self.under(depends_on=[service]),
        )
        if bucket.expire_days:
            storage.ManagementPolicy(
                self.child(bucket.name, "expiry"),
                resource_group_name=group,
                account_name=store.name,
                management_policy_name="default",
                policy=_expiry(bucket),
                opts=self.under(depends_on=[service]),
            )
        self._grant(bucket, container)
        return pulumi.Output.concat(store.name, "/", container.name)

    def _grant(self, bucket: Bucket, container: storage.BlobContainer) -> None:
        """Its readers and writers have a role on its container, and on nothing else of the account."""
        levels = {**dict.fromkeys(bucket.readers, roles.BLOB_READER), **dict.fromkeys(bucket.writers, roles.BLOB_CONTRIBUTOR)}
        for group, role in sorted(levels.items()):
            principal = self._hosts.identities[group].principal_id
            roles.assign(self, self.child(bucket.name, group, "role"), role=role, scope=container.id, principal=principal)

    def _account(self, bucket: Bucket) -> storage.StorageAccount:
        subnets = [each.id for each in self._network.host_subnets()]
        return account(self, self._network, (bucket.name, "account"), named=bucket.name, subnets=subnets)


def _expiry(bucket: Bucket) -> storage.ManagementPolicySchemaArgs:
    days = bucket.expire_days
    old_versions = storage.ManagementPolicyVersionArgs(
        delete=storage.DateAfterCreationArgs(days_after_creation_greater_than=days)
    )
    actions = storage.ManagementPolicyActionArgs(
        base_blob=storage.ManagementPolicyBaseBlobArgs(
            delete=storage.DateAfterModificationArgs(days_after_modification_greater_than=days)
        ),
        version=old_versions if bucket.versioned else None,
    )
    filters = storage.ManagementPolicyFilterArgs(blob_types=["blockBlob"])
    rule = storage.ManagementPolicyRuleArgs(
        name="expiry",
        type="Lifecycle",
        enabled=True,
        definition=storage.ManagementPolicyDefinitionArgs(actions=actions, filters=filters),
    )
    return storage.ManagementPolicySchemaArgs(rules=[rule])
