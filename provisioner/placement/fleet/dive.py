"""Whole hosts out of the LP's fractions: those it is surest of are taken, and the LP is solved again for what is left."""

from typing import Final

import numpy as np

from provisioner.placement.fleet import centric
from provisioner.placement.fleet.columns import GREEDILY, Pool, Relaxed, cover
from provisioner.placement.fleet.model import Demand, Filled, Floats, Ints, Machines, joined, nothing
from provisioner.placement.fleet.patterns import fill

TAKEN: Final = 0.5
"""Share of the LP's hosts that are taken before it is solved again."""
SURE: Final = 1e-6
"""Below a whole host by so little, a fraction is one."""


def dive(relaxed: Relaxed, demand: Demand, machines: Machines, floor: Floats) -> Filled:
    """Hosts that hold all of `demand`. `floor` (J,) is what a class counts as worth where the LP gives it no price.

    At every depth the rest is packed host by host too, and the cheapest of all these is kept.
    """
    patterns, shares, values = relaxed.patterns, relaxed.shares, relaxed.values
    taken, found = nothing(len(demand.counts)), list[Filled]()
    while True:
        sure = _surest(patterns, shares, demand.counts)
        taken, demand = joined(taken, sure), demand.of(demand.counts - sure.counts.sum(axis=0))
        if not demand.counts.any():
            break
        worth, orders = np.maximum(values, floor), centric.ORDERS[len(found) % len(centric.ORDERS)]
        found.append(smallest(joined(taken, centric.pack(worth, demand, machines, orders)), demand, machines))
        patterns = _left(patterns, values, demand, machines)
        shares, values = cover(patterns, demand, machines)
    return min([*found, smallest(taken, demand, machines)], key=lambda filled: (filled.cost(machines), len(filled)))


def _surest(patterns: Filled, shares: Floats, counts: Ints) -> Filled:
    """Whole hosts of the patterns with the greatest shares, each as often as its containers last, one at least."""
    left, times, most = counts.copy(), np.zeros(len(patterns), np.int64), max(1.0, shares.sum() * TAKEN)
    for one in np.argsort(-shares, kind="stable").tolist():
        if shares[one] < 1 - SURE and times.sum() >= most:
            break
        held = patterns.counts[one] > 0
        whole = max(1, int(shares[one] + SURE))
        times[one] = min(whole, int((left[held] // patterns.counts[one][held]).min()))
        left = left - times[one] * patterns.counts[one]
    return Filled(machines=np.repeat(patterns.machines, times), counts=np.repeat(patterns.counts, times, axis=0))


def _left(patterns: Filled, values: Floats, demand: Demand, machines: Machines) -> Filled:
    """Patterns for what is left: the old ones without what is gone, and new ones."""
    pool = Pool(len(demand.counts))
    clipped = Filled(machines=patterns.machines, counts=np.minimum(patterns.counts, demand.counts))
    pool.add(smallest(clipped, demand, machines))
    found = (fill(values, demand, machines, demand.counts, order) for order in GREEDILY)
    pool.add(smallest(joined(*found), demand, machines))
    return pool.filled


def smallest(filled: Filled, demand: Demand, machines: Machines) -> Filled:
    """Each host on the cheapest machine that holds what it has; hosts with nothing are left out."""
    some = filled.counts.any(axis=1)
    counts, chosen = filled.counts[some], filled.machines[some].copy()
    used = counts @ demand.sizes
    barred = (counts > 0).astype(np.float32) @ (~demand.allowed).astype(np.float32)
    for machine in np.lexsort((np.arange(len(machines.price)), machines.price))[::-1]:
        fits = (used <= machines.room[machine]).all(axis=1) & (barred[:, machine] == 0)
        better = fits & (machines.price[machine] <= machines.price[chosen])
        chosen[better] = machine
    return Filled(machines=chosen, counts=counts)
