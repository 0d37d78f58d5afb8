"""Block disks: files on this machine. Hosts attach them; a disk outlives every host it was attached to."""

import pulumi

from provisioner.clouds.components import Deployment, Family
from provisioner.clouds.local.network import Network
from provisioner.clouds.local.resources import MachineDisk


class Volumes(Family):
    """`disks`: the plan's volume name to its disk."""

    def __init__(self, deployment: Deployment, network: Network, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Volumes", deployment, opts)
        self.disks = {
            volume.name: MachineDisk(
                self.child(volume.name), disk=network.physical("disk", volume.name), size_gib=volume.size_gib, opts=self.under()
            )
            for volume in deployment.plan.volumes
        }
        self.register_outputs({})
