"""Object storage: this machine has none, and its capabilities say so before any is asked for."""

from collections.abc import Mapping

import pulumi

from provisioner.clouds.components import Deployment, Family
from provisioner.clouds.local.network import Network


class Buckets(Family):
    def __init__(self, deployment: Deployment, network: Network, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Buckets", deployment, opts)
        self.names: Mapping[str, pulumi.Output[str]] = {}
        self.register_outputs({})
