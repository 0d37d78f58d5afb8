"""The optimum for few containers: hosts with a machine type each, and whole containers of each class in each host."""

from typing import Final

import numpy as np

from provisioner.placement.fleet import linear
from provisioner.placement.fleet.model import Demand, Filled, Floats, Ints, Machines

NODES: Final = 20_000
"""Of branch and bound at most: a number of steps instead of a time limit, so that the result never depends on the machine."""


def solve(demand: Demand, machines: Machines, known: Filled, proven: float) -> tuple[Filled, float]:
    """The cheapest hosts, and the bound proven: equal to their cost where the search came to its end.

    `known` is a right solution and `proven` a bound; both make the search short.
    """
    cost = known.cost(machines)
    classes = np.flatnonzero(demand.counts)
    types = _worthwhile(demand, machines)
    if len(types) == 0 or cost <= proven * (1 + 1e-9):
        return known, proven
    hosts = min(int(demand.counts.sum()), cost // int(machines.price[types].min()))
    found = linear.assign(_program(demand, machines, classes, types, int(hosts), proven, cost))
    if found.values is None:
        return known, max(proven, found.bound * cost)
    chosen, counts = _read(found.values, demand, classes, types, int(hosts))
    better = Filled(machines=chosen, counts=counts)
    best = better if better.cost(machines) < cost else known
    return best, float(best.cost(machines)) if found.optimal else max(proven, found.bound * cost)


def _worthwhile(demand: Demand, machines: Machines) -> Ints:
    """Machine types for which no other one costs no more, has no less useful room and takes as many classes."""
    total = demand.counts @ demand.sizes
    room = np.minimum(machines.room, total)
    kept: list[int] = []
    for one in np.lexsort((np.arange(len(machines.price)), -room.sum(axis=1), machines.price)):
        beaten = any(
            (room[other] >= room[one]).all() and (demand.allowed[:, other] >= demand.allowed[:, one]).all() for other in kept
        )
        if not beaten and (demand.sizes[demand.counts > 0] <= machines.room[one]).all(axis=1).any():
            kept.append(int(one))
    return np.array(sorted(kept), np.int64)


def _program(
    demand: Demand, machines: Machines, classes: Ints, types: Ints, hosts: int, proven: float, cost: int
) -> linear.Program:
    """Variables: hosts x types that say which machine a host is, then hosts x classes that say what it holds."""
    kinds, held = len(types), len(classes)
    price = machines.price[types] / cost
    sizes, counts = demand.sizes[classes], demand.counts[classes]
    is_type = np.arange(hosts * kinds).reshape(hosts, kinds)
    holds = hosts * kinds + np.arange(hosts * held).reshape(hosts, held)
    rows: list[tuple[Floats, float, float]] = []
    width = hosts * (kinds + held)

    def row(pairs: list[tuple[Ints, Floats]], least: float, most: float) -> None:
        line = np.zeros(width)
        for at, factors in pairs:
            line[at] = factors
        rows.append((line, least, most))

    for host in range(hosts):
        row([(is_type[host], np.ones(kinds))], 0, 1)
        for resource in range(sizes.shape[1]):
            scale = max(1.0, float(machines.room[types, resource].max()))
            room = machines.room[types, resource] / scale
            row([(holds[host], sizes[:, resource] / scale), (is_type[host], -room)], -np.inf, 0)
        for number in range(held):
            per_type = _most_of(demand, machines, int(classes[number]), types)
            row([(holds[host, number : number + 1], np.ones(1)), (is_type[host], -per_type)], -np.inf, 0)
        if host:
            row([(is_type[host - 1], price), (is_type[host], -price)], 0, np.inf)
    for number in range(held):
        row([(holds[:, number], np.ones(hosts))], float(counts[number]), float(counts[number]))
    row([(is_type.ravel(), np.tile(price, hosts))], proven / cost * (1 - 1e-9), 1.0)
    upper = np.concatenate([np.ones(hosts * kinds), np.tile(counts.astype(float), hosts)])
    return linear.Program(
        costs=np.concatenate([np.tile(price, hosts), np.zeros(hosts * held)]), rows=rows, upper=upper, nodes=NODES
    )


def _most_of(demand: Demand, machines: Machines, chosen: int, types: Ints) -> Floats:
    """How many containers of a class one host of each type may hold: ties each class to the types, which tightens the LP."""
    size: Ints = demand.sizes[chosen]
    fits: Ints = np.where(size > 0, machines.room[types] // np.maximum(size, 1), demand.counts[chosen]).min(axis=1)
    return np.minimum(np.minimum(fits, demand.most[chosen]), demand.counts[chosen]) * demand.allowed[chosen, types].astype(float)


def _read(values: Floats, demand: Demand, classes: Ints, types: Ints, hosts: int) -> tuple[Ints, Ints]:
    whole = np.rint(values).astype(np.int64)
    chosen = whole[: hosts * len(types)].reshape(hosts, len(types))
    counts = np.zeros((hosts, len(demand.counts)), np.int64)
    counts[:, classes] = whole[hosts * len(types) :].reshape(hosts, len(classes))
    used = chosen.any(axis=1) & counts.any(axis=1)
    return types[chosen[used].argmax(axis=1)], counts[used]
