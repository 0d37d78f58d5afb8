"""Backup vaults, their policies, and the disks that follow them."""

import re
from collections.abc import Iterator
from typing import Any

from provisioner.sandbox.azure import arm
from provisioner.sandbox.azure.volumes import DISK
from provisioner.sandbox.kinds import UNKNOWN, Call, Failure, Kind, Properties, Reference

VERSION = "2025-01-01"
VAULT = "azure-native:dataprotection:BackupVault"
POLICY = "azure-native:dataprotection:BackupPolicy"
INSTANCE = "azure-native:dataprotection:BackupInstance"
ASSIGNMENT = "azure-native:authorization:RoleAssignment"
OWNER = arm.Owner("Microsoft.DataProtection/backupVaults", "vaultName", VERSION)

VAULT_NAME = r"[A-Za-z][A-Za-z0-9-]{1,49}"
"""2 to 50 letters, digits and hyphens (naming rules of Azure resources, Microsoft.DataProtection)."""
POLICY_NAME = r"[A-Za-z][A-Za-z0-9-]{2,149}"
"""3 to 150 letters, digits and hyphens (naming rules of Azure resources, Microsoft.DataProtection)."""
INTERVALS = ("PT1H", "PT2H", "PT4H", "PT6H", "PT8H", "PT12H", "P1D")
"""How often a disk can be backed up (Azure Backup, "Azure Disk Backup support matrix")."""
LONGEST_DAYS = 365
"""Of daily snapshots: a disk has 500 of them at most (Azure Backup, "Azure Disk Backup support matrix")."""
READS_DISKS = "3e5e47e6-65f7-47ef-90b5-e5dd4d455f24"
"""The role Disk Backup Reader (Azure Backup, "Back up Azure managed disks")."""
MAKES_SNAPSHOTS = "7efff54f-a5b4-42b5-a1c5-5411624893ce"
"""The role Disk Snapshot Contributor (Azure Backup, "Back up Azure managed disks")."""

SCHEDULE = "properties.policyRules[].trigger.schedule.repeatingTimeIntervals[]"

IN_VAULT = Reference(
    property="vaultName",
    tokens=(VAULT,),
    field="vaultName",
    missing='Code="ResourceNotFound" Message="The Resource \'Microsoft.DataProtection/backupVaults/{value}\' was not found."',
    in_use='Code="VaultNotEmpty" Message="Backup vault {id} cannot be deleted as it still holds {dependent}."',
)


def _check_vault(call: Call) -> Iterator[Failure]:
    yield from arm.named("vaultName", VAULT_NAME)(call)
    if _known(call, "properties").get("storageSettings") == []:
        yield Failure(property="properties.storageSettings", reason="a backup vault needs a storage setting")


def _refuse_vault(call: Call) -> None:
    arm.refuse_common(call)
    if call.olds is not None:
        before, now = (arm.values(each, "properties.storageSettings[].type") for each in (call.olds, call.inputs))
        if before != now:
            message = "Storage redundancy of a backup vault cannot be changed once it is created."
            raise arm.refusal("UpdateNotAllowed", message)


def _vault_outputs(call: Call, _: str) -> dict[str, Any]:
    identity = dict(arm.part(call.inputs, "identity"))
    if "SystemAssigned" in str(identity.get("type")):
        identity |= {"principalId": arm.uuid(call, "principal"), "tenantId": call.config["tenantId"]}
    name = call.inputs["vaultName"]
    return {**arm.standard("Microsoft.DataProtection/backupVaults", VERSION, name), "identity": identity or None}


def _check_policy(call: Call) -> Iterator[Failure]:
    yield from arm.named("backupPolicyName", POLICY_NAME)(call)
    properties = _known(call, "properties")
    if properties.get("datasourceTypes") == []:
        yield Failure(property="properties.datasourceTypes", reason="a backup policy needs a datasource type")
    kinds = [rule.get("objectType") for rule in arm.items(properties, "policyRules")]
    if kinds and "AzureRetentionRule" not in kinds:
        yield Failure(property="properties.policyRules", reason="a backup policy needs a default retention rule")
    for interval in arm.values({"properties": properties}, SCHEDULE):
        found = re.fullmatch(r"R/[0-9T:+Z-]+/(P\w+)", interval) if isinstance(interval, str) else None
        if interval is not UNKNOWN and (found is None or found[1] not in INTERVALS):
            known = ", ".join(INTERVALS)
            yield Failure(property=SCHEDULE, reason=f"expected R/TIME/PERIOD with a period of {known}, got '{interval}'")


def _refuse_policy(call: Call) -> None:
    for duration in arm.values(call.inputs, "properties.policyRules[].lifecycles[].deleteAfter.duration"):
        days = re.fullmatch(r"P(\d+)D", str(duration))
        if days is None or not 1 <= int(days[1]) <= LONGEST_DAYS:
            message = f"Retention of snapshots of disks must be from 1 to {LONGEST_DAYS} days, found {duration}."
            raise arm.refusal("BMSUserErrorInvalidInput", message)


def _refuse_instance(call: Call) -> None:
    """Its vault must read the disk and write to the snapshots' group, which is of the disk's own subscription."""
    properties = arm.part(call.inputs, "properties")
    if not properties:
        raise arm.refusal("BMSUserErrorInvalidInput", "Required parameter 'properties' is missing (null).")
    into = arm.values(properties, "policyInfo.policyParameters.dataStoreParametersList[].resourceGroupId")
    if not into:
        message = "The resource group for snapshots is missing in the policy parameters of the backup instance."
        raise arm.refusal("UserErrorSnapshotResourceGroupMissing", message)
    disk = arm.part(properties, "dataSourceInfo").get("resourceID")
    for other in call.world.all(INSTANCE):
        if arm.values(other.properties, "properties.dataSourceInfo.resourceID") == [disk]:
            raise arm.refusal("UserErrorDatasourceAlreadyProtected", f"The datasource {disk} is already protected.")
    vault = call.world.find(VAULT, vaultName=call.inputs["vaultName"])
    principal = arm.part(vault.properties if vault else {}, "identity").get("principalId")
    for scope, role in ((disk, READS_DISKS), (into[0], MAKES_SNAPSHOTS)):
        if not _has_role(call, principal, str(scope), role):
            message = f"The backup vault's identity lacks the role {role} on {scope}."
            raise arm.refusal("UserErrorMissingPermissionsOnManagedDisk", message)


def _has_role(call: Call, principal: object, scope: str, role: str) -> bool:
    given = call.world.all(ASSIGNMENT)
    return any(
        each.properties["principalId"] == principal
        and scope.startswith(str(each.properties["scope"]))
        and str(each.properties["roleDefinitionId"]).endswith(role)
        for each in given
    )


def _known(call: Call, name: str) -> Properties:
    """An object of the inputs, {} where it is not known yet."""
    found = call.inputs.get(name)
    return {} if found is UNKNOWN else arm.part(call.inputs, name)


KINDS = (
    Kind(
        token=VAULT,
        identify=arm.identify("Microsoft.DataProtection/backupVaults", "vaultName"),
        outputs=_vault_outputs,
        computed=arm.STANDARD,
        reshaped=("identity",),
        immutable=frozenset({"location", "resourceGroupName", "vaultName"}),
        autoname=arm.autoname("vaultName"),
        references=(arm.IN_GROUP,),
        check=_check_vault,
        refuse=_refuse_vault,
    ),
    Kind(
        token=POLICY,
        identify=OWNER.identify("backupPolicies", "backupPolicyName"),
        outputs=OWNER.outputs("backupPolicies", "backupPolicyName"),
        computed=arm.STANDARD,
        immutable=frozenset({"backupPolicyName", "resourceGroupName", "vaultName"}),
        autoname=arm.autoname("backupPolicyName"),
        references=(arm.IN_GROUP, IN_VAULT),
        check=_check_policy,
        refuse=_refuse_policy,
    ),
    Kind(
        token=INSTANCE,
        identify=OWNER.identify("backupInstances", "backupInstanceName"),
        outputs=OWNER.outputs("backupInstances", "backupInstanceName"),
        computed=arm.STANDARD,
        immutable=frozenset({"backupInstanceName", "resourceGroupName", "vaultName"}),
        autoname=arm.autoname("backupInstanceName"),
        references=(
            arm.IN_GROUP,
            IN_VAULT,
            arm.refers("properties.dataSourceInfo.resourceID", DISK, holds=False),
            arm.refers(
                "properties.policyInfo.policyId",
                POLICY,
                in_use="PolicyInUse: Backup policy {id} cannot be deleted as it is in use by {dependent}.",
            ),
            arm.refers(
                "properties.policyInfo.policyParameters.dataStoreParametersList[].resourceGroupId",
                arm.GROUP,
                in_use="ResourceGroupNotEmpty: The resource group {id} still holds the snapshots of {dependent}.",
            ),
        ),
        refuse=_refuse_instance,
    ),
)
