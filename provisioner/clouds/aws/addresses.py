"""Static addresses on AWS: Elastic IP addresses."""

from collections.abc import Mapping

import pulumi
from pulumi_aws import ec2

from provisioner.clouds.aws import defaults
from provisioner.clouds.aws.network import Network
from provisioner.clouds.components import Deployment, Family


class Addresses(Family):
    """`addresses` are the IPv4 addresses by the plan's names; `allocations` what a balancer needs to use one."""

    def __init__(self, deployment: Deployment, network: Network, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Addresses", deployment, opts)
        elastic = {
            address.name: ec2.Eip(
                self.child("address", address.name),
                domain="vpc",
                tags=defaults.tags(deployment.plan, "addresses", self.child(address.name)),
                opts=self.under(depends_on=[network.gateway] if network.gateway else None),
            )
            for address in deployment.plan.addresses
        }
        self.addresses: Mapping[str, pulumi.Output[str]] = {name: eip.public_ip for name, eip in elastic.items()}
        self.allocations: Mapping[str, pulumi.Output[str]] = {name: eip.allocation_id for name, eip in elastic.items()}
        self.register_outputs({"addresses": dict(self.addresses)})
