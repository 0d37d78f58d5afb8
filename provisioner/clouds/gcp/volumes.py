"""Block disks, each in the zone of its host. Hosts attach them; a disk outlives every host it was attached to."""

import pulumi
from pulumi_gcp import compute

from provisioner.clouds.components import Deployment, Family
from provisioner.clouds.gcp import names
from provisioner.clouds.gcp.defaults import DISK_TYPES
from provisioner.clouds.gcp.network import Network
from provisioner.plan.model import Volume


class Volumes(Family):
    """`disks`: the plan's volume name to its disk."""

    def __init__(self, deployment: Deployment, network: Network, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Volumes", deployment, opts)
        self.disks = {volume.name: self._disk(volume, network) for volume in deployment.plan.volumes}
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
