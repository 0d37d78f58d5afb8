"""From machines with counts to hosts in zones with containers: replicas apart, over hosts and over zones."""

import numpy as np

from provisioner.placement.fleet import bound, centric
from provisioner.placement.fleet.deal import deal
from provisioner.placement.fleet.model import FREE, Bools, Demand, Filled, Ints, Machines
from provisioner.placement.fleet.refine import refine
from provisioner.placement.fleet.solve import Solution, solve
from provisioner.placement.fleet.squeeze import squeeze
from provisioner.placement.fleet.state import Containers, Fleet, State

ROUNDS = 3
"""Of opening hosts for what is left, before each container that still waits gets a host of its own."""

REFINED = 5_000
"""Containers up to which hosts are packed again and again: with more of them what spreading costs is small without."""


def first(containers: Containers, machines: Machines, zones: int) -> tuple[Fleet, Solution]:
    """Choose machines for all containers and place them, and the solution behind, which has cost and bound."""
    demand, classes = demand_of(containers, machines)
    solution = solve(demand, machines, zones=zones)
    fleet = dealt(containers, classes, solution.filled, machines, zones)
    if len(containers) <= REFINED:
        fleet = refine(containers, machines, fleet, zones, enough=solution.bound)
    return fleet, solution


def demand_of(containers: Containers, machines: Machines) -> tuple[Demand, Ints]:
    """Containers by size, and the class (N,) of each."""
    sizes, classes, counts = np.unique(containers.sizes, axis=0, return_inverse=True, return_counts=True)
    allowed: Bools = np.ones((len(sizes), len(machines.price)), np.bool_)
    demand = Demand(
        sizes=sizes,
        counts=counts.astype(np.int64),
        most=_most(containers, classes, len(sizes)),
        allowed=allowed,
        rivals=np.full(len(sizes), FREE),
    )
    return demand, classes


def dealt(containers: Containers, classes: Ints, filled: Filled, machines: Machines, zones: int) -> Fleet:
    """The filled hosts with zones and containers; what spreading leaves over takes free room or a new host."""
    state = State(containers, machines, zones, *deal(containers, classes, filled, zones))
    settle(state, np.flatnonzero(state.host < 0), np.zeros(len(containers), np.bool_), 0)
    shrink(state, 0)
    return state.finished()


def settle(state: State, waiting: Ints, running: Bools, budget: int) -> list[int]:
    """Free room first, the largest first; then new hosts for what is left in each zone, chosen together.

    Where there is no room, one container that is not `running`, or one of `budget` that are, may make some; those that did.
    """
    old, moved = len(state.machines), list[int]()
    for _ in range(ROUNDS):
        waiting = _fit(state, waiting, running, budget, moved)
        if len(waiting) == 0:
            break
        zone = np.array([_zone(container, state) for container in waiting.tolist()])
        for number in np.unique(zone).tolist():
            for machine in _machines_for(state, waiting[zone == number]):
                state.open(machine, number)
    for container in _fit(state, waiting, running, budget, moved).tolist():
        state.put(container, state.open(_cheapest(container, state), _zone(container, state)))
    shrink(state, old)
    return moved


def _fit(state: State, waiting: Ints, running: Bools, budget: int, moved: list[int]) -> Ints:
    """Best fit; what found no room."""
    room = state.catalogue.room.max(axis=0).clip(1)
    size = (state.containers.sizes[waiting] / room).max(axis=1)
    rest: list[int] = []
    for container in waiting[np.lexsort((waiting, -size))].tolist():
        host = state.tightest(container, state.may(container))
        if host >= 0:
            state.put(container, host)
            continue
        other = squeeze(state, container, running, budget - len(moved))
        if other < 0:
            rest.append(container)
        elif running[other]:
            moved.append(other)
            running[other] = False
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
