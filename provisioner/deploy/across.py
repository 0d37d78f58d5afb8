"""Several clouds in one stack: in which order they are built, and what each lets in of the others' hosts."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi

from provisioner.clouds.components import Host
from provisioner.clouds.contract import Cloud
from provisioner.plan.model import Plan

ANYWHERE: Final = "0.0.0.0/0"

Ranges = Mapping[str, pulumi.Input[str]]
Created = Mapping[str, Mapping[str, Any]]
"""Cloud to its families by name."""


def in_order(parts: Sequence[Plan], known: Mapping[str, Cloud]) -> Sequence[Plan]:
    """As they come, but those last whose rules must know of the others' hosts before their own are made."""
    return sorted(parts, key=lambda part: known[part.target.cloud].rules_first)


def ranges(part: Plan, created: Created, known: Mapping[str, Cloud]) -> Ranges:
    """Host on another cloud to the range of its address. Machines that were there before may come from anywhere."""
    found: dict[str, pulumi.Input[str]] = {}
    for name, families in created.items():
        if name != part.target.cloud and known[name].sells:
            found |= {host: _range(machine) for host, machine in families["hosts"].hosts.items()}
        elif name != part.target.cloud:
            found[name] = ANYWHERE
    return found


def let_in(parts: Sequence[Plan], created: Created, known: Mapping[str, Cloud]) -> None:
    """The rules that could not be written before all hosts were there."""
    for part in parts if len(parts) > 1 else ():
        cloud = known[part.target.cloud]
        if cloud.sells and not cloud.rules_first:
            created[cloud.name]["network"].let_in(ranges(part, created, known))


def _range(machine: Host) -> pulumi.Output[str]:
    return pulumi.Output.concat(machine.public_address or machine.private_address, "/32")
