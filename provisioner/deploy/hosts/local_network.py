"""The network of local hosts: one bridge on this machine, and for each host a network namespace with one interface on it."""

import ipaddress
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from provisioner.deploy.hosts.local_state import Machine, machines
from provisioner.deploy.hosts.local_tools import attempt, call
from provisioner.errors import HostError

RANGE: Final = ipaddress.ip_network("10.231.0.0/24")
BRIDGE: Final = "provisioner0"
GATEWAY: Final = str(RANGE[1])
"""This machine's own address on the bridge."""

_NAT: Final = f"""
add table ip {BRIDGE}
add set ip {BRIDGE} out {{ type ipv4_addr; }}
add chain ip {BRIDGE} behind {{ type nat hook postrouting priority srcnat; }}
flush chain ip {BRIDGE} behind
add rule ip {BRIDGE} behind ip saddr @out ip daddr != {RANGE} masquerade
"""
"""Hosts that reach out do so under this machine's address. Saying it again changes nothing."""


def free_number() -> int:
    """The smallest number that no host has. Call it under `local_state.locked`."""
    taken = {machine.number for machine in machines()}
    number = next((number for number in range(2, 255) if number not in taken), None)
    if number is None:
        raise HostError(f"this machine runs {len(taken)} hosts, and {RANGE} has no address for another")
    return number


def address(number: int) -> str:
    return str(RANGE[number])


def create_bridge() -> None:
    """Make the bridge where it is not there. Call it under `local_state.locked`."""
    if attempt("ip", "link", "show", "dev", BRIDGE).returncode == 0:
        return
    taken = overlapping(json.loads(call("ip", "-json", "route", "show", "table", "all")))
    if taken:
        raise HostError(f"local hosts use {RANGE}, which this machine's routes use already: {taken}")
    call("ip", "link", "add", BRIDGE, "type", "bridge")
    call("ip", "address", "add", f"{GATEWAY}/{RANGE.prefixlen}", "dev", BRIDGE)
    call("ip", "link", "set", BRIDGE, "up")


def overlapping(routes: Iterable[dict[str, Any]]) -> str:
    """The first destination of `ip -json route` that overlaps the range, with its device; "" where none does."""
    for route in routes:
        destination, device = str(route.get("dst", "default")), str(route.get("dev", ""))
        if destination == "default" or ":" in destination or device == BRIDGE:
            continue
        if ipaddress.ip_network(destination, strict=False).overlaps(RANGE):
            return f"{destination} on {device}".strip()
    return ""


def connect(machine: Machine) -> None:
    """A fresh namespace with `eth0`: what a killed host left is removed first."""
    disconnect(machine)
    namespace, outside = machine.network, _outside(machine)
    call("ip", "netns", "add", namespace)
    call("ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", namespace)
    call("ip", "link", "set", outside, "master", BRIDGE, "up")
    call("ip", "-n", namespace, "address", "add", f"{machine.address}/{RANGE.prefixlen}", "dev", "eth0")
    call("ip", "-n", namespace, "link", "set", "lo", "up")
    call("ip", "-n", namespace, "link", "set", "eth0", "up")
    call("ip", "-n", namespace, "route", "add", "default", "via", GATEWAY)
    if machine.reaches_out:
        Path("/proc/sys/net/ipv4/ip_forward").write_text("1\n", encoding="ascii")
        call("nft", "--file", "-", input=_NAT + f"add element ip {BRIDGE} out {{ {machine.address} }}\n")


def disconnect(machine: Machine) -> None:
    """Take the namespace, its interface and its way out away; gone is fine."""
    attempt("nft", "delete", "element", "ip", BRIDGE, "out", f"{{ {machine.address} }}")
    attempt("ip", "link", "delete", _outside(machine))
    attempt("ip", "netns", "delete", machine.network)


def remove_bridge() -> None:
    """Take the bridge away when the last host is gone. Call it under `local_state.locked`."""
    if not any(machines()):
        attempt("ip", "link", "delete", BRIDGE)
        attempt("nft", "delete", "table", "ip", BRIDGE)


def _outside(machine: Machine) -> str:
    return f"provisioner-{machine.number}"
