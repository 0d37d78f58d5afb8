"""Balancers: for TCP and UDP a Standard load balancer for each public address, and for HTTP what is in `web`.

Backends are named by address, not by interface, so that a balancer follows its hosts and no host waits for its balancer.
Balancers on one address of the plan share a load balancer, since an address can be on one only.
"""

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import network as networking

from provisioner.clouds.azure import names, web
from provisioner.clouds.azure.addresses import Addresses
from provisioner.clouds.azure.hosts import Hosts
from provisioner.clouds.azure.network import Network, ipv4
from provisioner.clouds.azure.rules import PROTOCOLS, is_web
from provisioner.clouds.components import Deployment, Family
from provisioner.plan.model import Balancer


class Balancers(Family):
    """`endpoints` are the IPv4 by plan name."""

    def __init__(
        self,
        deployment: Deployment,
        network: Network,
        addresses: Addresses,
        hosts: Hosts,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("Balancers", deployment, opts)
        self._network = network
        self._hosts = hosts
        self.endpoints: dict[str, pulumi.Output[str]] = {}
        for members in by_address(deployment.plan.balancers):
            name, given = members[0].name, members[0].address
            own = None if given else network.public_address(self, self.child(name, "address"))
            address = own.id if own else addresses.ids[given]
            if is_web(members[0]):
                web.gateway(self, network, members[0], web.serving(members[0], deployment.hosts, hosts.hosts), address)
            else:
                self._load_balancer(name, members, address)
            endpoint = ipv4(own) if own else addresses.addresses[given]
            self.endpoints.update((balancer.name, endpoint) for balancer in members)
        self.register_outputs({"endpoints": self.endpoints})

    def _load_balancer(self, name: str, members: Sequence[Balancer], address: pulumi.Output[str]) -> None:
        networking.LoadBalancer(
            self.child(name),
            resource_group_name=self._network.group.name,
            location=self._network.location,
            sku=networking.LoadBalancerSkuArgs(name="Standard"),
            frontend_ip_configurations=[
                networking.FrontendIPConfigurationArgs(
                    name="frontend", public_ip_address=networking.PublicIPAddressArgs(id=address)
                )
            ],
            backend_address_pools=[self._pool(balancer) for balancer in members],
            probes=[_probe(balancer) for balancer in members],
            load_balancing_rules=[_rule(balancer) for balancer in members],
            tags=self._network.tags,
            opts=self.under(),
        )

    def _pool(self, balancer: Balancer) -> networking.BackendAddressPoolArgs:
        backends = [
            networking.LoadBalancerBackendAddressArgs(
                name=names.part(host.name),
                ip_address=self._hosts.hosts[host.name].private_address,
                virtual_network=networking.SubResourceArgs(id=self._network.virtual_network.id),
            )
            for host in self.deployment.hosts
            if host.runs(balancer.workload)
        ]
        return networking.BackendAddressPoolArgs(name=names.part(balancer.name), load_balancer_backend_addresses=backends)


def by_address(balancers: Sequence[Balancer]) -> list[list[Balancer]]:
    """Balancers that share an address of the plan; each other one alone. The first of them names the load balancer."""
    found: dict[tuple[str, str], list[Balancer]] = {}
    for balancer in balancers:
        found.setdefault((balancer.address, "" if balancer.address else balancer.name), []).append(balancer)
    return list(found.values())


def _probe(balancer: Balancer) -> networking.ProbeArgs:
    """Azure probes over TCP or HTTP, whatever it balances."""
    http = balancer.health.kind == "http"
    return networking.ProbeArgs(
        name=names.part(balancer.name),
        protocol="Http" if http else "Tcp",
        port=balancer.health_port,
        request_path=balancer.health.url if http else None,
        interval_in_seconds=balancer.health.interval,
        probe_threshold=2,
    )


def _rule(balancer: Balancer) -> networking.LoadBalancingRuleArgs:
    """Parts of one load balancer name each other relative to it, which the provider completes."""
    name = names.part(balancer.name)
    return networking.LoadBalancingRuleArgs(
        name=name,
        protocol=PROTOCOLS[balancer.protocol],
        frontend_port=balancer.port,
        backend_port=balancer.backend_port,
        frontend_ip_configuration=networking.SubResourceArgs(id="$self/frontendIPConfigurations/frontend"),
        backend_address_pool=networking.SubResourceArgs(id=f"$self/backendAddressPools/{name}"),
        probe=networking.SubResourceArgs(id=f"$self/probes/{name}"),
        disable_outbound_snat=True,
        enable_floating_ip=False,
        enable_tcp_reset=balancer.type == "tcp",
        idle_timeout_in_minutes=4,
    )
