"""The network of hosts on this machine: one bridge for all stacks, which the first host brings and the last takes away."""

import pulumi

from provisioner.clouds.components import Deployment, Family
from provisioner.clouds.local import names


class Network(Family):
    """Nothing to create: the bridge is this machine's. Only this machine reaches it, so that there are no ranges to open."""

    def __init__(self, deployment: Deployment, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Network", deployment, opts)
        self.scope = f"{pulumi.get_project()}/{pulumi.get_stack()}"
        self.reaches_out = deployment.plan.network.egress == "nat"
        self.register_outputs({})

    def physical(self, *words: str) -> str:
        return names.physical(self.scope, self.prefix, *words)
