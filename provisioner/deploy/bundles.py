"""The resources that the `provisioner` plugin serves, as classes for programs: `Bundle`, and `Secret` from its own file."""

from collections.abc import Iterable, Mapping
from typing import Any

import pulumi

from provisioner.deploy.secrets import Secret
from provisioner.host import delivery, document, model

__all__ = ["Bundle", "Secret"]


class Bundle(pulumi.CustomResource):
    """What one host runs, brought there as a whole.

    `devices`, `addresses` and `secret_values` may hold more than the bundle needs: only what it needs is passed on, so that
    a change elsewhere is no change here. Secret values are marked secret whether or not they are already.
    """

    def __init__(  # noqa: PLR0913  (one argument an input)
        self,
        name: str,
        *,
        bundle: model.Bundle,
        host_id: pulumi.Input[str],
        address: pulumi.Input[str],
        devices: Mapping[str, pulumi.Input[str]],
        addresses: Mapping[str, pulumi.Input[str]],
        keys: Mapping[str, pulumi.Input[str]] | None = None,
        secret_values: Mapping[str, pulumi.Input[str]],
        transport: str = "sandbox",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        values = _chosen(secret_values, delivery.needed_secrets(bundle))
        inputs = {
            "host": bundle.host,
            "hostId": host_id,
            "address": address,
            "transport": transport,
            "bundle": document.to_data(bundle),
            "devices": _chosen(devices, delivery.needed_devices(bundle)),
            "addresses": _chosen(addresses, delivery.needed_addresses(bundle)),
            "keys": _chosen(keys or {}, delivery.needed_keys(bundle)),
            "secretValues": {key: pulumi.Output.secret(value) for key, value in values.items()},
        }
        super().__init__("provisioner:index:Bundle", name, {**inputs, "digest": None, "containers": None, "drift": None}, opts)

    @property
    @pulumi.getter
    def digest(self) -> pulumi.Output[str]:
        """Digest of the bundle that runs."""
        return pulumi.get(self, "digest")  # pyright: ignore[reportUnknownMemberType]

    @property
    @pulumi.getter
    def containers(self) -> pulumi.Output[list[dict[str, Any]]]:
        """What runs, in start order: workload, container, image, state, health, ports of each."""
        return pulumi.get(self, "containers")  # pyright: ignore[reportUnknownMemberType]

    @property
    @pulumi.getter
    def drift(self) -> pulumi.Output[list[str]]:
        """How the host differs from its bundle, as the last refresh found it."""
        return pulumi.get(self, "drift")  # pyright: ignore[reportUnknownMemberType]


def _chosen(given: Mapping[str, pulumi.Input[str]], needed: Iterable[str]) -> dict[str, pulumi.Input[str]]:
    """The entries that are needed; what is missing is left to the provider's check, which names it."""
    return {name: given[name] for name in sorted(needed) if name in given}
