"""Machines for a demand: several starts, the configuration LP over their patterns, rounded down, the rest packed again."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from provisioner.placement.fleet import EXACT, bound, centric, columns, exact
from provisioner.placement.fleet.dive import dive, smallest
from provisioner.placement.fleet.model import Demand, Filled, Machines, joined
from provisioner.placement.fleet.state import HOSTS_PER_SERVICE


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


def solve(demand: Demand, machines: Machines, *, zones: int = 1) -> Solution:
    """The cheapest hosts found for all of `demand`. `ValueError` where a container fits on no machine.

    Of more than one zone, a host is to hold no more of a class than leaves some for every zone, on several hosts there: what
    is dealt out then has a place nearly everywhere, and the LP knows enough ways to fill a host for it to cost nearly nothing.
    The bound is of the demand as it is.
    """
    if not demand.counts.any():
        return Solution(filled=centric.nothing(len(demand.counts)), cost=0, bound=0, optimal=True)
    values, narrow = bound.volume(demand, machines), _narrow(demand, zones)
    starts, relaxed = _relaxed(narrow, machines)
    found = [*starts, dive(relaxed, narrow, machines, values / 2)]
    best = min(found, key=lambda filled: (filled.cost(machines), len(filled)))
    if demand.counts.sum() <= EXACT:
        return _solution(*exact.solve(demand, machines, best, relaxed), machines)
    return _solution(best, _proven(relaxed, demand, machines, zones), machines)


def least(demand: Demand, machines: Machines, zones: int) -> int:
    """The bound of `solve`, without hosts where that is less work."""
    if not demand.counts.any() or demand.counts.sum() <= EXACT:
        return solve(demand, machines).bound
    _, relaxed = _relaxed(_narrow(demand, zones), machines)
    return int(np.ceil(_proven(relaxed, demand, machines, zones) * (1 - 1e-9)))


def _narrow(demand: Demand, zones: int) -> Demand:
    """Of few or very many containers, as they are: of many, what is dealt out has a place nearly everywhere anyway."""
    if zones == 1 or not EXACT < demand.counts.sum() <= columns.FEW:
        return demand
    return demand.at_most(-(-demand.counts // (zones * HOSTS_PER_SERVICE)))


def _relaxed(demand: Demand, machines: Machines) -> tuple[list[Filled], columns.Relaxed]:
    """The starts, and the LP over their patterns. Asked for hosts and then for the bound of the same, it is solved once."""
    return _relax(_Asked(demand, machines))


class _Asked:
    """A demand and machines, equal to another one that has the same numbers."""

    def __init__(self, demand: Demand, machines: Machines) -> None:
        self.demand, self.machines = demand, machines
        arrays = (demand.sizes, demand.counts, demand.most, demand.allowed, demand.rivals, machines.room, machines.price)
        self._key = tuple(array.tobytes() for array in arrays)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(maxsize=2)
def _relax(asked: _Asked) -> tuple[list[Filled], columns.Relaxed]:
    demand, machines = asked.demand, asked.machines
    values = bound.volume(demand, machines)
    starts = [smallest(centric.pack(values, demand, machines, orders), demand, machines) for orders in centric.ORDERS]
    return starts, columns.relax(values, demand, machines, joined(*starts))


def _proven(relaxed: columns.Relaxed, demand: Demand, machines: Machines, zones: int) -> float:
    """Of the demand as it is, by the prices that proved most of it narrowed."""
    if _narrow(demand, zones) is demand:
        return relaxed.bound
    least = float(bound.volume(demand, machines) @ demand.counts)
    tried = [relaxed.values, *([relaxed.trusted] if relaxed.bound > least else [])]
    return max(least, *(bound.prove(values, demand, machines).bound(machines.price) for values in tried))


def _solution(filled: Filled, proven: float, machines: Machines) -> Solution:
    cost = filled.cost(machines)
    whole = cost if proven >= cost else min(cost, int(np.ceil(proven * (1 - 1e-9))))
    return Solution(filled=filled, cost=cost, bound=whole, optimal=whole == cost)
