"""Checks of a registered tree, for the table of secure defaults."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from golden import Tree, of_type

Inputs = Mapping[str, Any]
Check = Callable[[Tree], bool]


class Absent(NamedTuple):
    """Nothing is set, for this reason; `check` sees that nothing is."""

    reason: str
    check: Check


Cell = Check | Absent


def every(token: str, check: Callable[[Inputs], bool]) -> Check:
    """Every resource of a type passes, and there is one."""

    def passes(tree: Tree) -> bool:
        found = [each["inputs"] for each in of_type(tree, token).values()]
        return bool(found) and all(map(check, found))

    return passes


def both(*checks: Check) -> Check:
    return lambda tree: all(check(tree) for check in checks)


def no_type(*words: str) -> Check:
    """No resource whose type holds one of the words."""
    return lambda tree: not any(word in key.split("::")[0].lower() for key in tree for word in words)


def nobody_opens_ssh(
    ports: Callable[[Inputs], tuple[int, int]], sources: Callable[[Inputs], list[str]]
) -> Callable[[Inputs], bool]:
    """No rule lets the whole world to port 22 or 3389."""

    def check(rule: Inputs) -> bool:
        first, last = ports(rule)
        everybody = {"0.0.0.0/0", "::/0", "*", "Internet"} & set(sources(rule))
        return not (everybody and any(first <= port <= last for port in (22, 3389)))

    return check


def port_range(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return (0, 65535) if text == "*" else (int(first), int(last or first))


def security_rules(direction: str, access: str) -> Callable[[Inputs], list[Inputs]]:
    """The rules of one direction of Azure's one security group."""
    return lambda rules: [rule for rule in rules["securityRules"] if rule["direction"] == direction and rule["access"] == access]


def azure_sources(rule: Inputs) -> list[str]:
    return [*rule.get("sourceAddressPrefixes", ()), rule.get("sourceAddressPrefix", "")]


aws_ssh = nobody_opens_ssh(
    lambda rule: (rule["fromPort"], rule["toPort"]), lambda rule: [rule.get("cidrIpv4", ""), rule.get("cidrIpv6", "")]
)
gcp_ssh = nobody_opens_ssh(lambda rule: port_range(rule["allows"][0]["ports"][0]), lambda rule: rule.get("sourceRanges", []))
azure_ssh = nobody_opens_ssh(lambda rule: port_range(rule["destinationPortRange"]), azure_sources)
