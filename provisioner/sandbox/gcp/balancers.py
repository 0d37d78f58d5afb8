"""The parts of network load balancers: health checks, endpoint groups, backend services, proxies and forwarding rules."""

from collections.abc import Iterable
from typing import Final

from provisioner.sandbox.gcp.addresses import ADDRESS
from provisioner.sandbox.gcp.common import (
    Compute,
    basename,
    find,
    invalid,
    link,
    numeric,
    one_of,
    parts,
    project,
    refers,
    zone,
)
from provisioner.sandbox.gcp.hosts import INSTANCE
from provisioner.sandbox.gcp.network import NETWORK, SUBNETWORK, active_proxies
from provisioner.sandbox.gcp.services import (
    ALL_SCHEMES,
    GROUP,
    PASSTHROUGH,
    RULE_OUTPUTS,
    SCHEMES,
    at_address,
    backend_service,
    health_check,
    overlap,
    ports,
)
from provisioner.sandbox.gcp.zones import region_of
from provisioner.sandbox.kinds import Call, CloudRefusal, Failure, Kind

HEALTH: Final = "gcp:compute/regionHealthCheck:RegionHealthCheck"
ENDPOINT: Final = "gcp:compute/networkEndpoint:NetworkEndpoint"
SERVICE: Final = "gcp:compute/regionBackendService:RegionBackendService"
PROXY: Final = "gcp:compute/regionTargetTcpProxy:RegionTargetTcpProxy"
RULE: Final = "gcp:compute/forwardingRule:ForwardingRule"


def refuse_group(call: Call) -> None:
    """Groups of machines' addresses lie in a subnetwork of their own region and network."""
    given = call.inputs.get("subnetwork")
    if not given:
        if call.inputs["networkEndpointType"] == "GCE_VM_IP":
            raise invalid("subnetwork", "", "Subnetwork must be specified for network endpoint groups of type GCE_VM_IP.")
        return
    subnet = find(call, SUBNETWORK, given)
    network = link(call, call.inputs["network"], "networks")
    if subnet and (subnet.properties["region"] != region_of(zone(call)) or subnet.properties["network"] != network):
        raise invalid("subnetwork", given, f"Subnetwork must be in network '{network}' and in the region of {zone(call)}.")


def check_group(call: Call) -> Iterable[Failure]:
    if call.inputs.get("networkEndpointType") == "GCE_VM_IP" and call.inputs.get("defaultPort") is not None:
        yield Failure(property="defaultPort", reason="default_port is not supported for network endpoint type GCE_VM_IP")


def identify_endpoint(call: Call) -> str:
    given = call.inputs
    words = (project(call), zone(call), basename(given["networkEndpointGroup"]), basename(given.get("instance", "")))
    return "/".join((*words, given["ipAddress"], str(given.get("port", 0))))


def refuse_endpoint(call: Call) -> None:
    group = call.world.find(GROUP, name=basename(call.inputs["networkEndpointGroup"]), zone=zone(call))
    if group is None:
        path = f"projects/{project(call)}/zones/{zone(call)}/networkEndpointGroups/{call.inputs['networkEndpointGroup']}"
        raise CloudRefusal(f"googleapi: Error 404: The resource '{path}' was not found, notFound")
    ported = group.properties["networkEndpointType"] == "GCE_VM_IP_PORT"
    if ported != bool(call.inputs.get("port") or group.properties.get("defaultPort")):
        words = "is required" if ported else "cannot be specified"
        raise invalid("networkEndpoints[0].port", call.inputs.get("port", ""), f"Port {words} for this type of group.")
    machine = call.world.find(INSTANCE, name=basename(call.inputs.get("instance", "")), zone=zone(call))
    addresses = [each["networkIp"] for each in machine.properties["networkInterfaces"]] if machine else []
    if call.inputs["ipAddress"] not in addresses:
        words = f"The address must belong to instance '{call.inputs.get('instance', '')}' in zone {zone(call)}."
        raise invalid("networkEndpoints[0].ipAddress", call.inputs["ipAddress"], words)


def refuse_service(call: Call) -> None:
    scheme = call.inputs["loadBalancingScheme"]
    wanted = "GCE_VM_IP" if scheme in PASSTHROUGH else "GCE_VM_IP_PORT"
    for index, backend in enumerate(parts(call.inputs, "backends")):
        group = find(call, GROUP, backend["group"])
        if group is not None and group.properties["networkEndpointType"] != wanted:
            words = f"A backend service of scheme {scheme} takes network endpoint groups of type {wanted}."
            raise invalid(f"backends[{index}].group", backend["group"], words)
        limits = ("maxConnections", "maxConnectionsPerEndpoint", "maxConnectionsPerInstance")
        is_managed = scheme not in PASSTHROUGH
        if is_managed and backend.get("balancingMode") == "CONNECTION" and not any(backend.get(name) for name in limits):
            raise invalid(f"backends[{index}].maxConnections", "", "CONNECTION balancing mode requires a maximum of connections.")


def refuse_proxy(call: Call) -> None:
    service = find(call, SERVICE, call.inputs["backendService"])
    if service is not None and service.properties["loadBalancingScheme"] in PASSTHROUGH:
        raise invalid(
            "service", call.inputs["backendService"], "The backend service must have scheme EXTERNAL_MANAGED or INTERNAL_MANAGED."
        )


def refuse_rule(call: Call) -> None:
    scheme = call.inputs["loadBalancingScheme"]
    if scheme == "EXTERNAL_MANAGED":
        _refuse_without_proxies(call)
    if bool(call.inputs.get("target")) == bool(call.inputs.get("backendService")):
        raise invalid("target", call.inputs.get("target", ""), "Exactly one of target and backendService must be specified.")
    service = find(call, SERVICE, call.inputs.get("backendService"))
    if service is not None and service.properties["loadBalancingScheme"] != scheme:
        words = f"The backend service has scheme {service.properties['loadBalancingScheme']}, the forwarding rule {scheme}."
        raise invalid("backendService", call.inputs["backendService"], words)
    protocol = call.inputs["ipProtocol"]
    if service is not None and service.properties.get("protocol", protocol) not in (protocol, "UNSPECIFIED"):
        words = f"The backend service speaks {service.properties['protocol']}, the forwarding rule {protocol}."
        raise invalid("IPProtocol", protocol, words)
    _refuse_taken_ports(call)


def _refuse_without_proxies(call: Call) -> None:
    given = call.inputs.get("network")
    if not given or not active_proxies(call, link(call, given, "networks")):
        words = "An active proxy-only subnetwork is required in the same region and VPC as the forwarding rule."
        raise CloudRefusal(f"googleapi: Error 400: {words}, invalid")


def _refuse_taken_ports(call: Call) -> None:
    given = call.inputs.get("ipAddress")
    if not given:
        return
    address = call.world.find(ADDRESS, address=given)
    tier = call.inputs.get("networkTier", "PREMIUM")
    if address is not None and address.properties.get("networkTier", "PREMIUM") != tier:
        raise invalid("networkTier", tier, "The network tier of external IP address and forwarding rule must be the same.")
    for other in call.world.all(RULE):
        same = other.properties["ipAddress"] == given and other.properties["ipProtocol"] == call.inputs["ipProtocol"]
        if same and overlap(ports(call, ""), other.properties["portRange"]):
            raise invalid("IPAddress", given, "Specified IP address is in-use and would result in a conflict.")


KINDS: Final = (
    health_check(HEALTH, "region", healthCheckId=numeric),
    Compute(
        token=GROUP,
        collection="networkEndpointGroups",
        scope="zone",
        timed=False,
        computed={"size": lambda _, __: 0, "generatedId": numeric},
        defaults={"networkEndpointType": "GCE_VM_IP_PORT"},
        immutable=("description", "networkEndpointType", "network", "subnetwork", "defaultPort"),
        references=(refers("network", NETWORK), refers("subnetwork", SUBNETWORK)),
        checks=(check_group, one_of("networkEndpointType", "GCE_VM_IP", "GCE_VM_IP_PORT", "NON_GCP_PRIVATE_IP_PORT")),
        refusals=(refuse_group,),
    ).kind,
    Kind(
        token=ENDPOINT,
        identify=identify_endpoint,
        outputs=lambda call, _: {"project": project(call), "zone": zone(call)},
        computed=("project", "zone"),
        immutable=frozenset({"networkEndpointGroup", "instance", "ipAddress", "port", "zone", "project"}),
        references=(refers("networkEndpointGroup", GROUP), refers("instance", INSTANCE, holds=False)),
        refuse=refuse_endpoint,
    ),
    backend_service(
        SERVICE,
        "region",
        health=HEALTH,
        schemes=ALL_SCHEMES,
        defaults={"loadBalancingScheme": "INTERNAL"},
        refuse=refuse_service,
        immutable=("loadBalancingScheme", "network"),
    ),
    Compute(
        token=PROXY,
        collection="targetTcpProxies",
        scope="region",
        computed={"proxyId": numeric},
        defaults={"proxyHeader": "NONE"},
        immutable=("description", "proxyHeader", "backendService", "proxyBind", "loadBalancingScheme"),
        references=(refers("backendService", SERVICE),),
        refusals=(refuse_proxy,),
    ).kind,
    Compute(
        token=RULE,
        collection="forwardingRules",
        scope="region",
        computed={**RULE_OUTPUTS, "serviceName": lambda _, __: ""},
        defaults={"loadBalancingScheme": "EXTERNAL", "ipProtocol": "TCP", "networkTier": "PREMIUM"},
        immutable=(
            *("backendService", "loadBalancingScheme", "ipAddress", "ipProtocol", "portRange", "ports", "allPorts", "network"),
            *("subnetwork", "networkTier", "description", "isMirroringCollector", "serviceLabel", "sourceIpRanges", "ipVersion"),
            *("ipCollection", "noAutomateDnsZone", "serviceDirectoryRegistrations"),
        ),
        references=(
            refers("backendService", SERVICE),
            refers("target", PROXY),
            refers("network", NETWORK),
            at_address(ADDRESS),
        ),
        checks=(one_of("loadBalancingScheme", *SCHEMES), one_of("networkTier", "PREMIUM", "STANDARD")),
        refusals=(refuse_rule,),
        labelled=True,
    ).kind,
)
