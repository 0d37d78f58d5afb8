"""Networks that exist, as a program that does not own them finds them: by resource group and name."""

from collections.abc import Mapping
from typing import Any

from provisioner.sandbox.azure import arm
from provisioner.sandbox.azure.network import NETWORK, SUBNET
from provisioner.sandbox.kinds import Properties, World


def get_network(arguments: Mapping[str, Any], config: Mapping[str, str], world: World) -> Properties:
    return _found(NETWORK, _path(arguments, config), world)


def get_subnet(arguments: Mapping[str, Any], config: Mapping[str, str], world: World) -> Properties:
    return _found(SUBNET, f"{_path(arguments, config)}/subnets/{arguments['subnetName']}", world)


def _path(arguments: Mapping[str, Any], config: Mapping[str, str]) -> str:
    group = f"/subscriptions/{config['subscriptionId']}/resourceGroups/{arguments['resourceGroupName']}"
    return f"{group}/providers/Microsoft.Network/virtualNetworks/{arguments['virtualNetworkName']}"


def _found(token: str, path: str, world: World) -> Properties:
    found = world.get(token, path)
    if found is None:
        raise arm.refusal("ResourceNotFound", f"The Resource '{path}' was not found.")
    return {**found.properties, "id": path}


FUNCTIONS = {
    "azure-native:network:getVirtualNetwork": get_network,
    "azure-native:network:getSubnet": get_subnet,
}
