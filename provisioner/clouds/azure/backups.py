"""Snapshots of disks on Azure: a backup vault takes one a day, and keeps it in a resource group of its own.

The vault's identity may read the disks that it backs up, and make snapshots in that group; no others. Snapshots belong to what
is backed up: with the disk they go. Source: https://learn.microsoft.com/azure/backup/disk-backup-overview.
"""

from typing import Final

from pulumi_azure_native import compute, dataprotection, resources

from provisioner.clouds.azure import roles
from provisioner.clouds.azure.network import Network
from provisioner.clouds.components import Family
from provisioner.plan.model import Volume

DISKS: Final = "Microsoft.Compute/disks"
DAILY: Final = "R/2026-01-01T03:00:00+00:00/P1D"
"""Every day at three, in UTC."""
STORE: Final = "OperationalStore"
"""The only store for snapshots of disks: the vault itself holds none of them."""


class Backups:
    """The vault, a policy for each number of days, and an instance for each disk, as children of the volumes."""

    def __init__(self, family: Family, network: Network) -> None:
        self.family, self.network = family, network
        self.vault = self._vault()
        self.snapshots = resources.ResourceGroup(
            family.child("snapshots"), location=network.location, tags=network.tags, opts=family.under()
        )
        self.principal = self.vault.identity.apply(lambda found: found.principal_id if found else "")
        self.may_snapshot = roles.assign(
            family,
            family.child("snapshots", "role"),
            role=roles.DISK_SNAPSHOT_CONTRIBUTOR,
            scope=self.snapshots.id,
            principal=self.principal,
        )
        volumes = family.deployment.plan.volumes
        kept = sorted({volume.backup_days for volume in volumes if volume.backup_days})
        self.policies = {days: self._policy(days) for days in kept}

    def take(self, volume: Volume, disk: compute.Disk) -> None:
        """Back a disk up. The vault is refused until it has its roles."""
        family = self.family
        may_read = roles.assign(
            family,
            family.child(volume.name, "backup", "role"),
            role=roles.DISK_BACKUP_READER,
            scope=disk.id,
            principal=self.principal,
        )
        dataprotection.BackupInstance(
            family.child(volume.name, "backup"),
            resource_group_name=self.network.group.name,
            vault_name=self.vault.name,
            backup_instance_name=disk.name,
            properties=self._instance(volume, disk),
            opts=family.under(depends_on=[self.may_snapshot, may_read]),
        )

    def _vault(self) -> dataprotection.BackupVault:
        """Its own store stays empty, so it costs nothing. Nothing deleted lingers in it: it would hold up its own deletion."""
        settings = dataprotection.BackupVaultArgs(
            storage_settings=[dataprotection.StorageSettingArgs(datastore_type="VaultStore", type="LocallyRedundant")],
            security_settings=dataprotection.SecuritySettingsArgs(
                soft_delete_settings=dataprotection.SoftDeleteSettingsArgs(state="Off")
            ),
        )
        return dataprotection.BackupVault(
            self.family.child("backup"),
            resource_group_name=self.network.group.name,
            location=self.network.location,
            identity=dataprotection.DppIdentityDetailsArgs(type="SystemAssigned"),
            properties=settings,
            tags=self.network.tags,
            opts=self.family.under(),
        )

    def _policy(self, days: int) -> dataprotection.BackupPolicy:
        store = dataprotection.DataStoreInfoBaseArgs(data_store_type=STORE, object_type="DataStoreInfoBase")
        retention = dataprotection.AzureRetentionRuleArgs(
            name="Default",
            object_type="AzureRetentionRule",
            is_default=True,
            lifecycles=[
                dataprotection.SourceLifeCycleArgs(
                    delete_after=dataprotection.AbsoluteDeleteOptionArgs(
                        duration=f"P{days}D", object_type="AbsoluteDeleteOption"
                    ),
                    source_data_store=store,
                )
            ],
        )
        daily = dataprotection.AzureBackupRuleArgs(
            name="BackupDaily",
            object_type="AzureBackupRule",
            data_store=store,
            backup_parameters=dataprotection.AzureBackupParamsArgs(backup_type="Incremental", object_type="AzureBackupParams"),
            trigger=_every_day(),
        )
        return dataprotection.BackupPolicy(
            self.family.child("backup", str(days)),
            resource_group_name=self.network.group.name,
            vault_name=self.vault.name,
            backup_policy_name=f"daily-{days}",
            properties=dataprotection.BackupPolicyArgs(
                datasource_types=[DISKS], object_type="BackupPolicy", policy_rules=[daily, retention]
            ),
            opts=self.family.under(),
        )

    def _instance(self, volume: Volume, disk: compute.Disk) -> dataprotection.BackupInstanceArgs:
        source = dataprotection.DatasourceArgs(
            datasource_type=DISKS,
            object_type="Datasource",
            resource_id=disk.id,
            resource_location=self.network.location,
            resource_name=disk.name,
            resource_type=DISKS,
            resource_uri=disk.id,
        )
        into = dataprotection.AzureOperationalStoreParametersArgs(
            data_store_type=STORE,
            object_type="AzureOperationalStoreParameters",
            resource_group_id=self.snapshots.id,
        )
        return dataprotection.BackupInstanceArgs(
            friendly_name=volume.name,
            object_type="BackupInstance",
            data_source_info=source,
            policy_info=dataprotection.PolicyInfoArgs(
                policy_id=self.policies[volume.backup_days].id,
                policy_parameters=dataprotection.PolicyParametersArgs(data_store_parameters_list=[into]),
            ),
        )


def _every_day() -> dataprotection.ScheduleBasedTriggerContextArgs:
    return dataprotection.ScheduleBasedTriggerContextArgs(
        object_type="ScheduleBasedTriggerContext",
        schedule=dataprotection.BackupScheduleArgs(repeating_time_intervals=[DAILY], time_zone="UTC"),
        tagging_criteria=[
            dataprotection.TaggingCriteriaArgs(
                is_default=True, tag_info=dataprotection.RetentionTagArgs(tag_name="Default"), tagging_priority=99
            )
        ],
    )
