"""The resources that the `provisioner` plugin serves, as classes for programs; `Secret` has a file of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from provisioner.clouds.components import Adoption
from provisioner.deploy.secrets import Secret
from provisioner.host import delivery, document, model

__all__ = ["Bundle", "Host", "Mount", "Secret", "Way"]

Texts = Mapping[str, pulumi.Input[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Which machine, and how it is reached. `reach` maps address, user, port, key and jump to text."""

    host: str
    host_id: pulumi.Input[str]
    transport: str = "sandbox"
    reach: Texts = field(default_factory=dict[str, "pulumi.Input[str]"])

    @property
    def inputs(self) -> dict[str, Any]:
        return {"host": self.host, "hostId": self.host_id, "transport": self.transport, "reach": dict(self.reach)}


class Host(pulumi.CustomResource):
    """First contact with a machine. `adoption` prepares one that was there before, which is `owner`'s from then on."""

    def __init__(
        self,
        name: str,
        *,
        way: Way,
        adoption: Adoption | None = None,
        owner: str = "",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        outputs = dict.fromkeys(("hostKey", "overlayKey", "facts"))
        adopted = {"adoption": _adopted(adoption, owner)} if adoption else {}
        known = {"hostKey": adoption.host_key} if adoption and adoption.host_key else {}
        super().__init__("provisioner:index:Host", name, {**way.inputs, **outputs, **adopted, **known}, opts)

    @property
    @pulumi.getter(name="hostKey")
    def host_key(self) -> pulumi.Output[str]:
        """The machine's public SSH key."""
        return pulumi.get(self, "hostKey")  # pyright: ignore[reportUnknownMemberType]

    @property
    @pulumi.getter(name="overlayKey")
    def overlay_key(self) -> pulumi.Output[str]:
        """Public half of the key that the machine made for its tunnels."""
        return pulumi.get(self, "overlayKey")  # pyright: ignore[reportUnknownMemberType]

    @property
    @pulumi.getter
    def facts(self) -> pulumi.Output[Mapping[str, str]]:
        """What the machine is."""
        return pulumi.get(self, "facts")  # pyright: ignore[reportUnknownMemberType]


class Mount(pulumi.CustomResource):
    """A volume in use on a host, whose end unmounts it. `device` comes from its attachment, which therefore outlives it."""

    def __init__(self, name: str, *, way: Way, host_key: pulumi.Input[str], volume: str, device: pulumi.Input[str]) -> None:
        inputs = {**way.inputs, "hostKey": host_key, "volume": volume, "device": device}
        super().__init__("provisioner:index:Mount", name, inputs, pulumi.ResourceOptions(delete_before_replace=True))


class Bundle(pulumi.CustomResource):
    """What one host runs, brought there as a whole.

    `devices`, `addresses`, `keys` and `secret_values` may hold more than the bundle needs: only what it needs is passed on, so
    that a change elsewhere is no change here. Secret values are marked secret whether or not they are already.
    """

    def __init__(  # noqa: PLR0913  (one argument an input)
        self,
        name: str,
        *,
        bundle: model.Bundle,
        way: Way,
        host_key: pulumi.Input[str],
        address: pulumi.Input[str],
        devices: Texts,
        addresses: Texts,
        keys: Texts,
        secret_values: Texts,
        archives: Texts | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        values = _chosen(secret_values, delivery.needed_secrets(bundle))
        inputs = {
            **way.inputs,
            "hostKey": host_key,
            "address": address,
            "bundle": document.to_data(bundle),
            "devices": _chosen(devices, delivery.needed_devices(bundle)),
            "addresses": _chosen(addresses, delivery.needed_addresses(bundle)),
            "keys": _chosen(keys, delivery.needed_keys(bundle)),
            "archives": _chosen(archives or {}, {gate.image for gate in bundle.gates}),
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


def _adopted(adoption: Adoption, owner: str) -> dict[str, str]:
    return {
        "owner": owner,
        "installs": "true" if adoption.installs else "false",
        "arch": adoption.arch,
        "millicpu": str(adoption.millicpu),
        "memoryMib": str(adoption.memory_mib),
    }


def _chosen(given: Texts, needed: Iterable[str]) -> dict[str, pulumi.Input[str]]:
    """The entries that are needed; what is missing is left to the provider's check, which names it."""
    return {name: given[name] for name in sorted(needed) if name in given}
