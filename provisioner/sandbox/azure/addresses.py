"""Public IP addresses."""

from collections.abc import Iterable
from ipaddress import IPv4Address
from typing import Any

from provisioner.sandbox.azure import arm
from provisioner.sandbox.kinds import Call, Kind

ADDRESS = "azure-native:network:PublicIPAddress"

USERS = {
    "azure-native:network:NetworkInterface": "ipConfigurations[].publicIPAddress.id",
    "azure-native:network:LoadBalancer": "frontendIPConfigurations[].publicIPAddress.id",
    "azure-native:network:NatGateway": "publicIpAddresses[].id",
    "azure-native:network:ApplicationGateway": "frontendIPConfigurations[].publicIPAddress.id",
}
"""Types that have public addresses, and where."""

ALLOCATED = (
    "PublicIPAddressCannotBeDeleted: Public IP address {id} can not be deleted since it is still allocated to resource "
    "{dependent}."
)

FIRST = IPv4Address("20.50.0.4")
"""One of Azure's own ranges."""


def refuse_taken(call: Call, ids: Iterable[str]) -> None:
    """An address is on one resource at a time."""
    wanted = set(ids)
    for token, place in USERS.items():
        for user in call.world.all(token):
            for address in wanted & set(arm.values(user.properties, place)):
                message = f"public IP address {address} that is already allocated to resource {user.id}."
                raise arm.refusal("PublicIPAddressInUse", f"Resource {call.name} is referencing {message}")


def _refuse(call: Call) -> None:
    arm.refuse_common(call)
    arm.refuse_zones(call, every=True)
    if arm.part(call.inputs, "sku").get("name") != "Standard":
        message = "Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region."
        raise arm.refusal("IPv4BasicSkuPublicIpCountLimitReached", message)
    if call.inputs.get("publicIPAllocationMethod") != "Static":
        message = f"Standard sku publicIp {call.inputs['publicIpAddressName']} must have AllocationMethod set to Static."
        raise arm.refusal("StandardSkuPublicIPAddressMustBeStatic", message)


_describe = arm.networking("publicIPAddresses", "publicIpAddressName")


def _outputs(call: Call, id: str) -> dict[str, Any]:
    return {**_describe(call, id), "ipAddress": str(FIRST + call.world.take("azure public address"))}


KINDS = (
    Kind(
        token=ADDRESS,
        identify=arm.identify("Microsoft.Network/publicIPAddresses", "publicIpAddressName"),
        outputs=_outputs,
        computed=(*arm.NETWORKING, "ipAddress"),
        immutable=frozenset(
            {"location", "publicIPAddressVersion", "publicIPPrefix", "publicIpAddressName", "resourceGroupName", "sku"}
        ),
        autoname=arm.autoname("publicIpAddressName"),
        references=(arm.IN_GROUP,),
        check=arm.named("publicIpAddressName", arm.NETWORK_NAME),
        refuse=_refuse,
    ),
)
