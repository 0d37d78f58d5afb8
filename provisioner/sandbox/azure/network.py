"""Resource groups, virtual networks, subnets, NAT gateways."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any

from provisioner.sandbox.azure import arm
from provisioner.sandbox.azure.addresses import ADDRESS, ALLOCATED, refuse_taken
from provisioner.sandbox.azure.rules import RULES, RULES_IN_USE
from provisioner.sandbox.kinds import UNKNOWN, Call, Failure, Kind, Reference

NETWORK = "azure-native:network:VirtualNetwork"
SUBNET = "azure-native:network:Subnet"
NAT = "azure-native:network:NatGateway"


def prefixes(properties: Mapping[str, Any]) -> list[IPv4Network]:
    """The address ranges of a virtual network."""
    return [IPv4Network(prefix) for prefix in arm.values(properties, "addressSpace.addressPrefixes[]")]


def _check_network(call: Call) -> Iterator[Failure]:
    yield from arm.named("virtualNetworkName", arm.NETWORK_NAME)(call)
    space = call.inputs.get("addressSpace")
    if space is not UNKNOWN and not arm.part(call.inputs, "addressSpace").get("addressPrefixes"):
        yield Failure(property="addressSpace", reason="a virtual network needs at least one address prefix")


def _refuse_network(call: Call) -> None:
    arm.refuse_common(call)
    for prefix in call.inputs["addressSpace"]["addressPrefixes"]:
        _range(prefix, f"virtual network '{call.inputs['virtualNetworkName']}'")
    ranges = prefixes(call.inputs)
    overlapping = any(one.overlaps(other) for number, one in enumerate(ranges) for other in ranges[number + 1 :])
    if overlapping:
        raise arm.refusal("NetcfgAddressSpaceOverlaps", f"Address prefixes of virtual network '{call.name}' overlap.")


def _refuse_subnet(call: Call) -> None:
    """In its network's ranges, apart from its sisters, and at least a /29."""
    name, network = call.inputs["subnetName"], call.inputs["virtualNetworkName"]
    wanted = _range(call.inputs["addressPrefix"], f"subnet '{name}'")
    if wanted.prefixlen > 29:
        raise arm.refusal(
            "NetcfgInvalidSubnet", f"Subnet '{name}' is not valid in virtual network '{network}': it is smaller than /29."
        )
    place = {"virtualNetworkName": network, "resourceGroupName": call.inputs["resourceGroupName"]}
    parent = call.world.find(NETWORK, **place)
    if parent is None:
        message = f"Can not perform requested operation on nested resource. Parent resource '{network}' not found."
        raise arm.refusal("ParentResourceNotFound", message)
    if not any(wanted.subnet_of(prefix) for prefix in prefixes(parent.properties)):
        reason = f"its IP address range is outside the IP address range of virtual network '{network}'."
        raise arm.refusal("NetcfgSubnetRangeOutsideVnet", f"Subnet '{name}' is not valid because {reason}")
    for other in call.world.all(SUBNET):
        same = all(other.properties[key] == value for key, value in place.items())
        if same and wanted.overlaps(IPv4Network(other.properties["addressPrefix"])):
            reason = f"its IP address range overlaps with that of an existing subnet in virtual network '{network}'."
            raise arm.refusal("NetcfgSubnetRangesOverlap", f"Subnet '{name}' is not valid because {reason}")


def _range(prefix: str, what: str) -> IPv4Network:
    try:
        wanted = IPv4Network(prefix, strict=False)
    except ValueError:
        raise arm.refusal("InvalidAddressPrefixFormat", f"Address prefix {prefix} of {what} is malformed.") from None
    if str(wanted) != prefix:
        hint = f"For the given prefix length, the address prefix should be {wanted}."
        raise arm.refusal("InvalidCIDRNotation", f"The address prefix {prefix} in {what} has an invalid CIDR notation. {hint}")
    return wanted


def _refuse_nat(call: Call) -> None:
    arm.refuse_common(call)
    arm.refuse_zones(call)
    if arm.part(call.inputs, "sku").get("name") != "Standard":
        raise arm.refusal("NatGatewaySkuNotSpecified", f"NAT gateway '{call.name}' needs the SKU Standard.")
    arm.refuse_elsewhere(call, (ADDRESS,), "publicIpAddresses[].id")
    refuse_taken(call, arm.values(call.inputs, "publicIpAddresses[].id"))


def _subnet_id(call: Call) -> str:
    network = f"{arm.group_id(call)}/providers/Microsoft.Network/virtualNetworks/{call.inputs['virtualNetworkName']}"
    return f"{network}/subnets/{call.inputs['subnetName']}"


def _group_outputs(call: Call, _: str) -> dict[str, Any]:
    outputs = arm.standard("Microsoft.Resources/resourceGroups", "2024-03-01", call.inputs["resourceGroupName"])
    return {**outputs, "properties": {"provisioningState": "Succeeded"}}


def _subnet_outputs(call: Call, _: str) -> dict[str, Any]:
    outputs = arm.standard("Microsoft.Network/virtualNetworks/subnets", "2024-05-01", call.inputs["subnetName"])
    return {**outputs, "etag": f'W/"{arm.uuid(call, "etag")}"', "provisioningState": "Succeeded"}


KINDS = (
    Kind(
        token=arm.GROUP,
        identify=arm.group_id,
        outputs=_group_outputs,
        computed=(*arm.STANDARD, "properties"),
        immutable=frozenset({"location", "resourceGroupName"}),
        autoname=arm.autoname("resourceGroupName"),
        check=arm.named("resourceGroupName", r"[\w().-]{0,89}[\w()-]"),
        refuse=arm.refuse_common,
    ),
    Kind(
        token=NETWORK,
        identify=arm.identify("Microsoft.Network/virtualNetworks", "virtualNetworkName"),
        outputs=arm.networking("virtualNetworks", "virtualNetworkName"),
        computed=arm.NETWORKING,
        immutable=frozenset({"location", "resourceGroupName", "virtualNetworkName"}),
        autoname=arm.autoname("virtualNetworkName"),
        references=(arm.IN_GROUP,),
        check=_check_network,
        refuse=_refuse_network,
    ),
    Kind(
        token=SUBNET,
        identify=_subnet_id,
        outputs=_subnet_outputs,
        computed=(*arm.STANDARD, "etag", "provisioningState"),
        immutable=frozenset({"resourceGroupName", "subnetName", "virtualNetworkName"}),
        references=(
            arm.IN_GROUP,
            Reference(
                property="virtualNetworkName",
                tokens=(NETWORK,),
                field="name",
                missing='Code="ParentResourceNotFound" Message="Parent resource \'virtualNetworks/{value}\' not found."',
                # As with groups: Azure would delete the subnets that nothing uses along with their network.
                in_use='Code="VirtualNetworkNotEmpty" Message="The virtual network {id} still holds {dependent}."',
            ),
            arm.refers("networkSecurityGroup.id", RULES, in_use=RULES_IN_USE),
            arm.refers("natGateway.id", NAT, in_use="InUseNatGatewayCannotBeDeleted: NAT gateway {id} is in use by {dependent}."),
        ),
        check=arm.named("subnetName", arm.NETWORK_NAME),
        refuse=_refuse_subnet,
    ),
    Kind(
        token=NAT,
        identify=arm.identify("Microsoft.Network/natGateways", "natGatewayName"),
        outputs=arm.networking("natGateways", "natGatewayName"),
        computed=arm.NETWORKING,
        immutable=frozenset({"natGatewayName", "resourceGroupName"}),
        autoname=arm.autoname("natGatewayName"),
        references=(
            arm.IN_GROUP,
            arm.refers("publicIpAddresses[].id", ADDRESS, in_use=ALLOCATED),
        ),
        check=arm.named("natGatewayName", arm.NETWORK_NAME),
        refuse=_refuse_nat,
    ),
)
