"""Load balancers, whose parts are named relative to them: `$self/probes/web`."""

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Any

from provisioner.sandbox.azure import arm
from provisioner.sandbox.azure.addresses import ADDRESS, ALLOCATED, refuse_taken
from provisioner.sandbox.azure.network import NETWORK, SUBNET, prefixes
from provisioner.sandbox.kinds import Call, Failure, Kind, Properties

BALANCER = "azure-native:network:LoadBalancer"
PARTS = ("frontendIPConfigurations", "backendAddressPools", "probes", "loadBalancingRules")
FRONTENDS = "frontendIPConfigurations[].publicIPAddress.id"
NAMED = ("frontendIPConfiguration", "backendAddressPool", "probe")
"""What a rule names among the parts."""


def _check(call: Call) -> Iterator[Failure]:
    yield from arm.named("loadBalancerName", arm.NETWORK_NAME)(call)
    for index, probe in enumerate(arm.items(call.inputs, "probes")):
        interval = probe.get("intervalInSeconds")
        if isinstance(interval, int) and interval < 5:
            yield Failure(property=f"probes[{index}].intervalInSeconds", reason=f"the minimum is 5 seconds, found {interval}")
    for index, rule in enumerate(arm.items(call.inputs, "loadBalancingRules")):
        for port, last in (("frontendPort", 65_534), ("backendPort", 65_535)):
            number = rule.get(port)
            if isinstance(number, int) and not 1 <= number <= last:
                yield Failure(property=f"loadBalancingRules[{index}].{port}", reason=f"expected 1 to {last}, found {number}")


def _refuse(call: Call) -> None:
    arm.refuse_common(call)
    if arm.part(call.inputs, "sku").get("name") != "Standard":
        message = "Cannot create Basic SKU load balancers: Basic Load Balancer was retired. Use the Standard SKU."
        raise arm.refusal("BasicSkuLoadBalancerNotAllowed", message)
    refuse_taken(call, arm.values(call.inputs, FRONTENDS))
    _refuse_frontends(call)
    _refuse_rules(call)
    _refuse_backends(call)


def _refuse_frontends(call: Call) -> None:
    for frontend in arm.items(call.inputs, "frontendIPConfigurations"):
        if not frontend.get("publicIPAddress") and not frontend.get("subnet"):
            message = f"Frontend IP Configuration {frontend.get('name')} must reference either a Subnet or a Public IP Address."
            raise arm.refusal("FrontendIPConfigHasNoSubnetOrPublicIP", message)


def _refuse_rules(call: Call) -> None:
    balancer = _identify(call)
    existing = {f"{balancer}/{part}/{each.get('name')}" for part in PARTS for each in arm.items(call.inputs, part)}
    taken = set[tuple[object, ...]]()
    for rule in arm.items(call.inputs, "loadBalancingRules"):
        for name in NAMED:
            wanted = arm.absolute(arm.part(rule, name).get("id"), balancer)
            if wanted is not None and wanted not in existing:
                rule_id = f"{balancer}/loadBalancingRules/{rule.get('name')}"
                message = f"Resource {wanted} referenced by resource {rule_id} was not found. {arm.NOT_FOUND}"
                raise arm.refusal("InvalidResourceReference", message)
        key = (str(rule.get("frontendIPConfiguration")), rule["protocol"], rule["frontendPort"])
        if key in taken:
            message = f"Load balancing rule {rule.get('name')} has the frontend, protocol and port of another rule."
            raise arm.refusal("RulesUseSameFrontendPortProtocolAndIPConfig", message)
        taken.add(key)


def _refuse_backends(call: Call) -> None:
    for pool in arm.items(call.inputs, "backendAddressPools"):
        for backend in arm.items(pool, "loadBalancerBackendAddresses"):
            network = call.world.get(NETWORK, arm.part(backend, "virtualNetwork").get("id", ""))
            if network is None:
                message = f"Backend address {backend.get('name')} must name the virtual network of its IP address."
                raise arm.refusal("BackendAddressHasNoVirtualNetwork", message)
            address = IPv4Address(backend["ipAddress"])
            if not any(address in prefix for prefix in prefixes(network.properties)):
                message = (
                    f"IP address {address} of backend address {backend.get('name')} is not within virtual network {network.id}."
                )
                raise arm.refusal("BackendAddressNotInVirtualNetwork", message)


def _outputs(call: Call, id: str) -> dict[str, Any]:
    """Every part gets an id, and what is relative becomes absolute."""
    shown = {
        part: [_with_ids({**each, "id": f"{id}/{part}/{each.get('name')}"}, id) for each in arm.items(call.inputs, part)]
        for part in PARTS
        if part in call.inputs
    }
    return {
        **_describe(call, id),
        **shown,
    }


def _with_ids(part: Properties, id: str) -> dict[str, Any]:
    resolved = {name: {"id": arm.absolute(part[name]["id"], id)} for name in NAMED if part.get(name)}
    return {**part, **resolved}


_describe = arm.networking("loadBalancers", "loadBalancerName")
_identify = arm.identify("Microsoft.Network/loadBalancers", "loadBalancerName")

KINDS = (
    Kind(
        token=BALANCER,
        identify=_identify,
        outputs=_outputs,
        computed=arm.NETWORKING,
        reshaped=PARTS,
        immutable=frozenset({"loadBalancerName", "resourceGroupName"}),
        autoname=arm.autoname("loadBalancerName"),
        references=(
            arm.IN_GROUP,
            arm.refers(FRONTENDS, ADDRESS, in_use=ALLOCATED),
            arm.refers("frontendIPConfigurations[].subnet.id", SUBNET),
            arm.refers("backendAddressPools[].loadBalancerBackendAddresses[].virtualNetwork.id", NETWORK),
        ),
        check=_check,
        refuse=_refuse,
    ),
)
