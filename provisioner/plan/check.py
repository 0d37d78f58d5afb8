"""Checks across the parts of a plan: references, collisions, limits. Each adds its problems; none stops another."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from provisioner.errors import Place, Problems, nearest
from provisioner.plan import grants, hosts, overlays, reach, routes, sites, subnets
from provisioner.plan.model import Plan, Workload
from provisioner.plan.names import domain_name
from provisioner.plan.rules import OVERLAY_PORT, SSH_PORT
from provisioner.resolve.model import Port

OWN_PORTS: Final = frozenset({("tcp", SSH_PORT), ("udp", OVERLAY_PORT)})
"""Protocol and number of the ports that a host itself needs."""


def check(plan: Plan, problems: Problems) -> None:
    check_runs(plan, problems)
    check_subnets(plan, problems)
    overlays.check(plan, problems)
    check_volumes(plan, problems)
    check_mounts(plan, problems)
    check_affinity(plan, problems)
    check_company(plan, problems)
    check_ports(plan, problems)
    check_addresses(plan, problems)
    check_balancers(plan, problems)
    routes.check(plan, problems)
    check_records(plan, problems)
    grants.check(plan, problems)
    sites.check(plan, problems)


def check_runs(plan: Plan, problems: Problems) -> None:
    """Hosts that nothing runs on are paid for; workloads without hosts cannot be."""
    if plan.groups and not plan.workloads:
        message = f"the blueprint runs nothing on its hosts ({', '.join(group.name for group in plan.groups)})"
        problems.warning("unused", plan.place, message, hint="name what it runs in runs")


def check_subnets(plan: Plan, problems: Problems) -> None:
    """Each zone's subnet must hold every host that may be in it, but for one that exists: its range is the cloud's to know."""
    for part in sites.split(plan):
        if not part.network.existing:
            _check_subnets(part, problems)


def _check_subnets(plan: Plan, problems: Problems) -> None:
    zones = plan.target.zones
    most = Counter(hosts.host_zone(number, zones) for group in plan.groups for number in range(1, group.maximum + 1))
    for zone, count in most.items():
        subnet = plan.network.hosts_subnet(zone)
        if count > subnets.capacity(subnet):
            message = f"expected at most {subnets.capacity(subnet)} hosts in {zone}, whose subnet is {subnet.cidr}, found {count}"
            problems.error("out-of-range", plan.network.place, message, hint="give the network a wider cidr")


def check_volumes(plan: Plan, problems: Problems) -> None:
    """No two volumes of a host at one path; a disk needs a host."""
    for volume in plan.volumes:
        if not volume.host and not plan.groups:
            problems.error("missing-reference", volume.place, f"volume {volume.name} has no host to be attached to")
    for one, other in combinations(plan.volumes, 2):
        if (one.host, one.path) == (other.host, other.path):
            where = f"on {one.host}" if one.host else "on the same host"
            message = f"volumes {one.name} and {other.name} are both mounted at {one.path} {where}"
            problems.error("conflict", other.place, message, hint="give one of them another path")


def check_mounts(plan: Plan, problems: Problems) -> None:
    """The volumes of one workload must be on one host, and on one that its affinity allows."""
    for workload in plan.workloads:
        held = {volume.host: volume.name for volume in plan.volumes if volume.name in workload.volumes and volume.host}
        if len(held) > 1:
            words = " and ".join(f"{name} on {host}" for host, name in held.items())
            problems.error("conflict", workload.place, f"{workload.name} mounts {words}: it runs on one host")
            continue
        if not held:
            continue
        allowed = {hosts.host_name(*host) for host in reach.hosts_by_affinity(workload.affinity, plan.groups)}
        for host, volume in held.items():
            if allowed and host not in allowed:
                message = f"{workload.name} mounts volume {volume} of {host}, and its affinity keeps it from there"
                problems.error("conflict", workload.place, message, hint=f"put the volume on {min(allowed)}, or change affinity")


def check_affinity(plan: Plan, problems: Problems) -> None:
    """Names and tags must be those of hosts."""
    tags = {tag for group in plan.groups for tag in group.tags}
    names = {name for group in plan.groups for name in hosts.host_names(group)}
    for workload in plan.workloads:
        affinity = workload.affinity
        if affinity.name and affinity.name not in names:
            _unknown("host", affinity.name, names, workload.place, problems)
        elif affinity.tag and not affinity.name and affinity.tag not in tags:
            _unknown("host group with tag", affinity.tag, tags, workload.place, problems)


def check_company(plan: Plan, problems: Problems) -> None:
    """Workloads that share a host need one architecture, and ports of their own."""
    for one, other in combinations(plan.workloads, 2):
        if other.name not in one.affinity.together:
            continue
        if len({one.needs.arch, other.needs.arch} - {""}) > 1:
            message = f"{one.name} needs {one.needs.arch} and {other.name} {other.needs.arch}, and they share a host"
            problems.error("conflict", other.place, message, hint="one architecture, or leave affinity/with out")
        _check_pair(one, other, "the host that they share", problems)


def check_ports(plan: Plan, problems: Problems) -> None:
    """Host ports: none of the hosts' own, none twice in a workload or among workloads of the same host."""
    for workload in plan.workloads:
        ports = list(_host_ports(workload))
        for port, place in ports:
            if (port.protocol, port.host) in OWN_PORTS:
                message = f"{workload.name} takes host port {port.host}/{port.protocol}, which the host itself needs"
                problems.error("conflict", place, message)
        for (one, _), (other, place) in combinations(ports, 2):
            if collide(one, other):
                problems.error("conflict", place, f"{workload.name} takes host port {one.host}/{one.protocol} twice")
    pinned = [(workload, reach.pinned_hosts(workload, plan.volumes)) for workload in plan.workloads]
    for (one, here), (other, there) in combinations(pinned, 2):
        if here and here == there:
            _check_pair(one, other, here[0], problems)


def check_addresses(plan: Plan, problems: Problems) -> None:
    """A balancer's address must be there, for it alone. One that nothing uses is paid for."""
    known = {address.name for address in plan.addresses}
    users: dict[str, str] = {}
    for balancer in plan.balancers:
        if balancer.address and balancer.address not in known:
            _unknown("address", balancer.address, known, balancer.place, problems)
        elif balancer.address in users:
            message = f"balancers {users[balancer.address]} and {balancer.name} use the same address {balancer.address}"
            problems.error("conflict", balancer.place, message, hint="one address for each balancer")
        elif balancer.address:
            users[balancer.address] = balancer.name
    for address in plan.addresses:
        if address.name not in users:
            problems.warning("unused", address.place, f"no balancer uses the address {address.name}, which is paid for")


def check_balancers(plan: Plan, problems: Problems) -> None:
    """Protocols must agree, and a web balancer needs its domain."""
    services = {workload.name: workload.services for workload in plan.workloads}
    for balancer in plan.balancers:
        protocol = services[balancer.workload][balancer.service].protocol
        wanted = "udp" if balancer.type == "udp" else "tcp"
        if protocol.lower() != wanted:
            message = f"expected a {wanted} service behind a {balancer.type} balancer, {balancer.service} is {protocol}"
            problems.error("conflict", balancer.place, message)
        if balancer.type == "udp" and not balancer.health.port:
            message = "health-check/port is missing: clouds ask hosts over TCP only, also behind a udp balancer"
            problems.error("missing-key", balancer.place, message, hint="name a TCP port that answers while the service does")
        if balancer.type == "https" and not balancer.domain:
            problems.error("missing-key", balancer.place, "domain is missing: an https balancer needs a certificate for it")


def check_records(plan: Plan, problems: Problems) -> None:
    """One record of a type for each name, a CNAME alone at its name, and a balancer's domain within its zone."""
    found = [(record.domain, record.type, record.place) for record in plan.records]
    for balancer in plan.balancers:
        if balancer.zone and not balancer.domain:
            message = f"domain is missing: zone says where the records of a domain are made, {balancer.zone}"
            problems.error("missing-key", balancer.place, message)
        elif balancer.zone and domain_name(balancer.domain, balancer.zone) != balancer.domain:
            message = f"expected a domain in the zone {balancer.zone}, found {balancer.domain}"
            problems.error("conflict", balancer.place, message)
        elif balancer.zone:
            found.append((balancer.domain, "A", balancer.place))
    for (name, kind, _), (other, another, place) in combinations(found, 2):
        if name == other and kind == another:
            problems.error("conflict", place, f"there are two {kind} records for {name}", hint="put all values into one")
        elif name == other and "CNAME" in (kind, another):
            message = f"{name} has a CNAME, beside which no other record can be, and a record of type"
            problems.error("conflict", place, f"{message} {another if kind == 'CNAME' else kind}", hint="give one another name")


def collide(one: Port, other: Port) -> bool:
    """Whether two ports cannot be on one machine."""
    same = one.host is not None and (one.host, one.protocol) == (other.host, other.protocol)
    return same and (one.address == other.address or not one.address or not other.address)


def _host_ports(workload: Workload) -> Iterator[tuple[Port, Place]]:
    return ((port, container.place) for container in workload.containers for port in container.ports if port.host is not None)


def _check_pair(one: Workload, other: Workload, host: str, problems: Problems) -> None:
    for port, _ in _host_ports(one):
        for rival, place in _host_ports(other):
            if collide(port, rival):
                message = f"{one.name} and {other.name} both take host port {port.host}/{port.protocol} of {host}"
                problems.error("conflict", place, message, hint="give one of them another host-port, or another host")


def _unknown(what: str, name: str, known: set[str], place: Place, problems: Problems) -> None:
    close = nearest(name, known)
    listed = ", ".join(sorted(known)[:10]) or "none"
    hint = f"did you mean {close}?" if close else f"there is {listed}"
    problems.error("missing-reference", place, f'no {what} "{name}"', hint=hint)
