"""What may pass between hosts and the world, as the rules of the one network security group that every subnet has.

Host groups are application security groups, so rules between groups follow their hosts. Azure's built-in rules let in
everything from the same network and from balancers; the last rule here denies before those are reached, so that what
passes is what is written. Rules keep the order of the plan, with priorities from 100.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import network as networking

from provisioner.clouds.azure import names
from provisioner.clouds.components import Deployment
from provisioner.plan import subnets
from provisioner.plan.model import Balancer, Plan, Rule

Groups = Mapping[str, pulumi.Input[str]]
"""Host group to the id of its application security group."""

PROTOCOLS = {"tcp": "Tcp", "udp": "Udp"}
FIRST_PRIORITY = 100
LAST_PRIORITY = 4096
MANAGEMENT_PORTS = "65200-65535"
"""Where Azure manages gateways of the second version (Application Gateway, "Network security groups")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Source and target are a service tag, or `*`, unless ranges or groups are given instead: Azure takes one of these."""

    name: str
    protocol: str = "*"
    ports: str = "*"
    source: str = "*"
    source_ranges: tuple[pulumi.Input[str], ...] = ()
    source_groups: tuple[str, ...] = ()
    target: str = "*"
    target_groups: tuple[str, ...] = ()
    reason: str = ""


def security_rules(deployment: Deployment, groups: Groups) -> list[networking.SecurityRuleArgs]:
    plan = deployment.plan
    inbound = [passage for rule in plan.rules for passage in _allowed(rule, tuple(deployment.elsewhere.values()))]
    inbound += [passage for balancer in plan.balancers for passage in _balanced(deployment, balancer)]
    return [
        *_rules("Inbound", inbound, groups),
        *_rules("Outbound", list(_outbound(plan)), groups),
    ]


def _allowed(rule: Rule, elsewhere: tuple[pulumi.Input[str], ...]) -> Iterator[Passage]:
    ports = str(rule.first_port) if rule.first_port == rule.last_port else f"{rule.first_port}-{rule.last_port}"
    protocol, targets, reason = PROTOCOLS[rule.protocol], (rule.group,), rule.reason
    if rule.cidrs:
        yield Passage(
            name=rule.name, protocol=protocol, ports=ports, source_ranges=rule.cidrs, target_groups=targets, reason=reason
        )
    if rule.groups:
        name = f"{rule.name}-groups" if rule.cidrs else rule.name
        yield Passage(name=name, protocol=protocol, ports=ports, source_groups=rule.groups, target_groups=targets, reason=reason)
    if rule.elsewhere and elsewhere:
        name = f"{rule.name}-elsewhere"
        yield Passage(name=name, protocol=protocol, ports=ports, source_ranges=elsewhere, target_groups=targets, reason=reason)


def gateway_rules(plan: Plan) -> list[networking.SecurityRuleArgs]:
    """Of the subnet of balancers that read HTTP: their clients, and what Azure asks for to manage and probe them."""
    ports = sorted({balancer.port for balancer in plan.balancers if is_web(balancer)})
    inbound = [Passage(name=f"clients-{port}", protocol="Tcp", ports=str(port), source="Internet") for port in ports]
    inbound.append(Passage(name="management", protocol="Tcp", ports=MANAGEMENT_PORTS, source="GatewayManager"))
    inbound.append(Passage(name="probes", source="AzureLoadBalancer"))
    outbound = [Passage(name="out-network", target="VirtualNetwork"), Passage(name="out-internet", target="Internet")]
    return [*_rules("Inbound", inbound, {}), *_rules("Outbound", outbound, {})]


def gateway_range(plan: Plan) -> str:
    """A /24, as Azure recommends, or less in a narrow network."""
    return subnets.last_slot(plan.network.cidr, 24)


def is_web(balancer: Balancer) -> bool:
    """Whether it reads HTTP: an Application Gateway, else a load balancer."""
    return balancer.type in ("http", "https")


def _balanced(deployment: Deployment, balancer: Balancer) -> Iterator[Passage]:
    """A gateway speaks for its clients. Behind a load balancer the plan lets clients in; its probe comes from Azure."""
    targets = tuple(dict.fromkeys(host.group for host in deployment.hosts if host.runs(balancer.workload)))
    if not targets:
        return
    if not is_web(balancer):
        name, port = f"probe-{balancer.name}", str(balancer.health_port)
        yield Passage(name=name, protocol="Tcp", ports=port, source="AzureLoadBalancer", target_groups=targets)
        return
    source = (gateway_range(deployment.plan),)
    for port in sorted({balancer.backend_port, balancer.health_port}):
        name = f"gateway-{balancer.name}-{port}"
        yield Passage(name=name, protocol="Tcp", ports=str(port), source_ranges=source, target_groups=targets)


def _outbound(plan: Plan) -> Iterator[Passage]:
    """Within the network always, to the services of buckets and of secrets where there are any, to the internet where planned."""
    yield Passage(name="out-network", target="VirtualNetwork")
    if plan.buckets:
        yield Passage(name="out-storage", protocol="Tcp", ports="443", target="Storage")
    if plan.stored_secrets:
        yield Passage(name="out-secrets", protocol="Tcp", ports="443", target="AzureKeyVault")
    if plan.network.egress != "none":
        yield Passage(name="out-internet", target="Internet")


def _rules(direction: str, allowed: Sequence[Passage], groups: Groups) -> Iterator[networking.SecurityRuleArgs]:
    for priority, passage in enumerate(allowed, start=FIRST_PRIORITY):
        yield _rule("Allow", direction, priority, passage, groups)
    last = Passage(name=f"deny-{direction.lower()}", reason="Nothing else passes.")
    yield _rule("Deny", direction, LAST_PRIORITY, last, groups)


def _rule(access: str, direction: str, priority: int, passage: Passage, groups: Groups) -> networking.SecurityRuleArgs:
    tagged = not passage.source_ranges and not passage.source_groups
    return networking.SecurityRuleArgs(
        name=names.part(passage.name),
        description=passage.reason or None,
        access=access,
        direction=direction,
        priority=priority,
        protocol=passage.protocol,
        source_port_range="*",
        source_address_prefix=passage.source if tagged else None,
        source_address_prefixes=list(passage.source_ranges) or None,
        source_application_security_groups=_references(passage.source_groups, groups),
        destination_port_range=passage.ports,
        destination_address_prefix=None if passage.target_groups else passage.target,
        destination_application_security_groups=_references(passage.target_groups, groups),
    )


def _references(members: Sequence[str], groups: Groups) -> list[networking.ApplicationSecurityGroupArgs] | None:
    return [networking.ApplicationSecurityGroupArgs(id=groups[name]) for name in members] or None
