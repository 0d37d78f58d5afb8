"""Static public IPv4 addresses."""

import pulumi

from provisioner.clouds.azure.network import Network, ipv4
from provisioner.clouds.components import Deployment, Family


class Addresses(Family):
    """`addresses` are the IPv4 by plan name; `ids` what a balancer refers to."""

    def __init__(self, deployment: Deployment, network: Network, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Addresses", deployment, opts)
        created = {address.name: network.public_address(self, self.child(address.name)) for address in deployment.plan.addresses}
        self.ids = {name: address.id for name, address in created.items()}
        self.addresses = {name: ipv4(address) for name, address in created.items()}
        self.register_outputs({"addresses": self.addresses})
