"""Flow logs of a virtual network, in a storage account that Azure's network watcher alone writes to, with an identity.

The watcher of a region is Azure's own: it is there, in a group of its own, as soon as the region has a virtual network.
Source: https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview, …/vnet-flow-logs-managed-identity.
"""

from typing import TYPE_CHECKING, Final

from pulumi_azure_native import managedidentity
from pulumi_azure_native import network as networking

from provisioner.clouds.azure import roles
from provisioner.clouds.azure.accounts import account

if TYPE_CHECKING:
    from provisioner.clouds.azure.network import Network

WATCHERS: Final = "NetworkWatcherRG"
"""The resource group in which Azure keeps its watchers."""


def keep(network: "Network", within: networking.VirtualNetwork, days: int) -> None:
    """Log the flows of a virtual network for so many days."""
    store = account(network, network, ("flow-logs",), named="flow-logs", bypass="AzureServices")
    writer = managedidentity.UserAssignedIdentity(
        network.child("flow-logs", "identity"),
        resource_group_name=network.group.name,
        location=network.location,
        tags=network.tags,
        opts=network.under(),
    )
    may_write = roles.assign(
        network,
        network.child("flow-logs", "role"),
        role=roles.BLOB_CONTRIBUTOR,
        scope=store.id,
        principal=writer.principal_id,
    )
    networking.FlowLog(
        network.child("flow-log"),
        resource_group_name=WATCHERS,
        network_watcher_name=f"NetworkWatcher_{network.location}",
        location=network.location,
        target_resource_id=within.id,
        storage_id=store.id,
        enabled=True,
        format=networking.FlowLogFormatParametersArgs(type="JSON", version=2),
        retention_policy=networking.RetentionPolicyParametersArgs(days=days, enabled=True),
        identity=networking.ManagedServiceIdentityArgs(
            type=networking.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=[writer.id]
        ),
        tags=network.tags,
        opts=network.under(depends_on=[may_write]),
    )
