"""Managed identities and network interfaces: what a virtual machine is given."""

from ipaddress import IPv4Address, IPv4Network
from typing import Any

from provisioner.sandbox.azure import arm
from provisioner.sandbox.azure.addresses import ADDRESS, ALLOCATED, refuse_taken
from provisioner.sandbox.azure.network import NETWORK, SUBNET
from provisioner.sandbox.azure.rules import MEMBERS, MEMBERS_IN_USE, RULES
from provisioner.sandbox.kinds import Call, Kind, Properties

INTERFACE = "azure-native:network:NetworkInterface"
IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"

SUBNET_IN_USE = (
    "InUseSubnetCannotBeDeleted: Subnet {id} is in use by {dependent} and cannot be deleted. In order to delete the subnet, "
    "delete all the resources within the subnet."
)


def shown_identities(call: Call) -> dict[str, Any] | None:
    """The identities of a resource: a map where the input is a list."""
    shown = dict[str, dict[str, Any]]()
    for identity in arm.values(call.inputs, "identity.userAssignedIdentities[]"):
        found = call.world.get(IDENTITY, identity)
        shown[identity] = {name: found.properties[name] for name in ("clientId", "principalId")} if found else {}
    return {"type": "UserAssigned", "userAssignedIdentities": shown} if shown else None


def _refuse_interface(call: Call) -> None:
    arm.refuse_common(call)
    configurations = arm.items(call.inputs, "ipConfigurations")
    if not configurations:
        message = f"Network interface {call.inputs['networkInterfaceName']} needs at least one IP configuration."
        raise arm.refusal("NetworkInterfaceMustHaveIpConfigurationOrAttachedElasticNetworkInterface", message)
    for configuration in configurations:
        if not arm.part(configuration, "subnet").get("id"):
            message = f"IP configuration {configuration.get('name')} of network interface {call.name} has no subnet."
            raise arm.refusal("IPConfigurationHasNoSubnet", message)
    arm.refuse_elsewhere(
        call,
        (NETWORK, ADDRESS, RULES, MEMBERS),
        "ipConfigurations[].subnet.id",
        "ipConfigurations[].publicIPAddress.id",
        "ipConfigurations[].applicationSecurityGroups[].id",
        "networkSecurityGroup.id",
    )
    refuse_taken(call, arm.values(call.inputs, "ipConfigurations[].publicIPAddress.id"))


_describe = arm.networking("networkInterfaces", "networkInterfaceName")


def _interface_outputs(call: Call, id: str) -> dict[str, Any]:
    number = call.world.take("azure network card")
    return {
        **_describe(call, id),
        "ipConfigurations": [
            {**configuration, "privateIPAddress": _address(call, configuration)}
            for configuration in call.inputs["ipConfigurations"]
        ],
        "macAddress": f"00-22-48-{number >> 16 & 255:02X}-{number >> 8 & 255:02X}-{number & 255:02X}",
    }


def _address(call: Call, configuration: Properties) -> str:
    """The next free one of the subnet, whose first four and last addresses are Azure's own."""
    subnet_id = configuration["subnet"]["id"]
    subnet = call.world.get(SUBNET, subnet_id)
    space = IPv4Network(subnet.properties["addressPrefix"] if subnet else "10.0.0.0/24")
    taken = {
        address
        for interface in call.world.all(INTERFACE)
        for other in interface.properties["ipConfigurations"]
        for address in ([other["privateIPAddress"]] if other["subnet"]["id"] == subnet_id else [])
    }
    room = space.num_addresses - 5
    if len(taken) >= room:
        message = f"Subnet {subnet_id} with address prefix {space} does not have enough capacity for 1 IP addresses."
        raise arm.refusal("SubnetIsFull", message)
    while True:
        address = str(IPv4Address(int(space.network_address) + 4 + call.world.take(f"azure {subnet_id}") % room))
        if address not in taken:
            return address


def _identity_outputs(call: Call, _: str) -> dict[str, Any]:
    return {
        **arm.standard("Microsoft.ManagedIdentity/userAssignedIdentities", "2024-11-30", call.inputs["resourceName"]),
        "clientId": arm.uuid(call, "client"),
        "principalId": arm.uuid(call, "principal"),
        "tenantId": call.config["tenantId"],
    }


KINDS = (
    Kind(
        token=IDENTITY,
        identify=arm.identify("Microsoft.ManagedIdentity/userAssignedIdentities", "resourceName"),
        outputs=_identity_outputs,
        computed=(*arm.STANDARD, "clientId", "principalId", "tenantId"),
        immutable=frozenset({"location", "resourceGroupName", "resourceName"}),
        autoname=arm.autoname("resourceName"),
        references=(arm.IN_GROUP,),
        check=arm.named("resourceName", r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}"),
        refuse=arm.refuse_common,
    ),
    Kind(
        token=INTERFACE,
        identify=arm.identify("Microsoft.Network/networkInterfaces", "networkInterfaceName"),
        outputs=_interface_outputs,
        computed=(*arm.NETWORKING, "macAddress"),
        reshaped=("ipConfigurations",),
        immutable=frozenset({"networkInterfaceName", "resourceGroupName"}),
        autoname=arm.autoname("networkInterfaceName"),
        references=(
            arm.IN_GROUP,
            arm.refers("ipConfigurations[].subnet.id", SUBNET, in_use=SUBNET_IN_USE),
            arm.refers("ipConfigurations[].publicIPAddress.id", ADDRESS, in_use=ALLOCATED),
            arm.refers("ipConfigurations[].applicationSecurityGroups[].id", MEMBERS, in_use=MEMBERS_IN_USE),
            arm.refers("networkSecurityGroup.id", RULES),
        ),
        check=arm.named("networkInterfaceName", arm.NETWORK_NAME),
        refuse=_refuse_interface,
    ),
)
