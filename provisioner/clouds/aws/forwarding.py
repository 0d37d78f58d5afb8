"""Listeners of balancers on AWS: what each type of the plan listens for, and what it does with it."""

import pulumi
from pulumi_aws import lb

from provisioner.clouds.aws import defaults
from provisioner.clouds.aws.network import Network
from provisioner.clouds.components import Family
from provisioner.plan.model import Balancer

TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
"""TLS 1.2 and 1.3 (Application Load Balancer user guide, "Security policies"); the provider's own default takes TLS 1.0."""


def is_web(balancer: Balancer) -> bool:
    """Whether it reads HTTP: an Application Load Balancer, else a Network Load Balancer."""
    return balancer.type in ("http", "https")


def ports(balancer: Balancer) -> tuple[int, ...]:
    """The ports it listens on: an https balancer sends plain requests on to itself."""
    return (balancer.port, defaults.HTTP_PORT) if redirects(balancer) else (balancer.port,)


def redirects(balancer: Balancer) -> bool:
    return balancer.type == "https" and balancer.port != defaults.HTTP_PORT


def listen(family: Family, network: Network, balancer: Balancer, created: "lb.LoadBalancer", targets: "lb.TargetGroup") -> None:
    """The balancer's listener, and for https the one that redirects."""
    secure = balancer.type == "https"
    _listener(
        family,
        balancer,
        created,
        balancer.port,
        balancer.type.upper(),
        lb.ListenerDefaultActionArgs(type="forward", target_group_arn=targets.arn),
        certificate=_certificate(family, network, balancer) if secure else None,
    )
    if redirects(balancer):
        redirect = lb.ListenerDefaultActionRedirectArgs(port=str(balancer.port), protocol="HTTPS", status_code="HTTP_301")
        action = lb.ListenerDefaultActionArgs(type="redirect", redirect=redirect)
        _listener(family, balancer, created, defaults.HTTP_PORT, "HTTP", action)


def _listener(
    family: Family,
    balancer: Balancer,
    created: "lb.LoadBalancer",
    port: int,
    protocol: str,
    action: "lb.ListenerDefaultActionArgs",
    certificate: pulumi.Output[str] | None = None,
) -> None:
    lb.Listener(
        family.child("balancer", balancer.name, str(port)),
        load_balancer_arn=created.arn,
        port=port,
        protocol=protocol,
        certificate_arn=certificate,
        ssl_policy=TLS_POLICY if certificate else None,
        default_actions=[action],
        tags=defaults.tags(family.deployment.plan, "balancers", family.child(balancer.name)),
        opts=family.under(),
    )


def _certificate(family: Family, network: Network, balancer: Balancer) -> pulumi.Output[str]:
    from provisioner.clouds.aws import certificates

    return certificates.certificate(family, balancer, network.zones[balancer.zone])
