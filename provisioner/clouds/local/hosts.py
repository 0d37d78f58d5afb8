"""Hosts: one machine under systemd-nspawn each, with the disks of its volumes."""

from typing import Final

import pulumi

from provisioner.clouds.components import Deployment, Family, Host
from provisioner.clouds.local.network import Network
from provisioner.clouds.local.resources import Machine, MachineAttachment
from provisioner.clouds.local.volumes import Volumes
from provisioner.placement.model import PlacedHost

FIRST_BOOT: Final = ("userData", "image")
"""What only a new machine takes: another document or root file system replaces no host that is not to be renewed."""


class Hosts(Family):
    """`hosts`: host name to what the deployment needs of it; `machines`: host name to the machine."""

    def __init__(
        self, deployment: Deployment, network: Network, volumes: Volumes, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("Hosts", deployment, opts)
        self.machines = {host.name: self._machine(host, network) for host in deployment.hosts}
        self.hosts = {host.name: self._host(host, volumes) for host in deployment.hosts}
        self.register_outputs({})

    def _machine(self, host: PlacedHost, network: Network) -> Machine:
        return Machine(
            self.child(host.name),
            machine=network.physical(host.name),
            hostname=host.name,
            user_data=self.deployment.user_data[host.name],
            reaches_out=network.reaches_out,
            opts=self.under(
                ignore_changes=() if host.name in self.deployment.renew else FIRST_BOOT,
                # Of the machines of one name there is one at a time.
                delete_before_replace=True,
            ),
        )

    def _host(self, host: PlacedHost, volumes: Volumes) -> Host:
        machine = self.machines[host.name]
        here = [volume.name for volume in self.deployment.plan.volumes if volume.host == host.name]
        devices = {name: self._attach(name, machine, volumes) for name in here}
        return Host(id=machine.id, private_address=machine.address, devices=devices)

    def _attach(self, volume: str, machine: Machine, volumes: Volumes) -> pulumi.Output[str]:
        """The stable path of the volume's disk, once it is attached. It leaves an old host before a new one takes it."""
        return MachineAttachment(
            self.child("attachment", volume),
            machine=machine.id,
            disk=volumes.disks[volume].path,
            volume=volume,
            opts=self.under(delete_before_replace=True),
        ).device
