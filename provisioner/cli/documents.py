"""The JSON shapes of the command line, a contract: each has a JSON Schema in `docs/reference/schemas`."""

from collections.abc import Mapping, Sequence
from typing import Any

from provisioner.cli.placed import placed
from provisioner.clouds.compatibility import Compatibility
from provisioner.cost.model import Estimate, Item, Range
from provisioner.placement.model import PlacedHost, Placement
from provisioner.placement.sensitivity import Hint
from provisioner.plan.model import Plan, Workload
from provisioner.plan.routes import groups, routed
from provisioner.resolve.model import Connection, Container, Depends, Resolved, Route, Runnable, Service
from provisioner.units import Money


def container(found: Container) -> Mapping[str, Any]:
    return {
        "name": found.name,
        "image": found.image,
        "command": [str(word) for word in (*found.entrypoint, *found.command)],
        "env": {name: str(value) for name, value in found.environment.items()},
        "mounts": [{"host": mount.host, "container": mount.container} for mount in found.mounts],
        "ports": [
            {"container": port.container, "host": port.host, "protocol": port.protocol, "published": port.published}
            for port in found.ports
        ],
    }


def service(found: Service) -> Mapping[str, Any]:
    return {
        "container": found.container,
        "port": found.port,
        "protocol": found.protocol,
        "host": found.host_port,
        "published": found.published,
    }


def connection(found: Connection) -> Mapping[str, Any]:
    return {"target": found.target, "service": found.service, "hostname": found.hostname, "port": found.port}


def route(found: Route) -> Mapping[str, Any]:
    """`rewrite` is null where the path is passed on as it is."""
    return {
        "name": found.name,
        "service": found.service,
        "host": found.host,
        "path": found.prefix,
        "rewrite": {"regex": found.pattern, "to": found.replacement} if found.pattern else None,
    }


def depends(found: Depends) -> Mapping[str, Any]:
    return {"runnables": list(found.runnables), "timeout": found.timeout}


def runnable(found: Runnable) -> Mapping[str, Any]:
    return {
        "name": found.name,
        "kind": "runnable",
        "replicas": found.replicas,
        "containers": [container(one) for one in found.containers],
        "variables": {name: printable(value) for name, value in found.variables.items()},
        "services": {name: service(one) for name, one in found.services.items()},
        "routes": [route(one) for one in found.routes],
        "connections": {name: connection(one) for name, one in found.connections.items()},
        "depends": depends(found.depends),
    }


def resolved(found: Resolved) -> Mapping[str, Any]:
    """A runnable is shown itself; a group or blueprint with the containers of all that it runs."""
    if found.kind == "runnable" and len(found.runnables) == 1:
        return runnable(found.runnables[0])
    return {
        "name": found.name,
        "kind": found.kind,
        "containers": [container(one) for each in found.runnables for one in each.containers],
        "variables": {},
        "services": {},
        "routes": [],
        "connections": {},
        "depends": {"runnables": [], "timeout": 0},
        "runs": [runnable(one) for one in found.runnables],
    }


def compatibility(found: Compatibility) -> Mapping[str, Any]:
    return {"name": found.name, "capable": found.capable, "reasons": list(found.reasons)}


def printable(value: object) -> object:
    """JSON data as it is; secrets and later values as the words that stand for them."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, Mapping):
        return {str(key): printable(one) for key, one in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, (list, tuple)):
        return [printable(one) for one in value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return str(value)


def plan(found: Plan, placement: Placement, hints: Sequence[Hint]) -> Mapping[str, Any]:
    answering = [group.name for group in groups(found.groups, found.volumes, found.workloads)]
    return {
        "name": found.name,
        "target": {"cloud": found.target.cloud, "region": found.target.region, "zones": list(found.target.zones)},
        "hosts": [host(one) for one in placement.hosts],
        "volumes": [
            {"name": one.name, "kind": one.kind, "size_gib": one.size_gib, "host": one.host, "zone": one.zone, "path": one.path}
            for one in found.volumes
        ],
        "buckets": [{"name": one.name, "versioned": one.versioned, "expire_days": one.expire_days} for one in found.buckets],
        "balancers": [
            {
                "name": one.name,
                "type": one.type,
                "workload": one.workload,
                "service": one.service,
                "port": one.port,
                "backend_port": one.backend_port,
                "address": one.address,
                "domain": one.domain,
            }
            for one in found.balancers
        ],
        "addresses": [{"name": one.name} for one in found.addresses],
        "records": [
            {"name": one.name, "zone": one.zone, "type": one.type, "values": list(one.values), "ttl": one.ttl}
            for one in found.records
        ],
        "zones": [{"name": one.name, "created": one.create} for one in found.zones],
        "rules": [
            {
                "name": one.name,
                "group": one.group,
                "protocol": one.protocol,
                "ports": [one.first_port, one.last_port],
                "cidrs": list(one.cidrs),
                "groups": list(one.groups),
                "elsewhere": one.elsewhere,
                "reason": one.reason,
            }
            for one in found.rules
        ],
        "routes": [{**route(one.route), "workload": one.runnable, "groups": answering} for one in routed(found.workloads)],
        "workloads": [workload(one, placement.assignments[one.name]) for one in found.workloads],
        "placement": placed(placement, hints),
        "digest": found.digest,
    }


def host(found: PlacedHost) -> Mapping[str, Any]:
    return {
        "name": found.name,
        "group": found.group,
        "machine": found.offer.machine,
        "zone": found.zone,
        "cpu": found.offer.millicpu / 1000,
        "memory_mib": found.offer.memory_mib,
        "arch": found.offer.arch,
        "spot": found.spot,
        "hourly_usd": found.hourly.dollars,
    }


def workload(found: Workload, host_name: str) -> Mapping[str, Any]:
    return {
        "name": found.name,
        "runnable": found.runnable,
        "replica": found.replica,
        "host": host_name,
        "containers": [container(one) for one in found.containers],
    }


def estimate(found: Estimate, difference: Money | None = None) -> Mapping[str, Any]:
    return {
        "cloud": found.cloud,
        "region": found.region,
        "currency": "USD",
        "monthly": amounts(found.monthly),
        "items": [item(one) for one in found.items],
        "missing": [{"name": one.name, "reason": one.reason} for one in found.missing],
        "by_workload": {name: money.dollars for name, money in found.by_workload.items()},
        "difference": difference.dollars if difference is not None else None,
    }


def item(found: Item) -> Mapping[str, Any]:
    return {
        "name": found.name,
        "kind": found.kind,
        "item": found.item,
        "cloud": found.cloud,
        "region": found.region,
        "quantity": float(found.quantity),
        "unit": found.unit,
        "unit_price": float(found.unit_price.decimal),
        "monthly": amounts(found.monthly),
        "formula": found.formula,
        "source": found.source,
        "price_date": found.price_date,
    }


def amounts(found: Range) -> Mapping[str, float]:
    return {"low": found.low.dollars, "typical": found.typical.dollars, "high": found.high.dollars}
