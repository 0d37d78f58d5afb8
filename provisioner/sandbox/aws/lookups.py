"""Networks that exist, as a program that does not own them finds them: by id."""

from collections.abc import Mapping
from typing import Any

from provisioner.sandbox.aws.network import NO_SUBNET, NO_VPC, SUBNET, VPC
from provisioner.sandbox.kinds import CloudRefusal, Properties, World


def get_vpc(arguments: Mapping[str, Any], config: Mapping[str, str], world: World) -> Properties:
    return _found(arguments, config, world, VPC, NO_VPC)


def get_subnet(arguments: Mapping[str, Any], config: Mapping[str, str], world: World) -> Properties:
    return _found(arguments, config, world, SUBNET, NO_SUBNET)


def _found(arguments: Mapping[str, Any], config: Mapping[str, str], world: World, token: str, missing: str) -> Properties:
    """Of the provider's own region: ids of another are not known there."""
    found = world.get(token, arguments.get("id") or "")
    if found is None or found.properties.get("region", config["region"]) != config["region"]:
        raise CloudRefusal(missing.format(value=arguments.get("id")))
    return {**found.properties, "id": found.id, "state": "available"}


FUNCTIONS = {"aws:ec2/getVpc:getVpc": get_vpc, "aws:ec2/getSubnet:getSubnet": get_subnet}
