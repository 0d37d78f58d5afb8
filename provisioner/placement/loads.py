"""A finished placement as loads again: for questions about what would happen if something changed."""

from collections.abc import Mapping

from provisioner.placement.model import PlacedHost, Placement
from provisioner.placement.requests import Request, gather
from provisioner.placement.reserve import capacity
from provisioner.placement.slots import Load, Slot
from provisioner.plan.model import Plan


def loads(plan: Plan, placement: Placement) -> Mapping[str, Load]:
    """By host name, in the placement's order, each with what it runs."""
    requests = {request.name: request for request in gather(plan)}
    return {host.name: _load(plan, host, requests) for host in placement.hosts}


def _load(plan: Plan, host: PlacedHost, requests: Mapping[str, Request]) -> Load:
    group = next(group for group in plan.groups if group.name == host.group)
    number = int(host.name.removeprefix(f"{group.name}-"))
    load = Load(Slot(name=host.name, group=group, number=number, zone=host.zone, offer=host.offer, capacity=capacity(host.offer)))
    for name in host.workloads:
        load.add(requests[name])
    return load
