"""Networks, subnetworks, routers, NAT and firewall rules."""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from provisioner.sandbox.gcp.common import (
    Compute,
    basename,
    fingerprint,
    invalid,
    link,
    number,
    numeric,
    one_of,
    over_quota,
    part,
    parts,
    project,
    refers,
    region,
)
from provisioner.sandbox.kinds import UNKNOWN, Autoname, Call, Failure, Kind

NETWORK: Final = "gcp:compute/network:Network"
SUBNETWORK: Final = "gcp:compute/subnetwork:Subnetwork"
ROUTER: Final = "gcp:compute/router:Router"
FIREWALL: Final = "gcp:compute/firewall:Firewall"
NAT: Final = "gcp:compute/routerNat:RouterNat"
PROXIES: Final = "REGIONAL_MANAGED_PROXY"
INTERVALS: Final = tuple(f"INTERVAL_{each}" for each in ("5_SEC", "30_SEC", "1_MIN", "5_MIN", "10_MIN", "15_MIN"))
METADATA: Final = ("EXCLUDE_ALL_METADATA", "INCLUDE_ALL_METADATA", "CUSTOM_METADATA")
MOST_ACCOUNTS: Final = 10
"""Service accounts that one firewall rule may name as sources, and as targets (cloud.google.com/firewall/docs/quotas)."""


MOST_NETWORKS: Final = 15
"""Networks of a project (github.com/pulumi/pulumi-gcp/issues/1147)."""


def refuse_over_networks(call: Call) -> None:
    if len(list(call.world.all(NETWORK))) >= MOST_NETWORKS:  # a changed one is not among them
        raise over_quota("NETWORKS", MOST_NETWORKS, "globally")


def check_cidr(call: Call) -> Iterable[Failure]:
    value = call.inputs.get("ipCidrRange")
    if not isinstance(value, str):
        return
    try:
        ipaddress.IPv4Network(value)
    except ValueError as error:
        yield Failure(property="ipCidrRange", reason=f'"ip_cidr_range" ("{value}") is not a valid IP CIDR range: {error}')


def check_logs(call: Call) -> Iterable[Failure]:
    """Flow logs: the interval, the share of flows, and what is said of each."""
    logs = part(call.inputs, "logConfig")
    for name, accepted in (("aggregationInterval", INTERVALS), ("metadata", METADATA)):
        value = logs.get(name)
        if isinstance(value, str) and value not in accepted:
            yield Failure(property=f"logConfig.{name}", reason=f"expected one of {', '.join(accepted)}, got {value}")
    share = logs.get("flowSampling")
    if isinstance(share, int | float) and not 0 <= share <= 1:
        yield Failure(property="logConfig.flowSampling", reason=f"expected a share from 0 to 1, got {share}")
    if logs and call.inputs.get("purpose") == PROXIES:
        yield Failure(property="logConfig", reason="flow logs are not supported on a subnetwork of proxies")


def refuse_size(call: Call) -> None:
    """Hosts' ranges have prefixes from 4 to 29, ranges of proxies at most 26."""
    cidr, longest = call.inputs["ipCidrRange"], 26 if call.inputs.get("purpose") == PROXIES else 29
    if not 4 <= ipaddress.IPv4Network(cidr).prefixlen <= longest:
        raise invalid("ipCidrRange", cidr, f"The prefix length must be from 4 to {longest}.")


def refuse_overlap(call: Call) -> None:
    cidr = ipaddress.IPv4Network(call.inputs["ipCidrRange"])
    network = link(call, call.inputs["network"], "networks")
    for other in call.world.all(SUBNETWORK):
        range_there = other.properties["ipCidrRange"]
        if other.properties["network"] == network and cidr.overlaps(ipaddress.IPv4Network(range_there)):
            words = f"Invalid IPCidrRange: {cidr} conflicts with existing subnetwork '{other.properties['name']}' in region"
            raise invalid("ipCidrRange", cidr, f"{words} '{other.properties['region']}'.")


def refuse_second_proxy_range(call: Call) -> None:
    if call.inputs.get("purpose") == PROXIES and active_proxies(call, link(call, call.inputs["network"], "networks")):
        raise invalid("role", "ACTIVE", "The region of this network has an active proxy-only subnetwork already.")


def active_proxies(call: Call, network: str) -> bool:
    """Whether a network has an active proxy-only subnetwork in the call's region."""
    found = call.world.find(SUBNETWORK, network=network, region=region(call), purpose=PROXIES, role="ACTIVE")
    return found is not None


def subnet_gateway(call: Call, _id: str) -> str:
    return str(ipaddress.IPv4Network(call.inputs["ipCidrRange"])[1])


def check_rule(call: Call) -> Iterable[Failure]:
    """What the provider says of a rule before any call."""
    given = call.inputs
    if bool(given.get("allows")) == bool(given.get("denies")):
        yield Failure(property="allows", reason="exactly one of `allow,deny` must be specified")
    sources = ("sourceRanges", "sourceServiceAccounts", "sourceTags")
    if given.get("direction") != "EGRESS" and not any(given.get(name) for name in sources):
        reason = "one of source_tags, source_ranges, or source_service_accounts must be defined"
        yield Failure(property="sourceRanges", reason=reason)
    if given.get("direction") == "EGRESS" and any(given.get(name) for name in sources):
        yield Failure(property="direction", reason="an egress rule has destinations and no sources")
    for accounts, tags in (("sourceServiceAccounts", "sourceTags"), ("targetServiceAccounts", "targetTags")):
        if given.get(accounts) and (given.get(tags) or given.get("targetTags")):
            yield Failure(property=accounts, reason=f'"{accounts}": conflicts with {tags}')


def refuse_rule(call: Call) -> None:
    for name in ("sourceRanges", "destinationRanges"):
        for index, cidr in enumerate(call.inputs.get(name) or ()):
            if not _is_range(cidr):
                raise invalid(f"{name}[{index}]", cidr, "Must be a valid IP address range.")
    for name in ("sourceServiceAccounts", "targetServiceAccounts"):
        if len(call.inputs.get(name) or ()) > MOST_ACCOUNTS:
            raise invalid(name, "", f"At most {MOST_ACCOUNTS} service accounts are allowed.")
    for name in ("allows", "denies"):
        for index, entry in enumerate(parts(call.inputs, name)):
            _refuse_ports(f"{name}[{index}]", entry.get("ports") or ())
    if not 0 <= int(call.inputs.get("priority", 1000)) <= 65535:
        raise invalid("priority", call.inputs["priority"], "Must be from 0 to 65535.")


def _refuse_ports(path: str, ports: Sequence[Any]) -> None:
    for place, text in enumerate(ports):
        match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", str(text))
        if not match or not int(match[1]) <= int(match[2] or match[1]) <= 65535:
            raise invalid(f"{path}.ports[{place}]", text, "Must be a port or a range of ports from 0 to 65535.")


def _is_range(cidr: str) -> bool:
    try:
        ipaddress.ip_network(cidr)
    except ValueError:
        return False
    return True


def identify_nat(call: Call) -> str:
    return f"{project(call)}/{region(call)}/{basename(call.inputs['router'])}/{call.inputs['name']}"


def check_nat(call: Call) -> Iterable[Failure]:
    allocation, ips = call.inputs.get("natIpAllocateOption"), call.inputs.get("natIps")
    if allocation == "AUTO_ONLY" and ips is not None and ips is not UNKNOWN:
        yield Failure(property="natIps", reason="nat_ips may be given only with natIpAllocateOption MANUAL_ONLY")


KINDS: Final = (
    Compute(
        token=NETWORK,
        collection="networks",
        scope="global",
        timed=False,
        computed={
            "numericId": lambda call, _: number(call),
            "networkId": lambda call, _: number(call),
            "gatewayIpv4": lambda _, __: "",
        },
        defaults={"autoCreateSubnetworks": True, "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL"},
        immutable=("description", "autoCreateSubnetworks", "internalIpv6Range", "networkProfile", "params"),
        checks=(one_of("routingMode", "REGIONAL", "GLOBAL"),),
        refusals=(refuse_over_networks,),
    ).kind,
    Compute(
        token=SUBNETWORK,
        collection="subnetworks",
        scope="region",
        computed={
            "network": lambda call, _: link(call, call.inputs["network"], "networks"),
            "gatewayAddress": subnet_gateway,
            "subnetworkId": numeric,
            "fingerprint": fingerprint,
        },
        defaults={"purpose": "PRIVATE"},
        immutable=("network", "description", "reservedInternalRange", "resolveSubnetMask", "params", "externalIpv6Prefix"),
        grows_only=("ipCidrRange",),  # the provider recreates a range that shrinks
        references=(refers("network", NETWORK),),
        checks=(check_cidr, check_logs, one_of("role", "ACTIVE", "BACKUP")),
        refusals=(refuse_size, refuse_overlap, refuse_second_proxy_range),
    ).kind,
    Compute(
        token=ROUTER,
        collection="routers",
        scope="region",
        immutable=("network", "encryptedInterconnectRouter", "nccGateway", "params"),
        references=(refers("network", NETWORK),),
    ).kind,
    Kind(
        token=NAT,
        identify=identify_nat,
        outputs=lambda call, _: {"project": project(call), "region": region(call)},
        computed=("project", "region"),
        defaults={"type": "PUBLIC"},
        immutable=frozenset({"name", "project", "region", "router", "initialNatIps", "endpointTypes", "type"}),
        autoname=Autoname(property="name", lower=True),
        references=(refers("router", ROUTER),),
        check=lambda call: [
            *check_nat(call),
            *one_of("natIpAllocateOption", "AUTO_ONLY", "MANUAL_ONLY")(call),
            *one_of(
                "sourceSubnetworkIpRangesToNat",
                "ALL_SUBNETWORKS_ALL_IP_RANGES",
                "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES",
                "LIST_OF_SUBNETWORKS",
            )(call),
        ],
    ),
    Compute(
        token=FIREWALL,
        collection="firewalls",
        scope="global",
        defaults={"priority": 1000},
        immutable=("direction", "params"),
        references=(refers("network", NETWORK),),
        checks=(check_rule, one_of("direction", "INGRESS", "EGRESS")),
        refusals=(refuse_rule,),
    ).kind,
)
