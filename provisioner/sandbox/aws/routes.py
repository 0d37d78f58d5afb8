"""Ways out of a VPC: internet and NAT gateways, route tables and routes."""

import zlib
from collections.abc import Iterator
from typing import Any

from provisioner.sandbox.aws import account, addresses, addressing, network
from provisioner.sandbox.kinds import Call, CloudRefusal, Failure, Kind, Reference

GATEWAY = "aws:ec2/internetGateway:InternetGateway"
NAT = addresses.NAT
TABLE = "aws:ec2/routeTable:RouteTable"
ROUTE = "aws:ec2/route:Route"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"

_DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
_TARGETS = (
    "carrierGatewayId",
    "coreNetworkArn",
    "egressOnlyGatewayId",
    "gatewayId",
    "localGatewayId",
    "natGatewayId",
    "networkInterfaceId",
    "odbNetworkArn",
    "transitGatewayId",
    "vpcEndpointId",
    "vpcPeeringConnectionId",
)


def has_gateway(call: Call, vpc_id: object) -> bool:
    """Whether a VPC is connected to the internet."""
    return call.world.find(GATEWAY, vpcId=vpc_id) is not None


def _in_table(*, holds: bool) -> Reference:
    return Reference(
        property="routeTableId",
        tokens=(TABLE,),
        missing="InvalidRouteTableID.NotFound: The routeTable ID '{value}' does not exist",
        in_use="DependencyViolation: The routeTable '{id}' has dependencies and cannot be deleted.",
        holds=holds,
    )


def _refuse_gateway(call: Call) -> None:
    account.refuse_over_quota(call)
    vpc = call.inputs.get("vpcId")
    if vpc and has_gateway(call, vpc):
        raise CloudRefusal(f"InvalidParameterValue: Network {vpc} already has an internet gateway attached")


def _gateway_outputs(call: Call, id: str) -> dict[str, Any]:
    return {
        **account.shared(call),
        "arn": account.arn(call, "ec2", f"internet-gateway/{id}"),
        "ownerId": account.NUMBER,
        "vpcId": call.inputs.get("vpcId", ""),
    }


def _gateway_deleted(call: Call, _: str) -> None:
    """A VPC lets go of its gateway only when nothing in it has a public address."""
    vpc = call.inputs.get("vpcId")
    holders = [
        *(gateway for gateway in call.world.all(NAT) if _nat_vpc(call, gateway.properties["subnetId"]) == vpc),
        *(balancer for balancer in call.world.all(addresses.BALANCER) if balancer.properties.get("vpcId") == vpc),
        *(machine for machine in call.world.all("aws:ec2/instance:Instance") if _is_public_in(call, machine.properties, vpc)),
    ]
    if vpc and holders:
        words = f"Network {vpc} has some mapped public address(es)."
        hint = "Please unmap those public address(es) before detaching the gateway."
        raise CloudRefusal(f"DependencyViolation: {words} {hint}")


def _nat_vpc(call: Call, subnet: object) -> object:
    return account.vpc_of(call, network.SUBNET, subnet)


def _is_public_in(call: Call, machine: Any, vpc: object) -> bool:
    return bool(machine.get("publicIp")) and _nat_vpc(call, machine["subnetId"]) == vpc


def _check_nat(call: Call) -> Iterator[Failure]:
    public = call.inputs.get("connectivityType") == "public"
    if public and call.inputs.get("allocationId") is None and call.inputs.get("availabilityMode") != "regional":
        yield Failure(property="allocationId", reason="`allocation_id` is required when `connectivity_type` is `public`")


def _refuse_nat(call: Call) -> None:
    account.refuse_over_quota(call)
    vpc = _nat_vpc(call, call.inputs.get("subnetId"))
    if not has_gateway(call, vpc):
        raise CloudRefusal(f"Gateway.NotAttached: Network {vpc} has no Internet gateway attached")
    addresses.refuse_taken(call, call.inputs.get("allocationId"))


def _nat_outputs(call: Call, _: str) -> dict[str, Any]:
    subnet = account.properties(call, network.SUBNET, call.inputs.get("subnetId"))
    address = account.properties(call, addresses.EIP, call.inputs.get("allocationId"))
    return {
        **account.shared(call),
        "associationId": f"eipassoc-0{call.digest[16:32]}",
        "networkInterfaceId": f"eni-0{call.digest[32:48]}",
        "privateIp": addressing.private_address(call, str(call.inputs.get("subnetId")), str(subnet["cidrBlock"])),
        "publicIp": address.get("publicIp", ""),
        "vpcId": subnet["vpcId"],
    }


def _table_outputs(call: Call, id: str) -> dict[str, Any]:
    return {
        **account.shared(call),
        "arn": account.arn(call, "ec2", f"route-table/{id}"),
        "ownerId": account.NUMBER,
        **account.given(call, routes=[], propagatingVgws=[]),
    }


def _check_route(call: Call) -> Iterator[Failure]:
    for words in (_DESTINATIONS, _TARGETS):
        found = [name for name in words if call.inputs.get(name) is not None]
        if len(found) != 1:
            reason = f"one of `{','.join(words)}` must be specified, found {', '.join(found) or 'none'}"
            yield Failure(property=found[0] if found else words[0], reason=reason)
    yield from addressing.cidr_failures("destinationCidrBlock", call.inputs.get("destinationCidrBlock"))


def _destination(call: Call) -> str:
    return next(str(call.inputs[name]) for name in _DESTINATIONS if call.inputs.get(name) is not None)


def _refuse_route(call: Call) -> None:
    table, destination = call.inputs["routeTableId"], _destination(call)
    for name in _DESTINATIONS:
        if call.world.find(ROUTE, routeTableId=table, **{name: destination}):
            raise CloudRefusal(f"RouteAlreadyExists: The route identified by {destination} already exists.")
    vpc, gateway = account.vpc_of(call, TABLE, table), call.inputs.get("gatewayId")
    if gateway and account.vpc_of(call, GATEWAY, gateway) != vpc:
        words = f"route table {table} and network gateway {gateway} belong to different networks"
        raise CloudRefusal(f"InvalidParameterValue: {words}")


def _route_id(call: Call) -> str:
    return f"r-{call.inputs['routeTableId']}{zlib.crc32(_destination(call).encode())}"


def _route_outputs(call: Call, _: str) -> dict[str, Any]:
    return {"region": account.region(call), "origin": "CreateRoute", "state": "active", "instanceId": "", "instanceOwnerId": ""}


def _check_association(call: Call) -> Iterator[Failure]:
    given = [name for name in ("subnetId", "gatewayId") if call.inputs.get(name) is not None]
    if len(given) != 1:
        reason = f"exactly one of `gateway_id,subnet_id` must be specified, found {', '.join(given) or 'none'}"
        yield Failure(property=given[-1] if given else "subnetId", reason=reason)


def _refuse_association(call: Call) -> None:
    table, subnet = call.inputs["routeTableId"], call.inputs.get("subnetId")
    if subnet and call.world.find(ASSOCIATION, subnetId=subnet):
        words = f"the specified association for route table {table} conflicts with an existing association"
        raise CloudRefusal(f"Resource.AlreadyAssociated: {words}")
    if subnet and account.vpc_of(call, network.SUBNET, subnet) != account.vpc_of(call, TABLE, table):
        raise CloudRefusal(f"InvalidParameterValue: Route table {table} and subnet {subnet} belong to different networks")


KINDS = (
    Kind(
        token=GATEWAY,
        identify=account.identifier("igw"),
        outputs=_gateway_outputs,
        computed=(*account.SHARED, "arn", "ownerId", "vpcId"),
        immutable=frozenset({"region"}),
        references=(network.in_vpc(),),
        refuse=_refuse_gateway,
        deleted=_gateway_deleted,
    ),
    Kind(
        token=NAT,
        identify=account.identifier("nat"),
        outputs=_nat_outputs,
        computed=(*account.SHARED, "associationId", "networkInterfaceId", "privateIp", "publicIp", "vpcId"),
        defaults={"connectivityType": "public"},
        immutable=frozenset({"allocationId", "connectivityType", "subnetId", "privateIp", "availabilityMode", "vpcId", "region"}),
        references=(network.in_subnet(), addresses.allocation("allocationId")),
        check=_check_nat,
        refuse=_refuse_nat,
    ),
    Kind(
        token=TABLE,
        identify=account.identifier("rtb"),
        outputs=_table_outputs,
        computed=(*account.SHARED, "arn", "ownerId", "routes", "propagatingVgws"),
        immutable=frozenset({"vpcId", "region"}),
        references=(network.in_vpc(),),
    ),
    Kind(
        token=ROUTE,
        identify=_route_id,
        outputs=_route_outputs,
        computed=("region", "origin", "state", "instanceId", "instanceOwnerId"),
        immutable=frozenset({"routeTableId", *_DESTINATIONS, "region"}),
        references=(
            _in_table(holds=False),
            Reference(
                property="gatewayId",
                tokens=(GATEWAY,),
                missing="InvalidGatewayID.NotFound: The gateway ID '{value}' does not exist",
                holds=False,
            ),
            Reference(
                property="natGatewayId",
                tokens=(NAT,),
                missing="InvalidNatGatewayID.NotFound: The natGateway ID '{value}' does not exist",
                holds=False,
            ),
        ),
        check=_check_route,
        refuse=_refuse_route,
    ),
    Kind(
        token=ASSOCIATION,
        identify=account.identifier("rtbassoc"),
        outputs=account.region_only,
        computed=("region",),
        immutable=frozenset({"subnetId", "gatewayId", "region"}),
        references=(_in_table(holds=True), network.in_subnet(holds=False)),
        check=_check_association,
        refuse=_refuse_association,
    ),
)
