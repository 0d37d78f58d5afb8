"""Static addresses: this machine gives none, and its capabilities say so before any is asked for."""

from collections.abc import Mapping

import pulumi

from provisioner.clouds.components import Deployment, Family
from provisioner.clouds.local.network import Network


class Addresses(Family):
    def __init__(self, deployment: Deployment, network: Network, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Addresses", deployment, opts)
        self.addresses: Mapping[str, pulumi.Output[str]] = {}
        self.register_outputs({})
