"""Address ranges: what a range may be, and the addresses that machines get out of a subnet's."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, ip_network
from typing import Final

from provisioner.sandbox.kinds import Call, CloudRefusal, Failure

PUBLIC: Final = IPv4Network("198.18.0.0/15")
"""Public addresses of the sandbox: the range kept for benchmarks (RFC 2544), where nobody can be reached by mistake."""
FIRST_HOST: Final = 4
"""AWS keeps a subnet's first four addresses and its last."""
RESERVED: Final = 5

_HOLDERS: Final = (
    ("aws:ec2/instance:Instance", "privateIp"),
    ("aws:ec2/natGateway:NatGateway", "privateIp"),
)


def cidr_failures(property: str, value: object) -> Iterator[Failure]:
    """A range must be one, with no bits set beyond its prefix. Unknown values pass."""
    if not isinstance(value, str):
        return
    try:
        ip_network(value)
    except ValueError:
        hint = _corrected(value)
        end = f'; did you mean "{hint}"?' if hint else ""
        yield Failure(property=property, reason=f'"{value}" is not a valid CIDR block{end}')


def size_failures(property: str, value: object) -> Iterator[Failure]:
    """VPCs and subnets: /16 to /28."""
    failures = list(cidr_failures(property, value))
    yield from failures
    if not failures and isinstance(value, str) and not 16 <= IPv4Network(value).prefixlen <= 28:
        yield Failure(property=property, reason=f'expected "{value}" to contain a network prefix between /16 and /28')


def private_address(call: Call, subnet_id: str, cidr: str) -> str:
    """An address of a subnet that no other machine has. Raises `CloudRefusal` when the subnet is full."""
    network = IPv4Network(cidr)
    usable = network.num_addresses - RESERVED
    for _ in range(usable):
        number = call.world.take(f"aws {subnet_id} addresses") % usable
        address = str(network[FIRST_HOST + number])
        if not _is_taken(call, subnet_id, address):
            return address
    words = "The specified subnet does not have enough free addresses to satisfy the request."
    raise CloudRefusal(f"InsufficientFreeAddressesInSubnet: {words}")


def public_address(call: Call) -> str:
    return str(PUBLIC[1 + call.world.take("aws public addresses") % (PUBLIC.num_addresses - 2)])


def overlapping(cidr: str, others: Iterable[str]) -> str | None:
    """The first of the other ranges that shares addresses with `cidr`."""
    network = IPv4Network(cidr)
    return next((other for other in others if network.overlaps(IPv4Network(other))), None)


def in_range(address: str, cidr: str) -> bool:
    return IPv4Address(address) in IPv4Network(cidr)


def _is_taken(call: Call, subnet_id: str, address: str) -> bool:
    return any(call.world.find(token, subnetId=subnet_id, **{name: address}) for token, name in _HOLDERS)


def _corrected(value: str) -> str:
    try:
        return str(ip_network(value, strict=False))
    except ValueError:
        return ""
