"""Block disks that outlive their hosts. The hosts attach them."""

from typing import TYPE_CHECKING

import pulumi
from pulumi_azure_native import compute

from provisioner.clouds.azure import defaults
from provisioner.clouds.azure.network import Network
from provisioner.clouds.components import Deployment, Family

if TYPE_CHECKING:
    from provisioner.clouds.azure.backups import Backups


class Volumes(Family):
    """`ids` are the disks by plan name. Azure never moves a disk to another zone nor makes it smaller: it refuses, loudly."""

    def __init__(self, deployment: Deployment, network: Network, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Volumes", deployment, opts)
        self.ids: dict[str, pulumi.Output[str]] = {}
        backups = self._backups(network)
        for volume in deployment.plan.volumes:
            disk = compute.Disk(
                self.child(volume.name),
                resource_group_name=network.group.name,
                location=network.location,
                zones=defaults.zonal(volume.zone),
                sku=compute.DiskSkuArgs(name=defaults.DISK_SKUS[volume.kind]),
                disk_size_gb=volume.size_gib,
                creation_data=compute.CreationDataArgs(create_option="Empty"),
                encryption=compute.EncryptionArgs(type="EncryptionAtRestWithPlatformKey"),
                network_access_policy="DenyAll",
                public_network_access="Disabled",
                tags=network.tags,
                opts=self.under(),
            )
            self.ids[volume.name] = disk.id
            if backups and volume.backup_days:
                backups.take(volume, disk)
        self.register_outputs({"disks": self.ids})

    def _backups(self, network: Network) -> "Backups | None":
        if not any(volume.backup_days for volume in self.deployment.plan.volumes):
            return None
        from provisioner.clouds.azure.backups import Backups

        return Backups(self, network)
