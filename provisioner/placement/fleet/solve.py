"""Machines for a demand: several starts, the configuration LP over their patterns, rounded down, the rest packed again."""

from dataclasses import dataclass

import numpy as np

from provisioner.placement.fleet import EXACT, bound, centric, columns, exact
from provisioner.placement.fleet.model import Demand, Filled, Floats, Machines, joined


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    filled: Filled
    cost: int
    """Nano-USD an hour."""
    bound: int
    """Proven: nothing costs less."""
    optimal: bool
    """Whether that is proven of `filled`."""

    @property
    def gap(self) -> float:
        """The cost over the bound, as a share of the bound."""
        return self.cost / self.bound - 1 if self.bound else 0.0


def solve(demand: Demand, machines: Machines) -> Solution:
    """The cheapest hosts found for all of `demand`. `ValueError` where a container fits on no machine."""
    if not demand.counts.any():
        return Solution(filled=centric.nothing(len(demand.counts)), cost=0, bound=0, optimal=True)
    values = bound.volume(demand, machines)
    starts = [_smallest(centric.pack(values, demand, machines, orders), demand, machines) for orders in centric.ORDERS]
    relaxed = columns.relax(values, demand, machines, joined(*starts))
    found = [*starts, *_rounded(relaxed, demand, machines)]
    best = min(found, key=lambda filled: (filled.cost(machines), len(filled)))
    if demand.counts.sum() <= EXACT:
        best, proven = exact.solve(demand, machines, best, relaxed.bound)
        return _solution(best, machines, proven)
    return _solution(best, machines, relaxed.bound)


def _solution(filled: Filled, machines: Machines, proven: float) -> Solution:
    cost = filled.cost(machines)
    whole = cost if proven >= cost else min(cost, int(np.ceil(proven * (1 - 1e-9))))
    return Solution(filled=filled, cost=cost, bound=whole, optimal=whole == cost)


def _rounded(relaxed: columns.Relaxed, demand: Demand, machines: Machines) -> list[Filled]:
    """Whole hosts of the LP's patterns, and the rest of the containers packed in each of the orders."""
    times = np.floor(relaxed.shares + 1e-6).astype(np.int64)
    whole = _without_surplus(_times(relaxed.patterns, times), demand)
    rest = demand.of(demand.counts - whole.counts.sum(axis=0))
    values = _positive(relaxed.values, demand, machines)
    packed = [centric.pack(values, rest, machines, orders) for orders in centric.ORDERS]
    return [_smallest(joined(whole, filled), demand, machines) for filled in packed]


def _times(patterns: Filled, times: np.ndarray) -> Filled:
    return Filled(machines=np.repeat(patterns.machines, times), counts=np.repeat(patterns.counts, times, axis=0))


def _positive(values: Floats, demand: Demand, machines: Machines) -> Floats:
    """The LP may give a class no price at all; half of its volume's keeps it from being left to the end."""
    return np.maximum(values, bound.volume(demand, machines) / 2)


def _without_surplus(filled: Filled, demand: Demand) -> Filled:
    """Whole patterns may hold more of a class than there is: taken off the last hosts."""
    before = np.cumsum(filled.counts, axis=0) - filled.counts
    return Filled(machines=filled.machines, counts=np.clip(demand.counts - before, 0, filled.counts))


def _smallest(filled: Filled, demand: Demand, machines: Machines) -> Filled:
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
