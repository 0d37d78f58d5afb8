"""Data volumes on AWS: encrypted EBS volumes that outlive every host they are attached to."""

from collections.abc import Mapping

import pulumi
from pulumi_aws import ebs

from provisioner.clouds.aws import defaults
from provisioner.clouds.aws.network import Network
from provisioner.clouds.components import Deployment, Family
from provisioner.plan.model import Volume


class Volumes(Family):
    """`volumes` by the plan's names. `Hosts` attaches them, so that a host can be replaced and its volume stays."""

    def __init__(self, deployment: Deployment, network: Network, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Volumes", deployment, opts)
        self.network = network
        self.volumes: Mapping[str, ebs.Volume] = {
            volume.name: ebs.Volume(
                self.child("volume", volume.name),
                availability_zone=volume.zone,
                size=volume.size_gib,
                type=defaults.VOLUME_TYPE[volume.kind],
                encrypted=True,
                tags=self._tags(volume),
                opts=self.under(),
            )
            for volume in deployment.plan.volumes
        }
        if any(volume.backup_days for volume in deployment.plan.volumes):
            from provisioner.clouds.aws import backups

            backups.schedule(self)
        self.register_outputs({"volumes": {name: volume.id for name, volume in self.volumes.items()}})

    def _tags(self, volume: Volume) -> dict[str, str]:
        """A volume with snapshots is found by one tag more."""
        plan = self.deployment.plan
        shared = defaults.tags(plan, "volumes", self.child(volume.name))
        return {**shared, **defaults.backup(plan, volume.backup_days)} if volume.backup_days else shared
