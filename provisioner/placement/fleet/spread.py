"""From machines with counts to hosts in zones with containers: replicas apart, over hosts and over zones."""

from collections import deque

import numpy as np

from provisioner.placement.fleet import bound, centric
from provisioner.placement.fleet.model import Bools, Demand, Filled, Floats, Ints, Machines
from provisioner.placement.fleet.refine import refine
from provisioner.placement.fleet.solve import Solution, solve
from provisioner.placement.fleet.state import NOWHERE, Containers, Fleet, State

ROUNDS = 3
"""Of opening hosts for what is left, before each container that still waits gets a host of its own."""

REFINED = 5_000
"""Containers up to which hosts are packed again and again: with more of them what spreading costs is small without."""
SWEEPS = 3
"""Of exchanging zones between hosts."""
SWAPPED = 400
"""Hosts up to which zones are exchanged: more hosts are alike without."""


def first(containers: Containers, machines: Machines, zones: int) -> tuple[Fleet, Solution]:
    """Choose machines for all containers and place them, and the solution behind, which has cost and bound."""
    demand, classes = demand_of(containers, machines)
    solution = solve(demand, machines)
    fleet = deal(containers, classes, solution.filled, machines, zones)
    if len(containers) <= REFINED:
        fleet = refine(containers, machines, fleet, zones, enough=solution.bound)
    return fleet, solution


def demand_of(containers: Containers, machines: Machines) -> tuple[Demand, Ints]:
    """Containers by size, and the class (N,) of each."""
    sizes, classes, counts = np.unique(containers.sizes, axis=0, return_inverse=True, return_counts=True)
    allowed: Bools = np.ones((len(sizes), len(machines.price)), np.bool_)
    demand = Demand(sizes=sizes, counts=counts.astype(np.int64), most=_most(containers, classes, len(sizes)), allowed=allowed)
    return demand, classes


def deal(containers: Containers, classes: Ints, filled: Filled, machines: Machines, zones: int) -> Fleet:
    """Give every container a host. Equal hosts go round the zones; what spreading leaves over takes free room or a new host."""
    order = np.lexsort((*filled.counts.T, filled.machines))
    chosen, counts = filled.machines[order], filled.counts[order]
    zone = _balanced(counts, _class_sizes(containers, classes), zones)
    host = np.full(len(containers), NOWHERE)
    state = State(containers, machines, zones, chosen, zone, host)
    slots = _slots(counts, zone, zones)
    for group in _largest_first(state.members):
        service = int(containers.service[group[0]])
        limits = int(containers.per_host[service]), int(containers.per_zone[service])
        _deal_service(group, slots[int(classes[group[0]])], host, *limits)
    state = State(containers, machines, zones, chosen, zone, host)
    settle(state, np.flatnonzero(state.host < 0))
    shrink(state, 0)
    return state.finished()


def _class_sizes(containers: Containers, classes: Ints) -> Ints:
    """(J, D): the size of each class."""
    sizes = np.zeros((int(classes.max(initial=-1)) + 1, containers.sizes.shape[1]), np.int64)
    sizes[classes] = containers.sizes
    return sizes


def _balanced(counts: Ints, sizes: Ints, zones: int) -> Ints:
    """(H,): a zone for each host, so that every zone has its share of every class; the fullest hosts first.

    Classes weigh by size: a large container without a place in its zone costs most.
    """
    weight = (sizes / sizes.max(axis=0, initial=1).clip(1)).sum(axis=1)
    loads = counts * np.sqrt(weight)
    zone, held = np.zeros(len(counts), np.int64), np.zeros((zones, counts.shape[1]))
    for host in np.argsort(-(loads**2).sum(axis=1), kind="stable").tolist():
        zone[host] = int(np.argmin(held @ loads[host]))
        held[zone[host]] += loads[host]
    for _ in range(SWEEPS if len(counts) <= SWAPPED else 0):
        for host in range(len(counts)):
            _swap(host, loads, zone, held)
    return zone


def _swap(host: int, loads: Floats, zone: Ints, held: Floats) -> None:
    """Change zones with the host that makes zones most alike, if any does."""
    own = zone[host]
    step = loads[host] - loads  # what the other's zone would gain
    gain = 2 * ((held[zone] - held[own]) * step).sum(axis=1) + 2 * (step**2).sum(axis=1)
    gain[zone == own] = 0.0
    other = int(np.argmin(gain))
    if gain[other] < -1e-9:
        held[zone[other]] += step[other]
        held[own] -= step[other]
        zone[host], zone[other] = zone[other], own


def settle(state: State, waiting: Ints) -> None:
    """Free room first, the largest first; then new hosts for what is left in each zone, chosen together."""
    old = len(state.machines)
    for _ in range(ROUNDS):
        waiting = _fit(state, waiting)
        if len(waiting) == 0:
            break
        zone = np.array([_zone(container, state) for container in waiting.tolist()])
        for number in np.unique(zone).tolist():
            for machine in _machines_for(state, waiting[zone == number]):
                state.open(machine, number)
    for container in _fit(state, waiting).tolist():
        state.put(container, state.open(_cheapest(container, state), _zone(container, state)))
    shrink(state, old)


def _fit(state: State, waiting: Ints) -> Ints:
    """Best fit; what found no room."""
    room = state.catalogue.room.max(axis=0).clip(1)
    size = (state.containers.sizes[waiting] / room).max(axis=1)
    rest: list[int] = []
    for container in waiting[np.lexsort((waiting, -size))].tolist():
        host = state.tightest(container, state.may(container))
        rest.append(container) if host < 0 else state.put(container, host)
    return np.array(rest, np.int64)


def _machines_for(state: State, waiting: Ints) -> list[int]:
    services, service = np.unique(state.containers.service[waiting], return_inverse=True)
    per_host, per_zone = state.containers.per_host[services], state.containers.per_zone[services]
    left = Containers(sizes=state.containers.sizes[waiting], service=service, per_host=per_host, per_zone=per_zone)
    demand, _ = demand_of(left, state.catalogue)
    values = bound.volume(demand, state.catalogue)
    packed = [centric.pack(values, demand, state.catalogue, orders) for orders in centric.ORDERS]
    return min(packed, key=lambda filled: filled.cost(state.catalogue)).machines.tolist()


def shrink(state: State, first: int) -> None:
    """Every host from number `first` on the cheapest machine that holds what it has."""
    used = state.catalogue.room[state.machines] - state.free
    new = (np.arange(len(state.machines)) >= first) & (state.free >= 0).all(axis=1)
    for machine in np.argsort(-state.catalogue.price, kind="stable").tolist():
        fits = new & (used <= state.catalogue.room[machine]).all(axis=1)
        better = fits & (state.catalogue.price[machine] <= state.catalogue.price[state.machines])
        state.machines = np.where(better, machine, state.machines)
    state.free = state.catalogue.room[state.machines] - used


def _most(containers: Containers, classes: Ints, count: int) -> Ints:
    """(J,): how many of a class one host may hold, were all services of the class on it with their share."""
    services, first_of = np.unique(containers.service, return_index=True)
    return np.bincount(classes[first_of], weights=containers.per_host[services], minlength=count).astype(np.int64)


def _largest_first(members: list[Ints]) -> list[Ints]:
    """Services with replicas that fill zones evenly have the least choice."""
    return sorted((group for group in members if len(group)), key=lambda group: (-len(group), int(group[0])))


Slots = list[deque[list[int]]]
"""Of one class: for each zone the hosts with places for it, as [host, places], taken in turn."""


def _slots(counts: Ints, zone: Ints, zones: int) -> list[Slots]:
    slots: list[Slots] = [[deque() for _ in range(zones)] for _ in range(counts.shape[1])]
    hosts, classes = np.nonzero(counts)
    for host, one, places in zip(hosts.tolist(), classes.tolist(), counts[hosts, classes].tolist(), strict=True):
        slots[one][int(zone[host])].append([host, places])
    return slots


def _deal_service(group: Ints, slots: Slots, host: Ints, per_host: int, per_zone: int) -> None:
    """Each replica to the zone with most hosts left for it, there to the next host. What finds no place stays without."""
    in_zone, on_host = [0] * len(slots), dict[int, int]()
    for container in group.tolist():
        for zone in sorted(range(len(slots)), key=lambda zone: (in_zone[zone], -len(slots[zone]), zone)):
            found = _next(slots[zone], on_host, per_host) if in_zone[zone] < per_zone else NOWHERE
            if found >= 0:
                host[container] = found
                in_zone[zone] += 1
                break


def _next(waiting: deque[list[int]], on_host: dict[int, int], per_host: int) -> int:
    for _ in range(len(waiting)):
        place = waiting[0]
        if on_host.get(place[0], 0) < per_host:
            on_host[place[0]] = on_host.get(place[0], 0) + 1
            place[1] -= 1
            waiting.rotate(-1) if place[1] else waiting.popleft()
            return place[0]
        waiting.rotate(-1)
    return NOWHERE


def _cheapest(container: int, state: State) -> int:
    fits = np.flatnonzero((state.catalogue.room >= state.containers.sizes[container]).all(axis=1))
    if len(fits) == 0:
        raise ValueError(f"no machine holds container {container}")
    return int(fits[np.argmin(state.catalogue.price[fits])])


def _zone(container: int, state: State) -> int:
    """The zone with fewest replicas of its service, then with fewest hosts."""
    held = state.host[state.members[int(state.containers.service[container])]]
    replicas = np.bincount(state.zones[held[held >= 0]], minlength=state.zone_count)
    hosts = np.bincount(state.zones, minlength=state.zone_count)
    return int(np.lexsort((np.arange(state.zone_count), hosts, replicas))[0])
