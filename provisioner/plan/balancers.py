"""Load balancers: the service that each names, the workload behind it, and the port on the machine that it reaches."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, get_args

from provisioner.errors import nearest
from provisioner.plan import default, names
from provisioner.plan.fields import Section
from provisioner.plan.model import Balancer, BalancerType, HealthCheck, Workload
from provisioner.plan.readers import choice, integer, text, whole_seconds
from provisioner.plan.workloads import with_host_port

TYPES: Final[tuple[BalancerType, ...]] = get_args(BalancerType)
FIRST_PORT: Final = 20000
PORTS: Final = 10000
"""A service behind a balancer that states no host-port gets one of these 10,000, below the ephemeral range of Linux (32768)."""

_USUAL_PORTS: Final[dict[BalancerType, int]] = {"http": 80, "https": 443}


def build(section: Section, workloads: Sequence[Workload]) -> tuple[tuple[Balancer, ...], tuple[Workload, ...]]:
    """The balancers, and the workloads with every host port that a balancer needs."""
    found = [_balancer(name, balancer, workloads) for name, balancer in section.sections()]
    balancers = [balancer for balancer in found if balancer is not None]
    return _with_ports(balancers, {workload.name: workload for workload in workloads})


def _balancer(name: str, balancer: Section, workloads: Sequence[Workload]) -> Balancer | None:
    balancer.only("type", "service", "port", "address", "domain", "zone", "health-check")
    balancer.require("service")
    names.check(name, balancer.place, balancer.problems)
    kind: BalancerType = balancer.read("type", choice(TYPES), default=default.BALANCER)
    workload, service = _backend(balancer, workloads)
    port = balancer.read("port", integer("a port number", 1, 65535), default=_USUAL_PORTS.get(kind, 0))
    made = Balancer(
        name=name,
        type=kind,
        workload=workload.name if workload else "",
        service=service,
        port=port or (workload.services[service].port if workload else 0),
        backend_port=0,
        address=balancer.read("address", text, default=""),
        domain=balancer.read("domain", text, default="").rstrip("."),
        zone=balancer.read("zone", text, default="").rstrip("."),
        health=_health(balancer, kind),
        place=balancer.place,
    )
    return made if workload else None


def _health(balancer: Section, type: BalancerType) -> HealthCheck:
    """One that reads HTTP asks over HTTP, unless something else is stated."""
    section = balancer.section("health-check")
    section.only("kind", "url", "interval", "port")
    kind = section.read("kind", choice(("tcp", "http")), default="http" if type in ("http", "https") else "tcp")
    if kind == "tcp" and "url" in section:
        message = "url is read over http, and this check opens a tcp connection only"
        section.problems.error("conflict", section.place_of("url"), message, hint="add kind: http, or leave url out")
    return HealthCheck(
        kind="http" if kind == "http" else "tcp",
        url=section.read("url", _url_path, default="/"),
        interval=section.read("interval", whole_seconds(5, 300), default=10),
        port=section.read("port", integer("a port number", 1, 65535), default=0),
    )


def _url_path(value: object) -> str:
    path = text(value)
    return path if path.startswith("/") else f"/{path}"


def _backend(balancer: Section, workloads: Sequence[Workload]) -> tuple[Workload | None, str]:
    """The workload and the service that `namespace/runnable/service` names; (None, "") after a problem."""
    reference = balancer.read("service", text, default="")
    if not reference:
        return None, ""
    known = {f"{workload.name}/{service}": workload for workload in workloads for service in workload.services}
    if reference not in known:
        close = nearest(reference, known)
        hint = f"did you mean {close}?" if close else f"services are {', '.join(sorted(known)) or 'none'}"
        message = f'no service "{reference}" of what runs here: expected namespace/runnable/service'
        balancer.problems.error("missing-reference", balancer.place_of("service"), message, hint=hint)
        return None, ""
    return known[reference], reference.rsplit("/", 1)[1]


def _with_ports(
    balancers: Sequence[Balancer], workloads: dict[str, Workload]
) -> tuple[tuple[Balancer, ...], tuple[Workload, ...]]:
    taken = {port.host for workload in workloads.values() for container in workload.containers for port in container.ports}
    for workload_name, service_name in sorted({(balancer.workload, balancer.service) for balancer in balancers}):
        workload = workloads[workload_name]
        if workload.services[service_name].host_port is None:
            port = _free_port(f"{workload_name}/{service_name}", taken)
            taken.add(port)
            workloads[workload_name] = _on_port(workload, service_name, port)
    ports = {name: workload.services for name, workload in workloads.items()}
    reached = (replace(balancer, backend_port=ports[balancer.workload][balancer.service].host_port) for balancer in balancers)
    return tuple(reached), tuple(workloads.values())


def _free_port(name: str, taken: set[int | None]) -> int:
    """A port that follows from the service's own name, so that a balancer added later rarely moves another's."""
    start = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % PORTS
    return next(port for step in range(PORTS) if (port := FIRST_PORT + (start + step) % PORTS) not in taken)


def _on_port(workload: Workload, service_name: str, port: int) -> Workload:
    service = workload.services[service_name]
    containers = tuple(
        with_host_port(container, service, port) if container.name == service.container else container
        for container in workload.containers
    )
    services = {**workload.services, service_name: replace(service, host_port=port)}
    return replace(workload, containers=containers, services=services)
