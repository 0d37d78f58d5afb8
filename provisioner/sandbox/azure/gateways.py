"""Application gateways of the second version, whose parts are named relative to them: `$self/probes/web`."""

from collections.abc import Iterator
from typing import Any

from provisioner.sandbox.azure import arm
from provisioner.sandbox.azure.addresses import ADDRESS, ALLOCATED, refuse_taken
from provisioner.sandbox.azure.network import SUBNET
from provisioner.sandbox.azure.rules import RULES
from provisioner.sandbox.kinds import Call, Failure, Kind, Properties

GATEWAY = "azure-native:network:ApplicationGateway"
INTERFACE = "azure-native:network:NetworkInterface"
FRONTENDS = "frontendIPConfigurations[].publicIPAddress.id"
SUBNETS = "gatewayIPConfigurations[].subnet.id"
SKUS = ("Basic", "Standard_v2", "WAF_v2")
REFERRING = {
    "httpListeners": ("frontendIPConfiguration", "frontendPort", "sslCertificate"),
    "requestRoutingRules": ("httpListener", "backendAddressPool", "backendHttpSettings", "redirectConfiguration"),
    "backendHttpSettingsCollection": ("probe",),
}
"""Lists of parts, and what each of them names among the other parts."""
PARTS = (
    *("gatewayIPConfigurations", "frontendIPConfigurations", "frontendPorts", "backendAddressPools", "probes"),
    *("sslCertificates", "redirectConfigurations", *REFERRING),
)
MANAGED = range(65_200, 65_536)


def _check(call: Call) -> Iterator[Failure]:
    yield from arm.named("applicationGatewayName", arm.NETWORK_NAME)(call)
    for index, probe in enumerate(arm.items(call.inputs, "probes")):
        for name in ("interval", "timeout"):
            seconds = probe.get(name)
            if isinstance(seconds, int) and not 1 <= seconds <= 86_400:
                yield Failure(property=f"probes[{index}].{name}", reason=f"expected from 1 to 86400 seconds, found {seconds}")
    for index, rule in enumerate(arm.items(call.inputs, "requestRoutingRules")):
        priority = rule.get("priority")
        if isinstance(priority, int) and not 1 <= priority <= 20_000:
            yield Failure(property=f"requestRoutingRules[{index}].priority", reason=f"expected 1 to 20000, found {priority}")


def _refuse(call: Call) -> None:
    arm.refuse_common(call)
    arm.refuse_zones(call, every=True)
    sku = arm.part(call.inputs, "sku")
    if sku.get("name") not in SKUS:
        message = f"Application Gateway of the SKU {sku.get('name')} cannot be created: version 1 is retired."
        raise arm.refusal("ApplicationGatewayV1SkuDeprecated", message)
    if (sku.get("capacity") is None) == (call.inputs.get("autoscaleConfiguration") is None):
        message = f"Application Gateway {call.name} needs either a capacity in its SKU or an autoscale configuration."
        raise arm.refusal("ApplicationGatewaySkuCapacityInvalid", message)
    refuse_taken(call, arm.values(call.inputs, FRONTENDS))
    _refuse_parts(call)
    _refuse_rules(call)
    for subnet in arm.values(call.inputs, SUBNETS):
        _refuse_subnet(call, subnet)


def _refuse_parts(call: Call) -> None:
    gateway = _identify(call)
    existing = {f"{gateway}/{part}/{each.get('name')}" for part in PARTS for each in arm.items(call.inputs, part)}
    for part, names in REFERRING.items():
        for each in arm.items(call.inputs, part):
            for name in names:
                wanted = arm.absolute(arm.part(each, name).get("id"), gateway)
                if wanted is not None and wanted not in existing:
                    message = f"Resource {wanted} referenced by resource {gateway}/{part}/{each.get('name')} was not found."
                    raise arm.refusal("InvalidResourceReference", f"{message} {arm.NOT_FOUND}")


def _refuse_rules(call: Call) -> None:
    priorities = [rule.get("priority") for rule in arm.items(call.inputs, "requestRoutingRules")]
    if None in priorities:
        message = "The priority of a request routing rule is required for gateways of the second version."
        raise arm.refusal("ApplicationGatewayRequestRoutingRulePriorityCannotBeEmpty", message)
    if len(set(priorities)) != len(priorities):
        message = "Two request routing rules have the same priority."
        raise arm.refusal("ApplicationGatewayRequestRoutingRulesPrioritiesCannotBeSame", message)
    ports = [port.get("port") for port in arm.items(call.inputs, "frontendPorts")]
    if len(set(ports)) != len(ports):
        raise arm.refusal("ApplicationGatewayFrontendPortsUsingSamePortNumber", "Two frontend ports have the same number.")
    for listener in arm.items(call.inputs, "httpListeners"):
        if listener.get("protocol") == "Https" and not listener.get("sslCertificate"):
            message = f"Http Listener {listener.get('name')} of protocol Https must have an SSL certificate."
            raise arm.refusal("ApplicationGatewayHttpsListenerMustReferenceSslCertificate", message)


def _refuse_subnet(call: Call, subnet: str) -> None:
    """Nothing but gateways is in their subnet, and its rules let Azure manage them."""
    for interface in call.world.all(INTERFACE):
        if subnet in arm.values(interface.properties, "ipConfigurations[].subnet.id"):
            message = f"Subnet {subnet} cannot be used for application gateway {call.name}: it holds {interface.id}."
            raise arm.refusal("ApplicationGatewaySubnetCannotHaveOtherResources", message)
    found = call.world.get(SUBNET, subnet)
    rules = call.world.get(RULES, arm.part(found.properties, "networkSecurityGroup").get("id", "")) if found else None
    if rules is not None and not any(map(_lets_management_in, arm.items(rules.properties, "securityRules"))):
        message = (
            f"Network security group {rules.id} blocks incoming internet traffic on ports 65200 - 65535 to subnet {subnet}, "
            f"associated with Application Gateway {call.name}. This is not permitted for gateways that have the V2 Sku."
        )
        raise arm.refusal("ApplicationGatewaySubnetInboundTrafficBlockedByNetworkSecurityGroup", message)


def _lets_management_in(rule: Properties) -> bool:
    first, _, last = str(rule.get("destinationPortRange", "")).partition("-")
    covers = first == "*" or (first.isdigit() and int(first) <= MANAGED[0] and int(last or first) >= MANAGED[-1])
    source = rule.get("sourceAddressPrefix") in ("GatewayManager", "Internet", "*")
    return (rule["access"], rule["direction"]) == ("Allow", "Inbound") and covers and source


def _outputs(call: Call, id: str) -> dict[str, Any]:
    """Every part gets an id, and what is relative becomes absolute."""
    shown = {part: [_shown(part, each, id) for each in arm.items(call.inputs, part)] for part in PARTS if part in call.inputs}
    return {**_describe(call, id), "operationalState": "Running", **shown}


def _shown(part: str, each: Properties, id: str) -> dict[str, Any]:
    resolved = {name: {"id": arm.absolute(each[name]["id"], id)} for name in REFERRING.get(part, ()) if each.get(name)}
    return {**each, "id": f"{id}/{part}/{each.get('name')}", **resolved}


_describe = arm.networking("applicationGateways", "applicationGatewayName")
_identify = arm.identify("Microsoft.Network/applicationGateways", "applicationGatewayName")

KINDS = (
    Kind(
        token=GATEWAY,
        identify=_identify,
        outputs=_outputs,
        computed=(*arm.NETWORKING, "operationalState"),
        reshaped=PARTS,
        immutable=frozenset({"applicationGatewayName", "resourceGroupName"}),
        autoname=arm.autoname("applicationGatewayName"),
        references=(
            arm.IN_GROUP,
            arm.refers(FRONTENDS, ADDRESS, in_use=ALLOCATED),
            arm.refers(SUBNETS, SUBNET, in_use="InUseSubnetCannotBeDeleted: Subnet {id} is in use by {dependent}."),
        ),
        check=_check,
        refuse=_refuse,
    ),
)
