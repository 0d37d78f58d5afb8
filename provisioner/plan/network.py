"""The network: its range, zones, subnets, way out and access."""

from collections.abc import Sequence
from ipaddress import IPv4Network
from typing import Final, get_args

from provisioner.errors import Place
from provisioner.plan import default, subnets
from provisioner.plan.fields import Section
from provisioner.plan.model import OVERLAY, Egress, Network, Subnet, Target
from provisioner.plan.readers import UnreadableError, choice, cidr, found, integer, text

EGRESS: Final[tuple[Egress, ...]] = get_args(Egress)

OVERLAYS: Final = (OVERLAY, "10.211.0.0/16", "172.28.0.0/16")
"""The range of the containers' addresses where none is stated: the first that the hosts' network leaves free."""

KEPT_DAYS: Final = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365)
"""How long flow logs can be kept: what CloudWatch takes (PutRetentionPolicy, CloudWatch Logs API reference), up to a year."""

NARROWEST_OVERLAY: Final = 20
"""The longest prefix of an overlay: 15 hosts."""

_PRIVATE: Final = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


def build(section: Section, target: Target) -> Network:
    """The network with a pair of subnets in each of the first `zones` zones of the target, or the one that exists."""
    section.only("cidr", "zones", "egress", "overlay", "access", "existing", "flow-logs")
    access = section.section("access")
    access.only("ssh-from")
    if "existing" in section:
        return _existing(section, access, target)
    network_range = section.read("cidr", _network_range, default=default.CIDR)
    return Network(
        cidr=network_range,
        subnets=subnets.allocate(network_range, target.zones[: _zones(section, target)]),
        egress=_egress(section),
        overlay=_overlay(section, network_range),
        ssh_from=access.read_list("ssh-from", cidr),
        flow_log_days=_flow_log_days(section),
        place=section.place,
    )


def zones(network: Network) -> tuple[str, ...]:
    """The zones that a network is in, in their order."""
    return tuple(dict.fromkeys(subnet.zone for subnet in network.subnets))


def _existing(section: Section, access: Section, target: Target) -> Network:
    """Its subnets by the ids that the definition gives for the target's cloud. Their ranges are the cloud's to know."""
    section.require("cidr", "egress")
    if "flow-logs" in section:
        message = "flow logs are those of a network that is created here, and this one is there already"
        section.problems.error("conflict", section.place_of("flow-logs"), message, hint="its owner logs what passes in it")
    clouds = section.section("existing")
    here = clouds.section(target.cloud)
    if target.cloud not in clouds:
        message = f"no network on {target.cloud} is named (only on {', '.join(clouds.fields) or 'none'})"
        hint = f"add {target.cloud}: {{network: …, subnets: […]}}"
        section.problems.error("missing-key", clouds.place, message, hint=hint)
    else:
        here.require("network", "subnets")
    here.only("network", "subnets", "public-subnets")
    egress: Egress = section.read("egress", choice(EGRESS), default=default.EGRESS)
    in_zones = target.zones[: _zones(section, target)]
    network_range = section.read("cidr", _any_range, default=default.CIDR)
    return Network(
        cidr=network_range,
        subnets=(
            *_given(here, "subnets", in_zones, public=egress == "direct"),
            *(_given(here, "public-subnets", in_zones, public=True) if egress != "direct" else ()),
        ),
        egress=egress,
        overlay=_overlay(section, network_range),
        ssh_from=access.read_list("ssh-from", cidr),
        existing=here.read("network", text, default="?"),
        place=section.place,
    )


def _given(here: Section, key: str, in_zones: Sequence[str], *, public: bool) -> tuple[Subnet, ...]:
    ids = here.read_list(key, text)
    if len(ids) not in (1, len(in_zones)) and key in here:
        message = f"expected one subnet, or one for each of {', '.join(in_zones)}, found {len(ids)}"
        here.problems.error("out-of-range", here.place_of(key), message)
    if not ids:
        ids = ("?",) if key == "subnets" else ()
    kind = "public" if public else "private"
    given = zip(in_zones, ids * len(in_zones) if len(ids) == 1 else ids, strict=False)
    return tuple(
        Subnet(name=f"{kind}-{number}", cidr="", zone=zone, public=public, id=named)
        for number, (zone, named) in enumerate(given, start=1)
    )


def _any_range(value: object) -> str:
    return str(IPv4Network(cidr(value)))


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


def _flow_log_days(section: Section) -> int:
    if "flow-logs" not in section:
        return 0
    logs = section.section("flow-logs")
    logs.only("keep-days")
    return logs.read("keep-days", _kept_days, default=default.FLOW_LOG_DAYS)


def _kept_days(value: object) -> int:
    days = integer("a number of days", 1, KEPT_DAYS[-1])(value)
    if days not in KEPT_DAYS:
        nearest = min((each for each in KEPT_DAYS if each > days), default=KEPT_DAYS[-1])
        message = f"expected one of {', '.join(map(str, KEPT_DAYS))} days, found {found(value)}"
        raise UnreadableError(message, code="out-of-range", hint=f"keep-days: {nearest}")
    return days


def _overlay(section: Section, network_range: str) -> str:
    """The range of the containers' addresses. One that is not stated gives way to the hosts' network."""
    taken = IPv4Network(network_range)
    free = [each for each in OVERLAYS if not IPv4Network(each).overlaps(taken)]
    overlay = section.read("overlay", _overlay_range, default=(free or OVERLAYS)[0])
    if IPv4Network(overlay).overlaps(taken):
        message = f"expected a range apart from the hosts' network, {network_range}, found {overlay}"
        section.problems.error("conflict", section.place_of("overlay"), message, hint=", ".join(free))
    return overlay


def _overlay_range(value: object) -> str:
    network = _private(value)
    if network.prefixlen > NARROWEST_OVERLAY:
        message = f"expected a range from /8 to /{NARROWEST_OVERLAY}, of which each host has a /24, found {found(value)}"
        raise UnreadableError(message, code="out-of-range")
    return str(network)


def _private(value: object) -> IPv4Network:
    network = IPv4Network(cidr(value))
    if not any(network.subnet_of(block) for block in _PRIVATE):
        message = f"expected a private range, in {', '.join(map(str, _PRIVATE))}, found {found(value)}"
        raise UnreadableError(message, code="out-of-range")
    return network


def _network_range(value: object) -> str:
    network = _private(value)
    if not subnets.WIDEST <= network.prefixlen <= subnets.NARROWEST:
        message = f"expected a range from /{subnets.WIDEST} to /{subnets.NARROWEST}, found {found(value)}"
        raise UnreadableError(message, code="out-of-range", hint=f"{network.network_address}/{subnets.WIDEST}")
    return str(network)
