"""Application security groups, and network security groups with their rules."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from typing import Any

from provisioner.sandbox.azure import arm
from provisioner.sandbox.kinds import Call, Failure, Kind

RULES = "azure-native:network:NetworkSecurityGroup"
MEMBERS = "azure-native:network:ApplicationSecurityGroup"
RULES_IN_USE = (
    "InUseNetworkSecurityGroupCannotBeDeleted: Network security group {id} cannot be deleted because it is in use by the "
    "following resources: {dependent}."
)
MEMBERS_IN_USE = "InUseApplicationSecurityGroupCannotBeDeleted: Application security group {id} is in use by {dependent}."


def _check(call: Call) -> Iterator[Failure]:
    yield from arm.named("networkSecurityGroupName", arm.NETWORK_NAME)(call)
    for index, rule in enumerate(arm.items(call.inputs, "securityRules")):
        priority = rule.get("priority")
        if isinstance(priority, int) and not 100 <= priority <= 4096:
            reason = f"SecurityRuleInvalidPriority: the priority must be from 100 to 4096, found {priority}"
            yield Failure(property=f"securityRules[{index}].priority", reason=reason)


def _refuse(call: Call) -> None:
    arm.refuse_common(call)
    seen = dict[tuple[str, int], str]()
    names = set[str]()
    for rule in arm.items(call.inputs, "securityRules"):
        name, key = rule.get("name", ""), (rule["direction"], rule.get("priority", 0))
        if key in seen:
            message = f"Security rule {name} conflicts with rule {seen[key]}. Rules cannot have the same Priority and Direction."
            raise arm.refusal("SecurityRuleConflict", message)
        if name.lower() in names or not re.fullmatch(arm.NETWORK_NAME, name):
            message = f"Security rule name '{name}' in {call.name} is not valid, or is used by another of its rules."
            raise arm.refusal("InvalidResourceName", message)
        seen[key] = name
        names.add(name.lower())
        for side in ("source", "destination"):
            _refuse_side(rule, name, side)


def _refuse_side(rule: Mapping[str, Any], name: str, side: str) -> None:
    forms = ("AddressPrefix", "AddressPrefixes", "ApplicationSecurityGroups")
    given = [form for form in forms if rule.get(f"{side}{form}")]
    if len(given) != 1:
        what = " and ".join(f"{side}{form}" for form in given) or f"no {side}"
        message = f"Security rule {name} has {what}. One of {', '.join(f'{side}{form}' for form in forms)} must be given."
        raise arm.refusal("SecurityRuleParameterInvalid", message)
    single = rule.get(f"{side}AddressPrefix")
    for prefix in rule.get(f"{side}AddressPrefixes") or ([single] if single else []):
        if not (prefix == "*" or re.fullmatch(r"[A-Za-z.]+", prefix) or _is_range(prefix)):
            message = f"Security rule {name} has invalid Address prefix. Value provided: {prefix}"
            raise arm.refusal("SecurityRuleInvalidAddressPrefix", message)
    ports = rule.get(f"{side}PortRange")
    for port in rule.get(f"{side}PortRanges") or ([ports] if ports else []):
        if not _is_ports(port):
            expected = "Value should be an integer OR integer range with '-' delimiter. Valid range 0-65535."
            message = f"Security rule {name} has invalid Port range. Value provided: {port}. {expected}"
            raise arm.refusal("SecurityRuleInvalidPortRange", message)


def _is_range(prefix: str) -> bool:
    try:
        ip_network(prefix)
    except ValueError:
        return False
    return True


def _is_ports(ports: str) -> bool:
    found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", ports)
    if found is None:
        return ports == "*"
    first, last = int(found[1]), int(found[2] or found[1])
    return first <= last <= 65_535


KINDS = (
    Kind(
        token=MEMBERS,
        identify=arm.identify("Microsoft.Network/applicationSecurityGroups", "applicationSecurityGroupName"),
        outputs=arm.networking("applicationSecurityGroups", "applicationSecurityGroupName"),
        computed=arm.NETWORKING,
        immutable=frozenset({"applicationSecurityGroupName", "resourceGroupName"}),
        autoname=arm.autoname("applicationSecurityGroupName"),
        references=(arm.IN_GROUP,),
        check=arm.named("applicationSecurityGroupName", arm.NETWORK_NAME),
        refuse=arm.refuse_common,
    ),
    Kind(
        token=RULES,
        identify=arm.identify("Microsoft.Network/networkSecurityGroups", "networkSecurityGroupName"),
        outputs=arm.networking("networkSecurityGroups", "networkSecurityGroupName"),
        computed=arm.NETWORKING,
        immutable=frozenset({"networkSecurityGroupName", "resourceGroupName"}),
        autoname=arm.autoname("networkSecurityGroupName"),
        references=(
            arm.IN_GROUP,
            arm.refers("securityRules[].sourceApplicationSecurityGroups[].id", MEMBERS, in_use=MEMBERS_IN_USE),
            arm.refers("securityRules[].destinationApplicationSecurityGroups[].id", MEMBERS, in_use=MEMBERS_IN_USE),
        ),
        check=_check,
        refuse=_refuse,
    ),
)
