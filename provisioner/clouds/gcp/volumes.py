"""Block disks, each in its host's zone, with daily snapshots where the plan asks for them. Hosts attach them.

A disk's type follows from its host's machine series when it is created and is kept from then on: a host that moves to
another series must never take its data with it into a replacement.
"""

import pulumi
from pulumi_gcp import compute

from provisioner.clouds.components import Deployment, Family
from provisioner.clouds.gcp import names
from provisioner.clouds.gcp.defaults import disk_type
from provisioner.clouds.gcp.network import Network
from provisioner.errors import Problems
from provisioner.plan.model import Volume


class Volumes(Family):
    """`disks`: the plan's volume name to its disk."""

    def __init__(self, deployment: Deployment, network: Network, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Volumes", deployment, opts)
        machines = {host.name: host.offer.machine for host in deployment.hosts}
        problems = Problems()
        types = {
            volume.name: disk_type(volume.kind, machines[volume.host], volume.place, problems)
            for volume in deployment.plan.volumes
        }
        problems.raise_errors()
        self.disks = {volume.name: self._disk(volume, types[volume.name], network) for volume in deployment.plan.volumes}
        for volume in deployment.plan.volumes:
            if volume.backup_days:
                self._snapshots(volume, network)
        self.register_outputs({})

    def _disk(self, volume: Volume, disk: str, network: Network) -> compute.Disk:
        return compute.Disk(
            self.child(volume.name),
            name=network.physical(volume.name),
            zone=volume.zone,
            type=disk,
            size=volume.size_gib,
            labels={**network.labels, "volume": names.label(volume.name)},
            opts=self.under(ignore_changes=["type"]),
        )

    def _snapshots(self, volume: Volume, network: Network) -> None:
        """Daily snapshots, which stay for their days even when the disk goes."""
        policy = compute.ResourcePolicy(
            self.child(volume.name, "snapshots"),
            name=network.physical(volume.name, "snapshots"),
            region=self.deployment.plan.target.region,
            snapshot_schedule_policy={
                "schedule": {"daily_schedule": {"days_in_cycle": 1, "start_time": "03:00"}},
                "retention_policy": {
                    "max_retention_days": volume.backup_days,
                    "on_source_disk_delete": "KEEP_AUTO_SNAPSHOTS",
                },
                "snapshot_properties": {"labels": network.labels},
            },
            opts=self.under(),
        )
        compute.DiskResourcePolicyAttachment(
            self.child(volume.name, "schedule"),
            name=policy.name,
            disk=self.disks[volume.name].name,
            zone=volume.zone,
            opts=self.under(),
        )
