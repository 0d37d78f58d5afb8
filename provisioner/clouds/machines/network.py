"""The network of machines that are there already: it is there, too, and stays as it is."""

import pulumi

from provisioner.clouds.components import Deployment, Family


class Network(Family):
    """Nothing to create. `is_public`: hosts are found at the address to which SSH connects."""

    def __init__(self, deployment: Deployment, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Network", deployment, opts)
        self.is_public = deployment.plan.network.egress == "direct"
        self.register_outputs({})
