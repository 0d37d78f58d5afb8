"""Volumes on machines that are there already: a block device or a folder of the machine, which the inventory names."""

import pulumi

from provisioner.clouds.components import Deployment, Family
from provisioner.clouds.machines.network import Network


class Volumes(Family):
    """`paths`: the plan's volume name to where its machine has it."""

    def __init__(self, deployment: Deployment, network: Network, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Volumes", deployment, opts)
        machines = {host.name: deployment.inventory[host.offer.machine] for host in deployment.hosts}
        self.paths = {volume.name: machines[volume.host].disks[volume.name].path for volume in deployment.plan.volumes}
        self.register_outputs({})
