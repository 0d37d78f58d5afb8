"""Storage accounts, their blob service, containers and lifecycle."""

from typing import Any

from provisioner.sandbox.azure import arm
from provisioner.sandbox.azure.network import SUBNET
from provisioner.sandbox.kinds import Call, Kind, Reference

VERSION = "2024-01-01"
ACCOUNT = "azure-native:storage:StorageAccount"
SERVICE = "azure-native:storage:BlobServiceProperties"
CONTAINER = "azure-native:storage:BlobContainer"
POLICY = "azure-native:storage:ManagementPolicy"
OWNER = arm.Owner("Microsoft.Storage/storageAccounts", "accountName", VERSION)
SUBNETS = "networkRuleSet.virtualNetworkRules[].virtualNetworkResourceId"

IN_ACCOUNT = Reference(
    property="accountName",
    tokens=(ACCOUNT,),
    field="name",
    missing='Code="ResourceNotFound" Message="The Resource \'Microsoft.Storage/storageAccounts/{value}\' was not found."',
    holds=False,
)


def _refuse_account(call: Call) -> None:
    arm.refuse_common(call)
    name = call.inputs["accountName"]
    if any(account.properties["accountName"] == name for account in call.world.all(ACCOUNT)):
        raise arm.refusal("StorageAccountAlreadyTaken", f"The storage account named {name} is already taken.")
    for rule in arm.values(call.inputs, SUBNETS):
        subnet = call.world.get(SUBNET, rule)
        if "Microsoft.Storage" not in arm.values(subnet.properties if subnet else None, "serviceEndpoints[].service"):
            message = (
                f"Validation of network acls failure: SubnetsHaveNoServiceEndpointsConfigured: Subnet {rule} does not have "
                f"ServiceEndpoints for Microsoft.Storage resources configured."
            )
            raise arm.refusal("NetworkAclsValidationFailure", message)


def _account_outputs(call: Call, _: str) -> dict[str, Any]:
    name = call.inputs["accountName"]
    services = {service: f"https://{name}.{service}.core.windows.net/" for service in ("blob", "dfs", "file", "queue", "table")}
    return {
        **arm.standard("Microsoft.Storage/storageAccounts", VERSION, name),
        "primaryEndpoints": services,
        "primaryLocation": call.inputs.get("location"),
        "provisioningState": "Succeeded",
        "statusOfPrimary": "available",
    }


def _refuse_container(call: Call) -> None:
    account = call.world.find(ACCOUNT, accountName=call.inputs["accountName"])
    public = call.inputs.get("publicAccess") not in (None, "None")
    if public and account is not None and not account.properties.get("allowBlobPublicAccess"):
        raise arm.refusal("PublicAccessNotPermitted", "Public access is not permitted on this storage account.")


KINDS = (
    Kind(
        token=ACCOUNT,
        identify=arm.identify("Microsoft.Storage/storageAccounts", "accountName"),
        outputs=_account_outputs,
        computed=(*arm.STANDARD, "primaryEndpoints", "primaryLocation", "provisioningState", "statusOfPrimary"),
        immutable=frozenset({"accountName", "isHnsEnabled", "location", "resourceGroupName"}),
        autoname=arm.autoname("accountName"),
        references=(
            arm.IN_GROUP,
            arm.refers(SUBNETS, SUBNET, holds=False),
        ),
        check=arm.named("accountName", r"[a-z0-9]{3,24}"),
        refuse=_refuse_account,
    ),
    Kind(
        token=SERVICE,
        identify=OWNER.identify("blobServices", "blobServicesName"),
        outputs=OWNER.outputs("blobServices", "blobServicesName"),
        computed=arm.STANDARD,
        immutable=frozenset({"accountName", "blobServicesName", "resourceGroupName"}),
        references=(arm.IN_GROUP, IN_ACCOUNT),
        check=arm.named("blobServicesName", "default"),
    ),
    Kind(
        token=CONTAINER,
        identify=OWNER.identify("blobServices/default/containers", "containerName"),
        outputs=OWNER.outputs("blobServices/containers", "containerName"),
        computed=arm.STANDARD,
        immutable=frozenset({"accountName", "containerName", "resourceGroupName"}),
        references=(arm.IN_GROUP, IN_ACCOUNT),
        check=arm.named("containerName", r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*"),
        refuse=_refuse_container,
    ),
    Kind(
        token=POLICY,
        identify=OWNER.identify("managementPolicies", "managementPolicyName"),
        outputs=OWNER.outputs("managementPolicies", "managementPolicyName"),
        computed=arm.STANDARD,
        immutable=frozenset({"accountName", "managementPolicyName", "resourceGroupName"}),
        references=(arm.IN_GROUP, IN_ACCOUNT),
        check=arm.named("managementPolicyName", "default"),
    ),
)
