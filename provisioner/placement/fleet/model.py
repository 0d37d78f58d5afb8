"""Arrays in, arrays out: J classes of containers, T machine types, D resources (CPU in millicpu, memory in MiB, GPUs)."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Demand:
    """Containers by class: those of one class are interchangeable."""

    sizes: Ints
    """(J, D): what one container asks for."""
    counts: Ints
    """(J,): how many there are."""
    most: Ints
    """(J,): how many may share one host."""
    allowed: Bools
    """(J, T): on which machine types they may run."""

    def of(self, counts: Ints) -> "Demand":
        """The same classes with other counts."""
        return Demand(sizes=self.sizes, counts=counts, most=self.most, allowed=self.allowed)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Machines:
    room: Ints
    """(T, D): what workloads may ask for in all, the host's reserve already taken off."""
    price: Ints
    """(T,): nano-USD an hour."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Filled:
    """H hosts: their machine types and how many containers of each class they hold. Also a set of patterns."""

    machines: Ints
    """(H,)"""
    counts: Ints
    """(H, J)"""

    def cost(self, machines: Machines) -> int:
        """Nano-USD an hour."""
        return int(machines.price[self.machines].sum())

    def __len__(self) -> int:
        return len(self.machines)


def nothing(classes: int) -> Filled:
    return Filled(machines=np.zeros(0, np.int64), counts=np.zeros((0, classes), np.int64))


def joined(*parts: Filled) -> Filled:
    return Filled(
        machines=np.concatenate([part.machines for part in parts]), counts=np.concatenate([part.counts for part in parts])
    )
