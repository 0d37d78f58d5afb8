"""The simulated account: its number, ARNs, regions, machine types and quotas.

Quotas are AWS's defaults, but for VPCs, addresses and NAT gateways (5 each by default), which stand as in an account
where they were raised, so that several stacks fit side by side.
"""

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from provisioner.sandbox.kinds import Call, CloudRefusal, Properties

NUMBER: Final = "123456789012"
"""The account number that AWS's own examples use."""

ZONES: Final = {
    "us-east-1": "abcdef",
    "us-west-2": "abcd",
    "ca-central-1": "abd",
    "ap-northeast-1": "acd",
}
"""Letters of the zones that are open to every account; every other region has a, b and c."""

QUOTAS: Final = {
    "aws:ec2/vpc:Vpc": (20, "VpcLimitExceeded: The maximum number of VPCs has been reached."),
    "aws:ec2/internetGateway:InternetGateway": (
        20,
        "InternetGatewayLimitExceeded: The maximum number of internet gateways has been reached.",
    ),
    "aws:ec2/eip:Eip": (60, "AddressLimitExceeded: The maximum number of addresses has been reached."),
    "aws:ec2/natGateway:NatGateway": (60, "NatGatewayLimitExceeded: The maximum number of NAT gateways has been reached."),
    "aws:lb/loadBalancer:LoadBalancer": (50, "TooManyLoadBalancers: The maximum number of load balancers has been reached"),
}

_DATA: Final = Path(__file__).parents[2] / "clouds" / "aws"


def region(call: Call) -> str:
    """The region of a resource: its own, else its provider's."""
    return str(call.inputs.get("region") or call.config["region"])


def zones(call: Call) -> tuple[str, ...]:
    name = region(call)
    return tuple(name + letter for letter in ZONES.get(name, "abc"))


def domain(call: Call) -> str:
    """The end of the host names of a region's machines."""
    return "ec2.internal" if region(call) == "us-east-1" else f"{region(call)}.compute.internal"


def arn(call: Call, service: str, resource: str) -> str:
    return f"arn:{partition(call)}:{service}:{region(call)}:{NUMBER}:{resource}"


def global_arn(call: Call, service: str, resource: str) -> str:
    """ARN of what belongs to no region, such as a role."""
    return f"arn:{partition(call)}:{service}::{NUMBER}:{resource}"


def partition(call: Call) -> str:
    name = region(call)
    return "aws-cn" if name.startswith("cn-") else "aws-us-gov" if name.startswith("us-gov-") else "aws"


def identifier(prefix: str) -> Callable[[Call], str]:
    """EC2's long ids: `vpc-0` and sixteen hex digits."""
    return lambda call: f"{prefix}-0{call.digest[:16]}"


def shared(call: Call) -> dict[str, Any]:
    """What the provider computes for every resource that takes tags."""
    return {"region": region(call), "tagsAll": call.inputs.get("tags", {})}


SHARED: Final = ("region", "tagsAll")


def given(call: Call, **defaults: object) -> dict[str, Any]:
    """Properties that the cloud decides where the program leaves them out."""
    return {name: call.inputs.get(name, value) for name, value in defaults.items()}


def unique_name(call: Call, property: str = "name", prefix: str = "namePrefix", limit: int = 255) -> str:
    """The name asked for, or one that begins with the prefix asked for, or one after the logical name."""
    if name := call.inputs.get(property):
        return str(name)
    if beginning := call.inputs.get(prefix):
        return f"{beginning}{call.digest[:26]}"
    return f"{call.name[: limit - 8]}-{call.digest[:7]}"


def refuse_over_quota(call: Call) -> None:
    most, words = QUOTAS[call.token]
    if sum(1 for found in call.world.all(call.token) if found.properties.get("region") == region(call)) >= most:
        raise CloudRefusal(words)


def properties(call: Call, token: str, id: object) -> Properties:
    """Outputs of another resource, or nothing where it is not there (a `Reference` reports that)."""
    found = call.world.get(token, str(id))
    return found.properties if found else {}


def vpc_of(call: Call, token: str, id: object) -> object:
    return properties(call, token, id).get("vpcId")


@cache
def machine_types() -> Mapping[str, str]:
    """Machine type to its architecture as EC2 names it."""
    with (_DATA / "machines.csv").open(encoding="utf-8", newline="") as file:
        return {row["machine"]: "arm64" if row["arch"] == "arm64" else "x86_64" for row in csv.DictReader(file)}


@cache
def offered() -> frozenset[tuple[str, str]]:
    """(region, machine type) wherever the price table has the machine."""
    with (_DATA / "prices.csv").open(encoding="utf-8", newline="") as file:
        return frozenset((row["region"], row["item"]) for row in csv.DictReader(file) if row["kind"] == "machine")


def matches(pattern: str, value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def known(values: Iterable[object]) -> list[str]:
    """The strings among values: what is unknown in a preview goes."""
    return [value for value in values if isinstance(value, str)]


def objects(value: object) -> list[Mapping[str, Any]]:
    """The objects in a list, or the one object given: what is unknown in a preview goes."""
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    return [cast("Mapping[str, Any]", item) for item in items if isinstance(item, Mapping)]


def region_only(call: Call, _: str) -> dict[str, Any]:
    """Outputs of a resource that computes nothing of its own."""
    return {"region": region(call)}
