"""Balancers: this machine has none, and its capabilities say so before any is asked for."""

from collections.abc import Mapping

import pulumi

from provisioner.clouds.components import Deployment, Family
from provisioner.clouds.local.addresses import Addresses
from provisioner.clouds.local.hosts import Hosts
from provisioner.clouds.local.network import Network


class Balancers(Family):
    def __init__(
        self,
        deployment: Deployment,
        network: Network,
        addresses: Addresses,
        hosts: Hosts,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("Balancers", deployment, opts)
        self.endpoints: Mapping[str, pulumi.Output[str]] = {}
        self.register_outputs({})
