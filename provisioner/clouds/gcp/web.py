"""Balancers that read HTTP: Google's global external Application Load Balancer, with a managed certificate for https.

Google issues the certificate, free, once the domain's address record leads here, and renews it as long as it does. An https
balancer sends plain requests on to itself. Source: https://cloud.google.com/load-balancing/docs/https.
"""

from collections.abc import Sequence

import pulumi
from pulumi_gcp import compute

from provisioner.clouds.components import Family
from provisioner.clouds.gcp.defaults import HTTP_PORT, PROXY_REQUESTS
from provisioner.clouds.gcp.network import Network
from provisioner.plan.model import Balancer

SCHEME = "EXTERNAL_MANAGED"


def is_web(balancer: Balancer) -> bool:
    """Whether it reads HTTP."""
    return balancer.type in ("http", "https")


def frontend(
    family: Family,
    network: Network,
    balancer: Balancer,
    groups: Sequence[compute.NetworkEndpointGroup],
    address: pulumi.Output[str] | None,
) -> pulumi.Output[str]:
    """The balancer's IPv4: `address`, a global one, where it is given."""
    made = _Web(family, network, balancer)
    routes = made.routes(made.service(groups))
    if balancer.type == "http":
        return made.rule(made.http(routes), address)
    own = address or made.address()
    made.redirect(own)
    return made.rule(made.https(routes), own)


class _Web:
    """The resources of one balancer, as children of the family."""

    def __init__(self, family: Family, network: Network, balancer: Balancer) -> None:
        self.family, self.network, self.balancer = family, network, balancer

    def service(self, groups: Sequence[compute.NetworkEndpointGroup]) -> compute.BackendService:
        return compute.BackendService(
            self._child("service"),
            name=self._physical("service"),
            protocol="HTTP",
            load_balancing_scheme=SCHEME,
            health_checks=self._health().id,
            backends=[backend(group) for group in groups],
            opts=self.family.under(),
        )

    def routes(self, service: compute.BackendService) -> compute.URLMap:
        return compute.URLMap(
            self._child("routes"), name=self._physical("routes"), default_service=service.id, opts=self.family.under()
        )

    def http(self, routes: compute.URLMap) -> pulumi.Output[str]:
        proxy = compute.TargetHttpProxy(
            self._child("http"), name=self._physical("http"), url_map=routes.id, opts=self.family.under()
        )
        return proxy.id

    def https(self, routes: compute.URLMap) -> pulumi.Output[str]:
        """TLS 1.2 at least: without a policy Google takes TLS 1.0."""
        policy = compute.SSLPolicy(
            self._child("tls"),
            name=self._physical("tls"),
            min_tls_version="TLS_1_2",
            profile="MODERN",
            opts=self.family.under(),
        )
        proxy = compute.TargetHttpsProxy(
            self._child("https"),
            name=self._physical("https"),
            url_map=routes.id,
            ssl_certificates=[self._certificate().id],
            ssl_policy=policy.id,
            opts=self.family.under(),
        )
        return proxy.id

    def redirect(self, address: pulumi.Output[str]) -> None:
        """Plain requests go to the same place over https."""
        away: compute.URLMapDefaultUrlRedirectArgsDict = {
            "https_redirect": True,
            "redirect_response_code": "MOVED_PERMANENTLY_DEFAULT",
            "strip_query": False,
        }
        routes = compute.URLMap(
            self._child("redirect"), name=self._physical("redirect"), default_url_redirect=away, opts=self.family.under()
        )
        self._rule(self.http(routes), address, HTTP_PORT, "plain")

    def rule(self, target: pulumi.Output[str], address: pulumi.Output[str] | None) -> pulumi.Output[str]:
        return self._rule(target, address, self.balancer.port).ip_address

    def address(self) -> pulumi.Output[str]:
        """One for both of its rules."""
        return global_address(self.family, self.network, self.balancer.name, "address").address

    def _rule(
        self, target: pulumi.Output[str], address: pulumi.Output[str] | None, port: int, *words: str
    ) -> compute.GlobalForwardingRule:
        return compute.GlobalForwardingRule(
            self._child(*words),
            name=self._physical(*words),
            target=target,
            ip_address=address,
            ip_protocol="TCP",
            port_range=f"{port}-{port}",
            load_balancing_scheme=SCHEME,
            labels=self.network.labels,
            opts=self.family.under(),
        )

    def _certificate(self) -> compute.ManagedSslCertificate:
        """Named after its domain too: that of another domain stands beside it until the proxy has changed."""
        return compute.ManagedSslCertificate(
            self._child("certificate"),
            name=self._physical("certificate", self.balancer.domain),
            managed={"domains": [self.balancer.domain]},
            opts=self.family.under(),
        )

    def _health(self) -> compute.HealthCheck:
        health, port = self.balancer.health, self.balancer.health_port
        http = health.kind == "http"
        return compute.HealthCheck(
            self._child("health"),
            name=self._physical("health"),
            check_interval_sec=health.interval,
            timeout_sec=min(5, health.interval),
            http_health_check={"port": port, "request_path": health.url} if http else None,
            tcp_health_check=None if http else {"port": port},
            opts=self.family.under(),
        )

    def _child(self, *words: str) -> str:
        return self.family.child(self.balancer.name, *words)

    def _physical(self, *words: str) -> str | None:
        return self.network.physical(self.balancer.name, *words)


def global_address(family: Family, network: Network, *words: str) -> compute.GlobalAddress:
    """An address for the balancers that read HTTP; the others take regional ones."""
    return compute.GlobalAddress(
        family.child(*words),
        name=network.physical(*words),
        address_type="EXTERNAL",
        ip_version="IPV4",
        labels=network.labels,
        opts=family.under(),
    )


def backend(group: compute.NetworkEndpointGroup) -> compute.BackendServiceBackendArgsDict:
    return {
        "group": group.id,
        "balancing_mode": "RATE",
        "max_rate_per_endpoint": PROXY_REQUESTS,
        "capacity_scaler": 1.0,
    }
