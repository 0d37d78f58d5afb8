"""Types of the provider `azure-native` without a charge of their own."""

from typing import Final

_NETWORK: Final = (
    "ApplicationSecurityGroup",
    "NetworkInterface",
    "NetworkSecurityGroup",
    "PrivateDnsZoneGroup",
    "RecordSet",
    "Route",
    "RouteTable",
    "SecurityRule",
    "Subnet",
    "VirtualNetwork",
)
_OTHERS: Final = (
    "compute:AvailabilitySet",
    "compute:ProximityPlacementGroup",
    "compute:SshPublicKey",
    "compute:VirtualMachineExtension",
    "dbforpostgresql:Configuration",
    "dbforpostgresql:Database",
    "dbforpostgresql:FirewallRule",
    "dbformysql:Database",
    "dbformysql:FirewallRule",
    "dns:RecordSet",
    "eventhub:EventHub",
    "keyvault:AccessPolicy",
    "keyvault:Secret",
    "resources:ResourceGroup",
    "servicebus:Queue",
    "servicebus:Subscription",
    "servicebus:Topic",
    "sql:FirewallRule",
    "sql:Server",
    "storage:Blob",
    "storage:BlobContainer",
    "storage:BlobServiceProperties",
    "storage:ManagementPolicy",
    "storage:Queue",
    "storage:Table",
)

FREE: Final = frozenset(
    {
        "azure-native:authorization/",
        "azure-native:managedidentity/",
        *(f"azure-native:network:{one}" for one in _NETWORK),
        *(f"azure-native:{one}" for one in _OTHERS),
    }
)
