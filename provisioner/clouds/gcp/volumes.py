"""Block disks, each in the zone of its host. Hosts attach them; a disk outlives every host it was attached to."""

import pulumi
from pulumi_gcp import compute

from provisioner.clouds.components import Deployment, Family
from provisioner.clouds.gcp import names
from provisioner.clouds.gcp.defaults import DISK_TYPES, SNAPSHOT_START
from provisioner.clouds.gcp.network import Network
from provisioner.plan.model import Volume


class Volumes(Family):
    """`disks`: the plan's volume name to its disk."""

    def __init__(self, deployment: Deployment, network: Network, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Volumes", deployment, opts)
        self.disks = {volume.name: self._disk(volume, network) for volume in deployment.plan.volumes}
        kept = sorted({volume.backup_days for volume in deployment.plan.volumes if volume.backup_days})
        schedules = {days: self._schedule(days, network) for days in kept}
        for volume in deployment.plan.volumes:
            if volume.backup_days:
                self._attach(volume, schedules[volume.backup_days])
        self.register_outputs({})

    def _disk(self, volume: Volume, network: Network) -> compute.Disk:
        return compute.Disk(
            self.child(volume.name),
            name=network.physical(volume.name),
            zone=volume.zone,
            type=DISK_TYPES[volume.kind],
            size=volume.size_gib,
            labels={**network.labels, "volume": names.label(volume.name)},
            opts=self.under(),
        )

    def _schedule(self, days: int, network: Network) -> compute.ResourcePolicy:
        """A snapshot a day, kept for `days` in the region itself, also when the disk is gone."""
        region = self.deployment.plan.target.region
        return compute.ResourcePolicy(
            self.child("backup", str(days)),
            name=network.physical("backup", str(days)),
            region=region,
            snapshot_schedule_policy={
                "schedule": {"daily_schedule": {"days_in_cycle": 1, "start_time": SNAPSHOT_START}},
                "retention_policy": {"max_retention_days": days, "on_source_disk_delete": "APPLY_RETENTION_POLICY"},
                "snapshot_properties": {"labels": network.labels, "storage_locations": region},
            },
            opts=self.under(),
        )

    def _attach(self, volume: Volume, schedule: compute.ResourcePolicy) -> None:
        compute.DiskResourcePolicyAttachment(
            self.child(volume.name, "backup"),
            name=schedule.name,
            disk=self.disks[volume.name].name,
            zone=volume.zone,
            # A disk has one snapshot schedule at a time.
            opts=self.under(delete_before_replace=True),
        )
