"""Groups whose machines are open: machine types mixed where that costs less, each new host on the cheapest that holds it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from provisioner.placement.filters import refusal
from provisioner.placement.pack import Packing
from provisioner.placement.requests import Request
from provisioner.placement.reserve import room
from provisioner.placement.slots import Load, Slot, slot
from provisioner.plan import hosts
from provisioner.plan.model import Plan
from provisioner.prices.offers import Offer

Candidates = Mapping[str, tuple[Offer, ...]]


def shrunk(packing: Packing, machines: Candidates, settled: Mapping[str, Offer]) -> Packing:
    """Each host of an open group on the cheapest machine that holds what it has; settled hosts stay as they are.

    Where something has no place nothing shrinks, so that the refusal tells what even the largest machines lack.
    """
    if packing.unplaced:
        return packing
    loads = (load if load.slot.name in settled else cheapest(load, machines[load.slot.group.name]) for load in packing.loads)
    return replace(packing, loads=tuple(loads))


def settled(
    plan: Plan, machines: Candidates, requests: Sequence[Request], last: Mapping[str, str], known: Mapping[str, Offer]
) -> dict[str, Offer]:
    """The machines of hosts that were there: as `known` by host, else the cheapest that holds what was there."""
    found: dict[str, Offer] = {}
    there: dict[str, list[Request]] = {}
    for request in requests:
        there.setdefault(last.get(request.name, ""), []).append(request)
    for group in plan.groups:
        offers = machines[group.name]
        for number, name in enumerate(hosts.host_names(group), start=1):
            held = there.get(name, ()) if name not in known else ()
            if name in known:
                found[name] = known[name]
            elif held and len(offers) > 1:
                load = Load(slot(group, number, offers[-1], plan.target.zones))
                for request in held:
                    load.add(request)
                found[name] = cheapest(load, offers).slot.offer
    return found


def cheapest(load: Load, offers: Sequence[Offer]) -> Load:
    """The load on the first of the offers, cheapest first, that holds it; the same load where none does."""
    for offer in offers:
        other = replace(load.slot, offer=offer, capacity=room(offer, load.slot.group))
        empty = Load(other)
        if all(not refusal(request, empty) for request in load.requests) and _holds(other, load):
            return Load(other, load.held, load.requests, load.millicpu, load.memory_mib, load.gpu)
    return load


def _holds(slot: Slot, load: Load) -> bool:
    pressed = any(request.ignore_pressure for request in load.requests)
    has = slot.capacity
    enough_cpu = load.millicpu <= has.millicpu or (pressed and load.slot.capacity.millicpu <= has.millicpu)
    return enough_cpu and load.memory_mib <= has.memory_mib and load.gpu <= has.gpu
