"""Storage accounts: closed to the public, entered with an identity and no key, only over TLS."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pulumi
from pulumi_azure_native import storage

from provisioner.clouds.azure import names
from provisioner.clouds.components import Family

if TYPE_CHECKING:
    from provisioner.clouds.azure.network import Network


def account(
    family: Family,
    network: "Network",
    words: tuple[str, ...],
    *,
    named: str,
    subnets: Sequence[pulumi.Output[str]] = (),
    bypass: str = "None",
) -> storage.StorageAccount:
    """A child of `family`, with a name in the whole world that holds `named`.

    `subnets` reach it, and the services of Azure that `bypass` names.
    """
    reach = [storage.VirtualNetworkRuleArgs(virtual_network_resource_id=each) for each in subnets]
    return storage.StorageAccount(
        family.child(*words),
        resource_group_name=network.group.name,
        account_name=network.group.id.apply(lambda scope: names.storage_account(scope, family.prefix, named)),
        location=network.location,
        kind="StorageV2",
        sku=storage.SkuArgs(name="Standard_LRS"),
        access_tier=storage.AccessTier.HOT,
        minimum_tls_version="TLS1_2",
        enable_https_traffic_only=True,
        allow_blob_public_access=False,
        allow_shared_key_access=False,
        default_to_o_auth_authentication=True,
        allow_cross_tenant_replication=False,
        is_local_user_enabled=False,
        is_sftp_enabled=False,
        public_network_access="Enabled",
        network_rule_set=storage.NetworkRuleSetArgs(
            default_action=storage.DefaultAction.DENY, bypass=bypass, virtual_network_rules=reach
        ),
        tags=network.tags,
        opts=family.under(),
    )
