"""Networks that exist, as a program that does not own them finds them: by name."""

from collections.abc import Mapping
from typing import Any, Final

from provisioner.sandbox.gcp.network import NETWORK, SUBNETWORK
from provisioner.sandbox.kinds import CloudRefusal, Function, Properties, World

SHOWN: Final = ("name", "project", "region", "network", "selfLink", "ipCidrRange", "gatewayAddress", "gatewayIpv4")


def get_network(arguments: Mapping[str, Any], config: Mapping[str, str], world: World) -> Properties:
    return _found(arguments, config, world, NETWORK, "global/networks")


def get_subnetwork(arguments: Mapping[str, Any], config: Mapping[str, str], world: World) -> Properties:
    region = arguments.get("region") or config.get("region", "")
    return _found(arguments, config, world, SUBNETWORK, f"regions/{region}/subnetworks")


def _found(arguments: Mapping[str, Any], config: Mapping[str, str], world: World, token: str, collection: str) -> Properties:
    path = f"projects/{arguments.get('project') or config['project']}/{collection}/{arguments.get('name')}"
    found = world.get(token, path)
    if found is None:
        raise CloudRefusal(f"googleapi: Error 404: The resource '{path}' was not found, notFound")
    return {"id": path, **{name: found.properties[name] for name in SHOWN if name in found.properties}}


FUNCTIONS: Final[Mapping[str, Function]] = {
    "gcp:compute/getNetwork:getNetwork": get_network,
    "gcp:compute/getSubnetwork:getSubnetwork": get_subnetwork,
}
