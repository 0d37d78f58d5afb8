"""Groups whose machines are open: machine types mixed where that costs less, each new host on the cheapest that holds it.

Also the bound: what the plan cannot cost less than, whatever ran where.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from provisioner.placement.filters import refusal
from provisioner.placement.fit import fits
from provisioner.placement.pack import Packing
from provisioner.placement.requests import Request
from provisioner.placement.reserve import capacity
from provisioner.placement.score import tightest
from provisioner.placement.slots import Load, Slot, price
from provisioner.plan import hosts
from provisioner.plan.model import HostGroup, Plan
from provisioner.prices.offers import Offer
from provisioner.units import ZERO, Money

if TYPE_CHECKING:
    from provisioner.placement.fleet.solve import Solution

Candidates = Mapping[str, tuple[Offer, ...]]


def whole(plan: Plan, machines: Candidates, requests: Sequence[Request]) -> Packing | None:
    """All of a plan with one open group, sized at once. None where more than sizes decide who may share a host."""
    if len(plan.groups) != 1 or plan.volumes or not requests:
        return None
    group = plan.groups[0]
    if len(machines[group.name]) == 1 or not all(_plain(request, group) for request in requests):
        return None
    filled = _filled(group, machines[group.name], requests)
    if not filled or not group.minimum <= len(filled) <= group.maximum:
        return None
    loads: list[Load] = []
    for number, (offer, held) in enumerate(filled, start=1):
        load = Load(_slot(group, number, offer, plan))
        for request in held:
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
    plan: Plan, machines: Candidates, requests: Sequence[Request], last: Mapping[str, str], known: Mapping[str, str]
) -> dict[str, Offer]:
    """The machines of hosts that were there: as `known` (host to machine), else the cheapest that holds what was there."""
    found: dict[str, Offer] = {}
    for group in plan.groups:
        offers = {offer.machine: offer for offer in machines[group.name]}
        for number, name in enumerate(hosts.host_names(group), start=1):
            held = [request for request in requests if last.get(request.name) == name]
            if name in known and known[name] in offers:
                found[name] = offers[known[name]]
            elif held and len(offers) > 1:
                load = Load(_slot(group, number, machines[group.name][-1], plan))
                for request in held:
                    load.add(request)
                found[name] = cheapest(load, machines[group.name]).slot.offer
    return found


def cheapest(load: Load, offers: Sequence[Offer]) -> Load:
    """The load on the first of the offers, cheapest first, that holds it; the same load where none does."""
    for offer in offers:
        slot = replace(load.slot, offer=offer, capacity=capacity(offer))
        empty = Load(slot)
        if all(not refusal(request, empty) for request in load.requests) and _holds(slot, load):
            return Load(slot, load.requests, load.millicpu, load.memory_mib, load.gpu)
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
    return max(least, anyway + Money(_solve(pairs, bound_there)[0].bound))


def _floor(group: HostGroup, offers: Sequence[Offer]) -> Money:
    return min(price(offer, spot=group.spot) for offer in offers).times(group.minimum)


def _plain(request: Request, group: HostGroup) -> bool:
    return not (request.pinned or request.resident or request.ignore_pressure or request.ports) and request.tag in (
        "",
        *group.tags,
    )


def _slot(group: HostGroup, number: int, offer: Offer, plan: Plan) -> Slot:
    name, zone = hosts.host_name(group.name, number), hosts.host_zone(number, plan.target.zones)
    return Slot(name=name, group=group, number=number, zone=zone, offer=offer, capacity=capacity(offer))


def _holds(slot: Slot, load: Load) -> bool:
    pressed = any(request.ignore_pressure for request in load.requests)
    room = slot.capacity
    enough_cpu = load.millicpu <= room.millicpu or (pressed and load.slot.capacity.millicpu <= room.millicpu)
    return enough_cpu and load.memory_mib <= room.memory_mib and load.gpu <= room.gpu


def _filled(group: HostGroup, offers: Sequence[Offer], requests: Sequence[Request]) -> list[tuple[Offer, list[Request]]]:
    """Machines with their requests, the dearest first; equal requests are dealt out by name."""
    try:
        solution, keys, waiting = _solve([(group, offer) for offer in offers], requests)
    except ValueError:
        return []
    filled: list[tuple[Offer, list[Request]]] = []
    chosen: list[int] = solution.filled.machines.tolist()
    taken: list[list[int]] = solution.filled.counts.tolist()
    for machine, counts in zip(chosen, taken, strict=True):
        held = [waiting[key].pop(0) for key, count in zip(keys, counts, strict=True) for _ in range(count)]
        filled.append((offers[machine], held))
    return sorted(filled, key=lambda pair: (-price(pair[0], spot=group.spot).nano, pair[0].machine, pair[1][0].name))


Key = tuple[int, int, int, str, tuple[str, ...]]


def _solve(
    pairs: Sequence[tuple[HostGroup, Offer]], requests: Sequence[Request]
) -> "tuple[Solution, list[Key], dict[Key, list[Request]]]":
    """The solution over pairs of group and machine, the classes in its order, and the requests of each class by name."""
    import numpy as np

    from provisioner.placement.fleet.model import Demand, Machines
    from provisioner.placement.fleet.solve import solve

    waiting: dict[Key, list[Request]] = {}
    for request in sorted(requests, key=lambda request: request.name):
        needs = request.needs
        waiting.setdefault((needs.millicpu, needs.memory_mib, needs.gpu, needs.arch, request.groups), []).append(request)
    keys = sorted(waiting)
    rooms = [capacity(offer) for _, offer in pairs]
    demand = Demand(
        sizes=np.array([key[:3] for key in keys], np.int64),
        counts=np.array([len(waiting[key]) for key in keys], np.int64),
        most=np.array([len(requests)] * len(keys), np.int64),
        allowed=np.array([[key[3] in ("", offer.arch) and group.name in key[4] for group, offer in pairs] for key in keys]),
    )
    machines = Machines(
        room=np.array([(room.millicpu, room.memory_mib, room.gpu) for room in rooms], np.int64),
        price=np.array([price(offer, spot=group.spot).nano for group, offer in pairs], np.int64),
    )
    return solve(demand, machines), keys, waiting
