"""Static public addresses: regional, because the balancers that use them are."""

import pulumi
from pulumi_gcp import compute

from provisioner.clouds.components import Deployment, Family
from provisioner.clouds.gcp.network import Network


class Addresses(Family):
    """`addresses`: the plan's address name to its IPv4."""

    def __init__(self, deployment: Deployment, network: Network, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Addresses", deployment, opts)
        self.addresses = {address.name: self._address(address.name, network).address for address in deployment.plan.addresses}
        self.register_outputs({})

    def _address(self, name: str, network: Network) -> compute.Address:
        return compute.Address(
            self.child(name),
            name=network.physical(name),
            region=self.deployment.plan.target.region,
            address_type="EXTERNAL",
            network_tier="PREMIUM",
            labels=network.labels,
            opts=self.under(),
        )
