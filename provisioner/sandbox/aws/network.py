"""VPCs and their subnets."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Any

from provisioner.sandbox.aws import account, addressing
from provisioner.sandbox.kinds import Call, CloudRefusal, Failure, Kind, Reference

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
NO_VPC = "InvalidVpcID.NotFound: The vpc ID '{value}' does not exist"
NO_SUBNET = "InvalidSubnetID.NotFound: The subnet ID '{value}' does not exist"
VPC_IN_USE = "DependencyViolation: The vpc '{id}' has dependencies and cannot be deleted."
SUBNET_IN_USE = "DependencyViolation: The subnet '{id}' has dependencies and cannot be deleted."


def in_vpc(*, holds: bool = True) -> Reference:
    """`vpcId` names a VPC."""
    return Reference(property="vpcId", tokens=(VPC,), missing=NO_VPC, in_use=VPC_IN_USE, holds=holds)


def in_subnet(property: str = "subnetId", *, holds: bool = True) -> Reference:
    """A property names a subnet."""
    return Reference(property=property, tokens=(SUBNET,), missing=NO_SUBNET, in_use=SUBNET_IN_USE, holds=holds)


def _check_vpc(call: Call) -> Iterator[Failure]:
    yield from addressing.size_failures("cidrBlock", call.inputs.get("cidrBlock"))
    if not call.inputs.keys() & {"cidrBlock", "ipv4IpamPoolId"}:
        yield Failure(property="cidrBlock", reason='one of "cidrBlock" or "ipv4IpamPoolId" must be set')


def _vpc_outputs(call: Call, id: str) -> dict[str, Any]:
    return {
        **account.shared(call),
        "arn": account.arn(call, "ec2", f"vpc/{id}"),
        "defaultNetworkAclId": f"acl-0{call.digest[16:32]}",
        "defaultRouteTableId": f"rtb-0{call.digest[32:48]}",
        "defaultSecurityGroupId": f"sg-0{call.digest[48:64]}",
        "dhcpOptionsId": "dopt-0a1b2c3d4e5f60718",
        "mainRouteTableId": f"rtb-0{call.digest[32:48]}",
        "ownerId": account.NUMBER,
    }


def _check_subnet(call: Call) -> Iterator[Failure]:
    yield from addressing.size_failures("cidrBlock", call.inputs.get("cidrBlock"))


def _refuse_subnet(call: Call) -> None:
    vpc, cidr = account.properties(call, VPC, call.inputs["vpcId"]), str(call.inputs["cidrBlock"])
    if not IPv4Network(cidr).subnet_of(IPv4Network(vpc["cidrBlock"])):
        raise CloudRefusal(f"InvalidSubnet.Range: The CIDR '{cidr}' is invalid.")
    siblings = [found for found in call.world.all(SUBNET) if found.properties["vpcId"] == call.inputs["vpcId"]]
    if addressing.overlapping(cidr, (sibling.properties["cidrBlock"] for sibling in siblings)):
        raise CloudRefusal(f"InvalidSubnet.Conflict: The CIDR '{cidr}' conflicts with another subnet")
    if len(siblings) >= 200:
        raise CloudRefusal("SubnetLimitExceeded: The maximum number of subnets per VPC has been reached.")
    refuse_zone(call, "Subnets")


def refuse_zone(call: Call, things: str) -> None:
    """Refuse a zone that the region does not have."""
    zone, zones = call.inputs.get("availabilityZone"), account.zones(call)
    if zone is not None and zone not in zones:
        where = f"{things} can currently only be created in the following availability zones: {', '.join(zones)}."
        raise CloudRefusal(f"InvalidParameterValue: Value ({zone}) for parameter availabilityZone is invalid. {where}")


def _subnet_outputs(call: Call, id: str) -> dict[str, Any]:
    zones = account.zones(call)
    zone = call.inputs.get("availabilityZone", zones[0])
    return {
        **account.shared(call),
        "arn": account.arn(call, "ec2", f"subnet/{id}"),
        "availabilityZone": zone,
        "availabilityZoneId": f"{account.region(call).replace('-', '')}-az{zones.index(zone) + 1}",
        "ownerId": account.NUMBER,
    }


KINDS = (
    Kind(
        token=VPC,
        identify=account.identifier("vpc"),
        outputs=_vpc_outputs,
        computed=(
            *account.SHARED,
            "arn",
            "defaultNetworkAclId",
            "defaultRouteTableId",
            "defaultSecurityGroupId",
            "dhcpOptionsId",
            "mainRouteTableId",
            "ownerId",
        ),
        defaults={"enableDnsSupport": True, "instanceTenancy": "default"},
        immutable=frozenset({"cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength", "region"}),
        check=_check_vpc,
        refuse=account.refuse_over_quota,
    ),
    Kind(
        token=SUBNET,
        identify=account.identifier("subnet"),
        outputs=_subnet_outputs,
        computed=(*account.SHARED, "arn", "availabilityZone", "availabilityZoneId", "ownerId"),
        defaults={"mapPublicIpOnLaunch": False, "assignIpv6AddressOnCreation": False},
        immutable=frozenset({"vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId", "region"}),
        references=(in_vpc(),),
        check=_check_subnet,
        refuse=_refuse_subnet,
    ),
)
