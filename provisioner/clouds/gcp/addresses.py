"""Static public addresses: regional, but for those of balancers that read HTTP, which are global."""

import pulumi
from pulumi_gcp import compute

from provisioner.clouds.components import Deployment, Family
from provisioner.clouds.gcp.network import Network
from provisioner.clouds.gcp.web import global_address, is_web


class Addresses(Family):
    """`addresses`: the plan's address name to its IPv4."""

    def __init__(self, deployment: Deployment, network: Network, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Addresses", deployment, opts)
        world = {balancer.address for balancer in deployment.plan.balancers if is_web(balancer)}
        self.addresses: dict[str, pulumi.Output[str]] = {
            address.name: self._global(address.name, network) if address.name in world else self._regional(address.name, network)
            for address in deployment.plan.addresses
        }
        self.register_outputs({})

    def _global(self, name: str, network: Network) -> pulumi.Output[str]:
        return global_address(self, network, name).address

    def _regional(self, name: str, network: Network) -> pulumi.Output[str]:
        created = compute.Address(
            self.child(name),
            name=network.physical(name),
            region=self.deployment.plan.target.region,
            address_type="EXTERNAL",
            network_tier="PREMIUM",
            labels=network.labels,
            opts=self.under(),
        )
        return created.address
