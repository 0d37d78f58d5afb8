"""Balancers: for TCP and UDP a passthrough network balancer where hosts listen on the balancer's port, a proxying one where not.

Passthrough keeps the client's address and cannot translate ports. The proxying balancer (regional, Envoy-based) can, and
speaks to hosts from the network's proxy-only subnetwork. Those that read HTTP are in `web`. Backends are endpoint groups,
one for each zone: a host may be in any number of them, and in only one load-balanced instance group.
"""

import pulumi
from pulumi_gcp import compute

from provisioner.clouds.components import Deployment, Family
from provisioner.clouds.gcp import web
from provisioner.clouds.gcp.addresses import Addresses
from provisioner.clouds.gcp.defaults import PASSTHROUGH_PROBES, PROXY_CONNECTIONS, PROXY_PROBES
from provisioner.clouds.gcp.hosts import Hosts
from provisioner.clouds.gcp.network import Network, translates
from provisioner.placement.model import PlacedHost
from provisioner.plan.model import Balancer


class Balancers(Family):
    """`endpoints`: balancer name to its public IPv4."""

    def __init__(
        self,
        deployment: Deployment,
        network: Network,
        addresses: Addresses,
        hosts: Hosts,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("Balancers", deployment, opts)
        self.network, self.addresses, self.machines = network, addresses, hosts
        self.region = deployment.plan.target.region
        self.endpoints = {balancer.name: self._balancer(balancer) for balancer in deployment.plan.balancers}
        self.register_outputs({})

    def _balancer(self, balancer: Balancer) -> pulumi.Output[str]:
        serving = [host for host in self.deployment.hosts if host.runs(balancer.workload)]
        self._open(balancer, sorted({host.group for host in serving}))
        zones = sorted({host.zone for host in serving})
        groups = [self._endpoints(balancer, zone, [host for host in serving if host.zone == zone]) for zone in zones]
        if web.is_web(balancer):
            address = self.addresses.addresses[balancer.address] if balancer.address else None
            return web.frontend(self, self.network, balancer, groups, address)
        return self._frontend(balancer, self._service(balancer, groups)).ip_address

    def _open(self, balancer: Balancer, groups: list[str]) -> None:
        """Health checks, and the proxies where there are any, reach the hosts' port. Clients come by the plan's own rules."""
        if not groups:
            return
        proxies = self.network.proxies if translates(balancer) else None
        probes = PROXY_PROBES if speaks_to_ports(balancer) else PASSTHROUGH_PROBES
        opened = {balancer.health_port, *([balancer.backend_port] if web.is_web(balancer) else [])}
        compute.Firewall(
            self.child(balancer.name, "probes"),
            name=self.network.physical(balancer.name, "probes"),
            network=self.network.vpc.id,
            direction="INGRESS",
            allows=[{"protocol": "tcp", "ports": [str(port) for port in sorted(opened)]}],
            source_ranges=[*probes, *([proxies.ip_cidr_range] if proxies else [])],
            target_service_accounts=[self.network.accounts[group].email for group in groups],
            opts=self.under(),
        )

    def _endpoints(self, balancer: Balancer, zone: str, hosts: list[PlacedHost]) -> compute.NetworkEndpointGroup:
        proxied = speaks_to_ports(balancer)
        group = compute.NetworkEndpointGroup(
            self.child(balancer.name, zone),
            name=self.network.physical(balancer.name, zone),
            zone=zone,
            network=self.network.vpc.id,
            subnetwork=self.network.subnets[zone].id,
            network_endpoint_type="GCE_VM_IP_PORT" if proxied else "GCE_VM_IP",
            opts=self.under(),
        )
        for host in hosts:
            compute.NetworkEndpoint(
                self.child(balancer.name, host.name),
                network_endpoint_group=group.name,
                zone=zone,
                instance=self.machines.instances[host.name].name,
                ip_address=self.machines.hosts[host.name].private_address,
                port=balancer.backend_port if proxied else None,
                opts=self.under(),
            )
        return group

    def _service(self, balancer: Balancer, groups: list[compute.NetworkEndpointGroup]) -> compute.RegionBackendService:
        proxied = translates(balancer)
        return compute.RegionBackendService(
            self.child(balancer.name, "service"),
            name=self.network.physical(balancer.name, "service"),
            region=self.region,
            protocol=balancer.protocol.upper(),
            load_balancing_scheme="EXTERNAL_MANAGED" if proxied else "EXTERNAL",
            health_checks=self._health(balancer).id,
            backends=[backend(group, proxied=proxied) for group in groups],
            opts=self.under(),
        )

    def _health(self, balancer: Balancer) -> compute.RegionHealthCheck:
        health, port = balancer.health, balancer.health_port
        http = health.kind == "http"
        return compute.RegionHealthCheck(
            self.child(balancer.name, "health"),
            name=self.network.physical(balancer.name, "health"),
            region=self.region,
            check_interval_sec=health.interval,
            timeout_sec=min(5, health.interval),
            http_health_check={"port": port, "request_path": health.url} if http else None,
            tcp_health_check=None if http else {"port": port},
            opts=self.under(),
        )

    def _frontend(self, balancer: Balancer, service: compute.RegionBackendService) -> compute.ForwardingRule:
        proxies = self.network.proxies if translates(balancer) else None
        return compute.ForwardingRule(
            self.child(balancer.name),
            name=self.network.physical(balancer.name),
            region=self.region,
            ip_address=self.addresses.addresses[balancer.address] if balancer.address else None,
            ip_protocol=balancer.protocol.upper(),
            port_range=f"{balancer.port}-{balancer.port}",
            network_tier="PREMIUM",
            load_balancing_scheme="EXTERNAL_MANAGED" if proxies else "EXTERNAL",
            backend_service=None if proxies else service.id,
            target=self._proxy(balancer, service).id if proxies else None,
            network=self.network.vpc.id if proxies else None,
            labels=self.network.labels,
            opts=self.under(depends_on=[proxies] if proxies else []),
        )

    def _proxy(self, balancer: Balancer, service: compute.RegionBackendService) -> compute.RegionTargetTcpProxy:
        return compute.RegionTargetTcpProxy(
            self.child(balancer.name, "proxy"),
            name=self.network.physical(balancer.name, "proxy"),
            region=self.region,
            backend_service=service.id,
            opts=self.under(),
        )


def speaks_to_ports(balancer: Balancer) -> bool:
    """Whether it opens connections of its own to a port of hosts; else it passes on those of its clients."""
    return translates(balancer) or web.is_web(balancer)


def backend(group: compute.NetworkEndpointGroup, *, proxied: bool) -> compute.RegionBackendServiceBackendArgsDict:
    """A passthrough balancer refuses the capacities that a proxying one asks for."""
    if not proxied:
        return {"group": group.id, "balancing_mode": "CONNECTION"}
    return {
        "group": group.id,
        "balancing_mode": "CONNECTION",
        "max_connections_per_endpoint": PROXY_CONNECTIONS,
        "capacity_scaler": 1.0,
    }
