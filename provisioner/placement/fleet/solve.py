"""Machines for a demand: several starts, the configuration LP over their patterns, rounded down, the rest packed again."""

from dataclasses import dataclass

import numpy as np

from provisioner.placement.fleet import EXACT, bound, centric, columns, exact
from provisioner.placement.fleet.dive import dive, smallest
from provisioner.placement.fleet.model import Demand, Filled, Ints, Machines, joined


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


def solve(demand: Demand, machines: Machines, *, dealt: Ints | None = None) -> Solution:
    """The cheapest hosts found for all of `demand`. `ValueError` where a container fits on no machine.

    `dealt` (J,) is how many of each class a host is to hold at most; the bound is that of the demand without it.
    """
    if not demand.counts.any():
        return Solution(filled=centric.nothing(len(demand.counts)), cost=0, bound=0, optimal=True)
    if demand.counts.sum() <= EXACT:
        dealt = None
    narrow = demand if dealt is None else demand.at_most(dealt)
    values = bound.volume(demand, machines)
    starts = [smallest(centric.pack(values, narrow, machines, orders), demand, machines) for orders in centric.ORDERS]
    relaxed = columns.relax(values, narrow, machines, joined(*starts))
    found = [*starts, dive(relaxed, narrow, machines, values / 2)]
    best = min(found, key=lambda filled: (filled.cost(machines), len(filled)))
    proven = relaxed.bound
    if dealt is not None:
        proofs = (bound.prove(tried, demand, machines) for tried in (values, relaxed.trusted, relaxed.values))
        proven = max(proof.bound(machines.price) for proof in proofs)
    if demand.counts.sum() <= EXACT:
        best, proven = exact.solve(demand, machines, best, relaxed)
    return _solution(best, machines, proven)


def _solution(filled: Filled, machines: Machines, proven: float) -> Solution:
    cost = filled.cost(machines)
    whole = cost if proven >= cost else min(cost, int(np.ceil(proven * (1 - 1e-9))))
    return Solution(filled=filled, cost=cost, bound=whole, optimal=whole == cost)
