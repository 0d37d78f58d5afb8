"""Elastic IP addresses, and what uses one."""

from typing import Any

from provisioner.sandbox.aws import account, addressing
from provisioner.sandbox.kinds import Call, CloudRefusal, Kind, Reference, Stored

EIP = "aws:ec2/eip:Eip"
NAT = "aws:ec2/natGateway:NatGateway"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"


def allocation(property: str) -> Reference:
    """A property names an address by its allocation."""
    return Reference(
        property=property,
        tokens=(EIP,),
        missing="InvalidAllocationID.NotFound: The allocation ID '{value}' does not exist",
        in_use="InvalidIPAddress.InUse: The address with allocation id '{id}' is in use by {dependent}",
    )


def refuse_taken(call: Call, allocation_id: object) -> None:
    """An address serves one NAT gateway, or one balancer in one zone, at a time."""
    if user := _user(call, allocation_id):
        words = f"resource {allocation_id} is already associated with {user.id}"
        raise CloudRefusal(f"Resource.AlreadyAssociated: {words}")


def _user(call: Call, allocation_id: object) -> Stored | None:
    for gateway in call.world.all(NAT):
        if gateway.properties.get("allocationId") == allocation_id:
            return gateway
    for balancer in call.world.all(BALANCER):
        mappings = balancer.properties.get("subnetMappings", ())
        if any(mapping.get("allocationId") == allocation_id for mapping in mappings):
            return balancer
    return None


def _outputs(call: Call, id: str) -> dict[str, Any]:
    address = addressing.public_address(call)
    host = f"ec2-{address.replace('.', '-')}"
    middle = "compute-1" if account.region(call) == "us-east-1" else f"{account.region(call)}.compute"
    return {
        **account.shared(call),
        "allocationId": id,
        "arn": account.arn(call, "ec2", f"elastic-ip/{id}"),
        "domain": "vpc",
        "networkBorderGroup": call.inputs.get("networkBorderGroup", account.region(call)),
        "publicDns": f"{host}.{middle}.amazonaws.com",
        "publicIp": address,
        "publicIpv4Pool": call.inputs.get("publicIpv4Pool", "amazon"),
    }


KINDS = (
    Kind(
        token=EIP,
        identify=account.identifier("eipalloc"),
        outputs=_outputs,
        computed=(
            *account.SHARED,
            "allocationId",
            "arn",
            "domain",
            "networkBorderGroup",
            "publicDns",
            "publicIp",
            "publicIpv4Pool",
        ),
        immutable=frozenset({"address", "domain", "networkBorderGroup", "publicIpv4Pool", "ipamPoolId", "region"}),
        refuse=account.refuse_over_quota,
    ),
)
