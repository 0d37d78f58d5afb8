"""The network: its range, zones, subnets, way out and access."""

from ipaddress import IPv4Network
from typing import Final, get_args

from provisioner.errors import Place
from provisioner.plan import default, subnets
from provisioner.plan.fields import Section
from provisioner.plan.model import Egress, Network, Target
from provisioner.plan.readers import UnreadableError, choice, cidr, found, integer

EGRESS: Final[tuple[Egress, ...]] = get_args(Egress)

_PRIVATE: Final = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


def build(section: Section, target: Target) -> Network:
    """The network with a pair of subnets in each of the first `zones` zones of the target."""
    section.only("cidr", "zones", "egress", "access")
    access = section.section("access")
    access.only("ssh-from")
    network_range = section.read("cidr", _network_range, default=default.CIDR)
    return Network(
        cidr=network_range,
        subnets=subnets.allocate(network_range, target.zones[: _zones(section, target)]),
        egress=_egress(section),
        ssh_from=access.read_list("ssh-from", cidr),
        place=section.place,
    )


def zones(network: Network) -> tuple[str, ...]:
    """The zones that a network is in, in their order."""
    return tuple(dict.fromkeys(subnet.zone for subnet in network.subnets))


def _zones(section: Section, target: Target) -> int:
    count = section.read("zones", integer("a number of zones", 1, subnets.MOST_ZONES), default=1)
    if count <= len(target.zones):
        return count
    message = f"expected at most {len(target.zones)} zones ({', '.join(target.zones)}) in {target.region}, found {count}"
    section.problems.error("out-of-range", section.place_of("zones"), message, hint=f"zones: {len(target.zones)}")
    return len(target.zones)


def _egress(section: Section) -> Egress:
    if "egress" not in section:
        place: Place = section.place_of("egress")
        message = f"egress is not stated: planned {default.EGRESS}, public addresses and no NAT to pay for"
        section.problems.note("default-egress", place, message, hint="egress: nat keeps the hosts private")
    return section.read("egress", choice(EGRESS), default=default.EGRESS)


def _network_range(value: object) -> str:
    network = IPv4Network(cidr(value))
    if not any(network.subnet_of(block) for block in _PRIVATE):
        message = f"expected a private range, in {', '.join(map(str, _PRIVATE))}, found {found(value)}"
        raise UnreadableError(message, code="out-of-range")
    if not subnets.WIDEST <= network.prefixlen <= subnets.NARROWEST:
        message = f"expected a range from /{subnets.WIDEST} to /{subnets.NARROWEST}, found {found(value)}"
        raise UnreadableError(message, code="out-of-range", hint=f"{network.network_address}/{subnets.WIDEST}")
    return str(network)
