"""Subnets out of a network's range, so that a zone added later never moves those that exist.

The range is cut into eight slots, one for each zone that a network may ever have (no region has more than six). Of its slot a
zone takes the upper half for private hosts and the lowest quarter for public ones; the second quarter stays free:

    10.0.0.0/16, zone 1: public-1 10.0.0.0/21, private-1 10.0.16.0/20
                 zone 2: public-2 10.0.32.0/21, private-2 10.0.48.0/20
"""

from collections.abc import Sequence
from ipaddress import IPv4Network
from itertools import islice
from typing import Final

from provisioner.plan.model import Subnet

MOST_ZONES: Final = 8
WIDEST: Final = 16
"""The shortest prefix that every cloud takes for a network (AWS: /16)."""
NARROWEST: Final = 23
"""The longest prefix whose public subnets are still at least a /28, the smallest that every cloud takes."""
RESERVED: Final = 5
"""Addresses of a subnet that the cloud keeps for itself (AWS and Azure 5, Google Cloud 4)."""


def allocate(cidr: str, zones: Sequence[str]) -> tuple[Subnet, ...]:
    """A public and a private subnet for each zone, in the order of the zones."""
    network = IPv4Network(cidr)
    slots = islice(network.subnets(new_prefix=network.prefixlen + 3), len(zones))
    return tuple(
        subnet
        for number, (zone, slot) in enumerate(zip(zones, slots, strict=True), start=1)
        for subnet in _pair(number, zone, slot)
    )


def capacity(subnet: Subnet) -> int:
    """How many hosts a subnet holds."""
    return IPv4Network(subnet.cidr).num_addresses - RESERVED


def last_slot(cidr: str, shortest: int) -> str:
    """The end of a network's last slot, which no zone takes: for what a cloud's balancers need a range of their own for.

    `shortest` is the prefix that the cloud recommends; a narrow network gives a whole slot, a /26 at least.
    """
    network = IPv4Network(cidr)
    prefix = max(shortest, network.prefixlen + 3)
    return str(IPv4Network((int(network.broadcast_address) + 1 - 2 ** (32 - prefix), prefix)))


def _pair(number: int, zone: str, slot: IPv4Network) -> tuple[Subnet, Subnet]:
    public = next(slot.subnets(new_prefix=slot.prefixlen + 2))
    _, private = slot.subnets(new_prefix=slot.prefixlen + 1)
    return (
        Subnet(name=f"public-{number}", cidr=str(public), zone=zone, public=True),
        Subnet(name=f"private-{number}", cidr=str(private), zone=zone, public=False),
    )
