"""From a plan and the offers to the hosts and what each of them runs."""

from collections.abc import Mapping, Sequence

from provisioner.placement import explain, mixed, requests, size
from provisioner.placement.model import PlacedHost, Placement
from provisioner.placement.slots import Load
from provisioner.plan.model import Plan
from provisioner.prices.offers import Offer

NOTHING: Mapping[str, str] = {}


def place(
    plan: Plan, offers: Sequence[Offer], *, last: Mapping[str, str] = NOTHING, machines: Mapping[str, str] = NOTHING
) -> Placement:
    """Choose machines and counts for the host groups and a host for every workload.

    `offers` may hold other clouds and regions too. `last` is the last placement's `assignments`, and `machines` names the
    machine type of each of its hosts: they keep it; without, it is taken to be the cheapest that holds what was there. The
    same input gives the same result, in whatever order workloads and offers come. Raises `InputError` where something has
    no place.
    """
    candidates = size.candidates(plan, offers)
    asked = requests.gather(plan)
    packing = size.choose(plan, candidates, asked, last, machines)
    if packing.unplaced:
        raise explain.impossible(packing)
    hosts = packing.assignments
    return Placement(
        hosts=tuple(_host(load, plan) for load in packing.loads),
        assignments={workload.name: hosts[workload.name] for workload in plan.workloads},
        reasons={request.name: explain.why(request, packing, last) for request in asked},
        moved=packing.moved(last),
        bound=mixed.bound(plan, candidates, asked),
    )


def _host(load: Load, plan: Plan) -> PlacedHost:
    slot, here = load.slot, {request.name for request in load.requests}
    return PlacedHost(
        name=slot.name,
        group=slot.group.name,
        zone=slot.zone,
        offer=slot.offer,
        spot=slot.group.spot,
        tags=slot.group.tags,
        workloads=tuple(workload.name for workload in plan.workloads if workload.name in here),
        free_millicpu=load.free_millicpu,
        free_memory_mib=load.free_memory_mib,
    )
