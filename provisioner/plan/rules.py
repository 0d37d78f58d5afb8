"""What may enter the hosts of each group, and why. Everything else stays closed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal

from provisioner.plan import reach, routes
from provisioner.plan.model import Balancer, HostGroup, Network, Rule, Volume, Workload

SSH_PORT: Final = 22
OVERLAY_PORT: Final = 51820
"""WireGuard between hosts: all traffic of containers on different hosts goes through it."""
ANYWHERE: Final = ("0.0.0.0/0",)

Protocol = Literal["tcp", "udp"]


def build(
    network: Network,
    groups: Sequence[HostGroup],
    volumes: Sequence[Volume],
    workloads: Sequence[Workload],
    balancers: Sequence[Balancer],
    *,
    spans: bool = False,
) -> tuple[Rule, ...]:
    """One rule for each group, protocol and port, named `app-tcp-443`. Reasons for the same rule are joined.

    `spans`: there are hosts on other clouds, too.
    """
    found = [
        *_ssh(network, groups),
        *_overlay(groups, spans=spans),
        *_published(groups, volumes, workloads),
        *_balanced(groups, volumes, workloads, balancers),
        *_routed(groups, volumes, workloads),
    ]
    merged: dict[str, Rule] = {}
    for rule in found:
        merged[rule.name] = _join(merged[rule.name], rule) if rule.name in merged else rule
    return tuple(merged[name] for name in sorted(merged))


def _ssh(network: Network, groups: Sequence[HostGroup]) -> Iterator[Rule]:
    if network.ssh_from:
        yield from (_rule(group, "tcp", SSH_PORT, cidrs=network.ssh_from, reason="network/access/ssh-from") for group in groups)


def _overlay(groups: Sequence[HostGroup], *, spans: bool) -> Iterator[Rule]:
    """From hosts of the same cloud by their groups, from those of others by the addresses that they turn out to have."""
    if sum(group.maximum for group in groups) < 2 and not spans:
        return
    names = tuple(sorted(group.name for group in groups))
    reason = f"containers of {'hosts on several clouds' if spans else 'different hosts'}, over WireGuard"
    for group in groups:
        yield replace(_rule(group, "udp", OVERLAY_PORT, groups=names, reason=reason), elsewhere=spans)


def _published(groups: Sequence[HostGroup], volumes: Sequence[Volume], workloads: Sequence[Workload]) -> Iterator[Rule]:
    for workload in workloads:
        for port in (port for container in workload.containers for port in container.ports):
            if port.published and port.host is not None:
                for group in reach.groups_for(workload, groups, volumes):
                    yield _rule(
                        group, _protocol(port.protocol), port.host, cidrs=ANYWHERE, reason=f"{workload.name} publishes it"
                    )


def _balanced(
    groups: Sequence[HostGroup], volumes: Sequence[Volume], workloads: Sequence[Workload], balancers: Sequence[Balancer]
) -> Iterator[Rule]:
    """Network balancers keep the client's address, so the backend port is open to where clients are: anywhere.

    Those that read HTTP speak for their clients: each cloud lets its own in, and nobody else.
    """
    by_name = {workload.name: workload for workload in workloads}
    for balancer in (balancer for balancer in balancers if balancer.type in ("tcp", "udp")):
        for group in reach.groups_for(by_name[balancer.workload], groups, volumes):
            yield _rule(group, balancer.protocol, balancer.backend_port, cidrs=ANYWHERE, reason=f"balancer {balancer.name}")


def _routed(groups: Sequence[HostGroup], volumes: Sequence[Volume], workloads: Sequence[Workload]) -> Iterator[Rule]:
    names = ", ".join(dict.fromkeys(one.runnable for one in routes.routed(workloads)))
    for group in routes.groups(groups, volumes, workloads):
        yield _rule(group, "tcp", routes.PORT, cidrs=ANYWHERE, reason=f"ingress routes to {names}")


def _rule(
    group: HostGroup, protocol: Protocol, port: int, *, cidrs: tuple[str, ...] = (), groups: tuple[str, ...] = (), reason: str
) -> Rule:
    return Rule(
        name=f"{group.name}-{protocol}-{port}",
        group=group.name,
        protocol=protocol,
        first_port=port,
        last_port=port,
        cidrs=cidrs,
        groups=groups,
        reason=reason,
    )


def _join(one: Rule, other: Rule) -> Rule:
    return Rule(
        name=one.name,
        group=one.group,
        protocol=one.protocol,
        first_port=one.first_port,
        last_port=one.last_port,
        cidrs=_union(one.cidrs, other.cidrs),
        groups=_union(one.groups, other.groups),
        elsewhere=one.elsewhere or other.elsewhere,
        reason="; ".join(_union(one.reason.split("; "), other.reason.split("; "))),
    )


def _union(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _protocol(name: str) -> Protocol:
    return "udp" if name.lower() == "udp" else "tcp"
