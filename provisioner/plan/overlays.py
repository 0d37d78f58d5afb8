"""How many hosts an overlay has room for: one /24 each."""

from ipaddress import IPv4Network

from provisioner.errors import Problems
from provisioner.plan.model import Network, Plan


def capacity(overlay: str) -> int:
    """How many hosts a range has a /24 for. Number 0 stays free, so that a host's number shows in its addresses."""
    return 2 ** (24 - IPv4Network(overlay).prefixlen) - 1


def check(plan: Plan, problems: Problems) -> None:
    """The hosts that there will be in any case; how many of a range there will be is known once all is placed."""
    least = sum(group.minimum for group in plan.groups)
    if least > capacity(plan.network.overlay):
        refuse(plan.network, least, problems)


def refuse(network: Network, count: int, problems: Problems) -> None:
    """Too many hosts, with a range that would hold them."""
    message = f"expected at most {capacity(network.overlay)} hosts on the overlay {network.overlay}, a /24 each, found {count}"
    problems.error("out-of-range", network.place, message, hint=f"network: {{overlay: {_wider(network.overlay, count)}}}")


def _wider(overlay: str, count: int) -> IPv4Network:
    """The narrowest range around this one that has room."""
    return IPv4Network(overlay).supernet(new_prefix=24 - count.bit_length())
