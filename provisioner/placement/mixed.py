"""Groups whose machines are open: machine types mixed where that costs less, each new host on the cheapest that holds it.

Also the bound: what the plan cannot cost less than, whatever ran where.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from provisioner.placement import zoned
from provisioner.placement.arrays import Host, dealt, solved
from provisioner.placement.filters import refusal
from provisioner.placement.fit import fits
from provisioner.placement.fleet import EXACT
from provisioner.placement.pack import Packing
from provisioner.placement.requests import Request
from provisioner.placement.reserve import room
from provisioner.placement.score import tightest
from provisioner.placement.slots import Held, Load, Slot, price, slot
from provisioner.placement.zoned import zone_of
from provisioner.plan import hosts
from provisioner.plan.model import HostGroup, Plan
from provisioner.prices.offers import Offer
from provisioner.units import ZERO, Money

Candidates = Mapping[str, tuple[Offer, ...]]


def whole(plan: Plan, machines: Candidates, requests: Sequence[Request]) -> Packing | None:
    """All of a plan with one open group, sized at once. None where more than sizes and spreading decide who may share a host."""
    if len(plan.groups) != 1 or plan.volumes or not requests:
        return None
    group, zones = plan.groups[0], plan.target.zones
    offers = machines[group.name]
    if len(offers) == 1 or group.on_demand_percent or not all(_plain(request, group) for request in requests):
        return None
    spreading = len(zones) > 1 and any(request.shares for request in requests)
    few = zoned.dealt(group, offers, requests, len(zones)) if spreading and len(requests) <= EXACT * len(zones) else []
    filled = few or (dealt(group, offers, requests, len(zones)) if spreading else _filled(group, offers, requests))
    numbers = {one.number for one in filled}
    if not numbers or max(numbers) > group.maximum or not numbers.issuperset(range(1, group.minimum + 1)):
        return None
    held: Held = Counter()
    loads: list[Load] = []
    for one in sorted(filled, key=lambda one: one.number):
        load = Load(slot(group, one.number, one.offer, zones), held)
        for request in one.requests:
            if refusal(request, load) or not fits(request, load):
                return None
            load.add(request)
        loads.append(load)
    return Packing(loads=tuple(loads), unplaced=(), order=tightest)


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


def bound(plan: Plan, machines: Candidates, requests: Sequence[Request]) -> Money:
    """Proven an hour: the hosts that there are anyway, and what the workloads of open groups alone take at least."""
    stated = [group for group in plan.groups if len(machines[group.name]) == 1]
    opened = [group for group in plan.groups if len(machines[group.name]) > 1]
    least = sum((_floor(group, machines[group.name]) for group in plan.groups), ZERO)
    names = {group.name for group in opened}
    bound_there = [
        request for request in requests if request.groups and set(request.groups) <= names and not request.ignore_pressure
    ]
    if not opened or not bound_there:
        return least
    anyway = sum((_floor(group, machines[group.name]) for group in stated), ZERO)
    pairs = [(group, offer) for group in opened for offer in machines[group.name]]
    return max(least, anyway + Money(_open_bound(pairs, bound_there, len(plan.target.zones))))


def _open_bound(pairs: Sequence[tuple[HostGroup, Offer]], requests: Sequence[Request], zones: int) -> int:
    """Nano-USD an hour. Every zone has its exact part of replicas that are even over all zones: each zone's bound counts."""
    zoned = 0
    even = [request for request in requests if zones > 1 and zone_of(request, zones) is not None]
    if even:
        found = solved(pairs, [request for request in even if zone_of(request, zones) == 0], apart=len(even) // zones <= EXACT)[0]
        zoned = found.bound * zones
        if len(even) == len(requests) and found.optimal:
            return zoned
    return max(zoned, solved(pairs, requests, apart=len(requests) <= EXACT)[0].bound)


def _floor(group: HostGroup, offers: Sequence[Offer]) -> Money:
    return min(price(offer, spot=group.spot) for offer in offers).times(group.minimum)


def _plain(request: Request, group: HostGroup) -> bool:
    is_tied = request.pinned or request.resident or request.ignore_pressure or (group.spot and not request.spot)
    return not is_tied and request.tag in ("", *group.tags)


def _holds(slot: Slot, load: Load) -> bool:
    pressed = any(request.ignore_pressure for request in load.requests)
    has = slot.capacity
    enough_cpu = load.millicpu <= has.millicpu or (pressed and load.slot.capacity.millicpu <= has.millicpu)
    return enough_cpu and load.memory_mib <= has.memory_mib and load.gpu <= has.gpu


def _filled(group: HostGroup, offers: Sequence[Offer], requests: Sequence[Request]) -> list[Host]:
    """Hosts with their requests, numbered from the dearest; equal requests are dealt out by name."""
    try:
        solution, keys, waiting = solved([(group, offer) for offer in offers], requests)
    except ValueError:
        return []
    filled: list[tuple[Offer, list[Request]]] = []
    chosen: list[int] = solution.filled.machines.tolist()
    taken: list[list[int]] = solution.filled.counts.tolist()
    for machine, counts in zip(chosen, taken, strict=True):
        held = [waiting[key].pop(0) for key, count in zip(keys, counts, strict=True) for _ in range(count)]
        filled.append((offers[machine], held))
    ordered = sorted(filled, key=lambda pair: (-price(pair[0], spot=group.spot).nano, pair[0].machine, pair[1][0].name))
    return [Host(number=number, offer=offer, requests=held) for number, (offer, held) in enumerate(ordered, start=1)]
