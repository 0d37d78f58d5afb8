"""The optimum for few containers: sets of machines, cheapest first, until one holds everything and none before it can.

What the prices of column generation prove rules out nearly all sets at once. Those that are left are packed, many at a time,
which finds the optimum; the cheaper ones are then ruled out one by one, each by prices of its own or by a search to its end.
"""

from typing import Final

import numpy as np

from provisioner.placement.fleet import linear, repack
from provisioner.placement.fleet.bound import Proof, prove
from provisioner.placement.fleet.columns import Pool, Relaxed, fitting
from provisioner.placement.fleet.model import FREE, Demand, Filled, Floats, Ints, Machines
from provisioner.placement.fleet.sets import machine_sets

TRIED: Final = 64
"""Sets packed at a time."""
ORDERS: Final = 8
"""In which each of them is packed."""
WIDER: Final = (1.01, 1.04, 2.0, 1e9)
"""Times the bound: sets up to there are looked at, and those beyond where none of them will do."""
ROUNDS: Final = 12
"""Of looking for prices that rule a set out."""
NODES: Final = 2_000
"""Of a search for the packing of one set at most: steps instead of a time limit, so that nothing hangs on the machine."""
SEARCHED: Final = 60
"""Sets that are ruled out one by one at most; beyond, the bound is what the cheapest set left costs."""
SEED: Final = 1


def solve(demand: Demand, machines: Machines, known: Filled, relaxed: Relaxed) -> tuple[Filled, float]:
    """The cheapest hosts, and the bound proven: equal to their cost where the search came to its end.

    `known` is a right solution.
    """
    best, proven = known, relaxed.bound
    if best.cost(machines) <= proven * (1 + 1e-9):
        return best, proven
    sets = np.zeros((0, len(machines.price)), np.int64)
    for more in WIDER:
        below = min(best.cost(machines), int(proven * more) + 1)
        found = machine_sets(demand, machines, relaxed.proofs, below)
        if found is None:
            return best, proven
        sets, best = _packed(found, demand, machines, best)
        if best.cost(machines) <= below:
            break
    for _ in range(SEARCHED):
        if len(sets) == 0:
            return best, float(best.cost(machines))
        proof = _ruled_out(sets[0], demand, machines, relaxed.patterns)
        if proof is not None:
            sets = sets[~proof.rules_out(sets)]
            continue
        packed = _search(sets[0], demand, machines)
        if packed is None:
            break
        if len(packed):
            return packed, float(packed.cost(machines))
        sets = sets[1:]
    return best, max(proven, float(sets[0] @ machines.price))


def _packed(sets: Ints, demand: Demand, machines: Machines, best: Filled) -> tuple[Ints, Filled]:
    """The sets cheaper than the cheapest that packing found a way for, and that way."""
    random, tried = np.random.RandomState(SEED), 0
    while tried < len(sets):
        chosen = sets[tried : tried + TRIED]
        tried += TRIED
        found = _pack(chosen, demand, machines, random)
        if found is not None and found.cost(machines) < best.cost(machines):
            best = found
            sets = sets[sets @ machines.price < best.cost(machines)]
    return sets, best


def _pack(sets: Ints, demand: Demand, machines: Machines, random: np.random.RandomState) -> Filled | None:
    """The first of the sets, cheapest first, into which everything fits in some order."""
    width = int(sets.sum(axis=1).max())
    rows = np.full((len(sets), width), -1)
    for row, chosen in zip(rows, sets, strict=True):
        listed = np.repeat(np.arange(len(chosen)), chosen)
        row[: len(listed)] = listed
    chosen = np.repeat(rows, ORDERS, axis=0)
    room = np.where((chosen >= 0)[:, :, None], machines.room[chosen], -1)
    bins = repack.Bins(machines=chosen, zones=np.zeros_like(chosen), room=room, price=np.zeros(len(chosen), np.int64))
    classes = np.repeat(np.arange(len(demand.counts)), demand.counts)
    alike: Ints = np.where(demand.rivals == FREE, np.arange(len(demand.counts)), len(demand.counts) + demand.rivals)
    most = np.ones(len(demand.counts) + int(demand.rivals.max()) + 1, np.int64)
    most[: len(demand.counts)] = demand.limits
    pool = repack.Pool(
        sizes=demand.sizes[classes],
        service=alike[classes],
        in_zone=np.zeros((1, len(most)), np.int64),
        most_per_host=most,
        most_per_zone=np.full(len(most), len(classes)),
    )
    packed = repack.pack(pool, bins, repack.orders(pool, machines.room.max(axis=0), len(chosen), ORDERS, random))
    for one in np.flatnonzero(packed.whole).tolist():
        counts = np.zeros((width, len(demand.counts)), np.int64)
        np.add.at(counts, (packed.where[one], classes), 1)
        used = counts.any(axis=1)
        found = Filled(machines=chosen[one][used], counts=counts[used])
        if demand.fits(found, machines).all():
            return found
    return None


def _ruled_out(chosen: Ints, demand: Demand, machines: Machines, patterns: Filled) -> Proof | None:
    """Prices of containers at which the machines (T,) cannot hold as much as there is; None where none are found.

    They are the duals of the least value of containers that find no place, in fractions of patterns.
    """
    pool, there = Pool(len(demand.counts)), chosen > 0
    some = there[patterns.machines]
    pool.add(Filled(machines=patterns.machines[some], counts=patterns.counts[some]))
    weights = (demand.sizes / machines.room.max(axis=0).clip(1)).sum(axis=1) * float(machines.price.max())
    for _ in range(ROUNDS):
        left, values, prices = linear.cover_with(pool.filled.machines, pool.filled.counts, demand.counts, chosen, weights)
        if left <= 1e-7 * float(weights @ demand.counts):
            return None
        proof = prove(values, demand, machines, np.where(there, prices, np.inf))
        if proof.rules_out(chosen[None])[0]:
            return proof
        if not pool.add(fitting(proof.filled, demand, machines)):
            return None
    return None


def _search(chosen: Ints, demand: Demand, machines: Machines) -> Filled | None:
    """A packing into the machines (T,); nothing where there is none, None where the steps do not tell."""
    types, classes = np.repeat(np.arange(len(chosen)), chosen), np.flatnonzero(demand.counts)
    hosts, held = len(types), len(classes)
    holds = np.arange(hosts * held).reshape(hosts, held)
    rows: list[tuple[Floats, float, float]] = []

    def row(at: Ints, factors: Floats, least: float, most: float) -> None:
        line = np.zeros(hosts * held)
        line[at] = factors
        rows.append((line, least, most))

    for host, machine in enumerate(types.tolist()):
        for resource in range(demand.sizes.shape[1]):
            scale = max(1.0, float(machines.room[machine, resource]))
            row(holds[host], demand.sizes[classes, resource] / scale, -np.inf, machines.room[machine, resource] / scale)
        for group in np.unique(demand.rivals[classes][demand.rivals[classes] != FREE]):
            rival = demand.rivals[classes] == group
            row(holds[host][rival], np.ones(int(rival.sum())), 0, 1)
    for number in range(held):
        count = float(demand.counts[classes[number]])
        row(holds[:, number], np.ones(hosts), count, count)
    upper = np.where(demand.allowed[classes][:, types].T, demand.limits[classes], 0).astype(float).ravel()
    found = linear.assign(linear.Program(costs=np.zeros(len(upper)), rows=rows, upper=upper, nodes=NODES))
    if found.values is None:
        return Filled(machines=types[:0], counts=np.zeros((0, len(demand.counts)), np.int64)) if found.infeasible else None
    counts = np.zeros((hosts, len(demand.counts)), np.int64)
    counts[:, classes] = np.rint(found.values).astype(np.int64).reshape(hosts, held)
    used = np.flatnonzero(counts.any(axis=1))
    return Filled(machines=types[used], counts=counts[used])
