"""Balancers that read HTTP: an Application Gateway of the second version for each, in a subnet that only gateways are in.

It scales between none and a few instances, and reaches hosts by their addresses. It has no managed certificates, so https is
refused: see `cloud`. Source: https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
from pulumi_azure_native import network as networking

from provisioner.clouds.azure import defaults, names
from provisioner.clouds.azure.network import Network
from provisioner.clouds.components import Family, Host
from provisioner.placement.model import PlacedHost
from provisioner.plan.model import Balancer

MOST_INSTANCES: Final = 10
"""The most that a gateway scales to: Azure's own default, written out because instances are billed."""
TIMEOUT: Final = 30
"""Seconds that a host may take to answer."""


def gateway(
    family: Family, network: Network, balancer: Balancer, backends: Mapping[str, Host], address: pulumi.Output[str]
) -> None:
    """The gateway of one balancer, at the public address with the id `address`."""
    first = family.deployment.plan.target.zones[0]
    networking.ApplicationGateway(
        family.child(balancer.name),
        resource_group_name=network.group.name,
        location=network.location,
        sku=networking.ApplicationGatewaySkuArgs(name="Standard_v2", tier="Standard_v2"),
        autoscale_configuration=networking.ApplicationGatewayAutoscaleConfigurationArgs(
            min_capacity=0, max_capacity=MOST_INSTANCES
        ),
        gateway_ip_configurations=[
            networking.ApplicationGatewayIPConfigurationArgs(name="gateway", subnet=networking.SubResourceArgs(id=subnet.id))
            for subnet in network.gateways
        ],
        frontend_ip_configurations=[
            networking.ApplicationGatewayFrontendIPConfigurationArgs(
                name="frontend", public_ip_address=networking.SubResourceArgs(id=address)
            )
        ],
        frontend_ports=[networking.ApplicationGatewayFrontendPortArgs(name="port", port=balancer.port)],
        backend_address_pools=[
            networking.ApplicationGatewayBackendAddressPoolArgs(
                name="hosts",
                backend_addresses=[
                    networking.ApplicationGatewayBackendAddressArgs(ip_address=host.private_address) for host in backends.values()
                ],
            )
        ],
        probes=[_probe(balancer)],
        backend_http_settings_collection=[_settings(balancer)],
        http_listeners=[
            networking.ApplicationGatewayHttpListenerArgs(
                name="listener",
                protocol="Http",
                frontend_ip_configuration=_own("frontendIPConfigurations", "frontend"),
                frontend_port=_own("frontendPorts", "port"),
            )
        ],
        request_routing_rules=[
            networking.ApplicationGatewayRequestRoutingRuleArgs(
                name="rule",
                rule_type="Basic",
                priority=100,
                http_listener=_own("httpListeners", "listener"),
                backend_address_pool=_own("backendAddressPools", "hosts"),
                backend_http_settings=_own("backendHttpSettingsCollection", "settings"),
            )
        ],
        enable_http2=True,
        zones=defaults.redundant(first),
        tags=network.tags,
        opts=family.under(),
    )


def serving(balancer: Balancer, placed: Sequence[PlacedHost], hosts: Mapping[str, Host]) -> Mapping[str, Host]:
    """The hosts that run the balancer's workload, by the names that parts of balancers may have."""
    return {names.part(host.name): hosts[host.name] for host in placed if host.runs(balancer.workload)}


def _probe(balancer: Balancer) -> networking.ApplicationGatewayProbeArgs:
    return networking.ApplicationGatewayProbeArgs(
        name="probe",
        protocol="Http",
        host="127.0.0.1",
        path=balancer.health.url,
        port=balancer.health.port or None,
        interval=balancer.health.interval,
        timeout=min(TIMEOUT, balancer.health.interval),
        unhealthy_threshold=2,
        pick_host_name_from_backend_http_settings=False,
        match=networking.ApplicationGatewayProbeHealthResponseMatchArgs(status_codes=["200-399"]),
    )


def _settings(balancer: Balancer) -> networking.ApplicationGatewayBackendHttpSettingsArgs:
    return networking.ApplicationGatewayBackendHttpSettingsArgs(
        name="settings",
        protocol="Http",
        port=balancer.backend_port,
        cookie_based_affinity="Disabled",
        request_timeout=TIMEOUT,
        probe=_own("probes", "probe"),
        connection_draining=networking.ApplicationGatewayConnectionDrainingArgs(enabled=True, drain_timeout_in_sec=30),
    )


def _own(collection: str, name: str) -> networking.SubResourceArgs:
    """Parts of one gateway name each other relative to it, which the provider completes."""
    return networking.SubResourceArgs(id=f"$self/{collection}/{name}")
