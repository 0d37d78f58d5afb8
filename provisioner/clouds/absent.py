"""Families of which a cloud has nothing: its capabilities refuse them before any is asked for."""

from collections.abc import Mapping

import pulumi

from provisioner.clouds.components import Deployment, Family


class Addresses(Family):
    """No static addresses."""

    def __init__(self, deployment: Deployment, network: Family, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Addresses", deployment, opts)
        self.addresses: Mapping[str, pulumi.Output[str]] = {}
        self.register_outputs({})


class Buckets(Family):
    """No object storage."""

    def __init__(
        self, deployment: Deployment, network: Family, hosts: Family, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("Buckets", deployment, opts)
        self.names: Mapping[str, pulumi.Output[str]] = {}
        self.register_outputs({})


class Balancers(Family):
    """No balancers."""

    def __init__(
        self,
        deployment: Deployment,
        network: Family,
        addresses: Family,
        hosts: Family,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("Balancers", deployment, opts)
        self.endpoints: Mapping[str, pulumi.Output[str]] = {}
        self.register_outputs({})
