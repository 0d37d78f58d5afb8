"""Hosts: machines that are there already. First contact prepares them; nothing else of them is the stack's."""

import pulumi

from provisioner.clouds.components import Adoption, Deployment, Family, Host
from provisioner.clouds.inventory import OwnMachine
from provisioner.clouds.machines.network import Network
from provisioner.clouds.machines.volumes import Volumes
from provisioner.placement.model import PlacedHost


class Hosts(Family):
    """`hosts`: host name to what the deployment needs of its machine."""

    def __init__(
        self, deployment: Deployment, network: Network, volumes: Volumes, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("Hosts", deployment, opts)
        self.hosts = {host.name: self._host(host, network, volumes) for host in deployment.hosts}
        self.register_outputs({})

    def _host(self, host: PlacedHost, network: Network, volumes: Volumes) -> Host:
        machine = self.deployment.inventory[host.offer.machine]
        here = [volume.name for volume in self.deployment.plan.volumes if volume.host == host.name]
        return Host(
            id=pulumi.Output.from_input(machine.name),
            private_address=pulumi.Output.from_input(machine.private_address),
            public_address=pulumi.Output.from_input(machine.address) if network.is_public else None,
            devices={name: pulumi.Output.from_input(volumes.paths[name]) for name in here},
            reach=_reach(machine),
            adoption=Adoption(
                installs=machine.installs,
                host_key=machine.host_key,
                arch=machine.arch,
                millicpu=machine.millicpu,
                memory_mib=machine.memory_mib,
            ),
        )


def _reach(machine: OwnMachine) -> dict[str, str]:
    port = str(machine.port) if machine.port else ""
    own = {"address": machine.address, "user": machine.user, "port": port, "key": machine.key, "jump": machine.jump}
    return {name: value for name, value in own.items() if value}
