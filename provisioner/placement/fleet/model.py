"""Arrays in, arrays out: J classes of containers, T machine types, D resources (CPU in millicpu, memory in MiB, GPUs)."""

from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]

FREE: Final = -1


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
    rivals: Ints
    """(J,): of all containers of classes with the same number one may be on a host; `FREE` has no rivals."""

    @property
    def limits(self) -> Ints:
        """(J,): how many of each class a host can hold at most, its room aside."""
        return np.minimum(self.counts, np.where(self.rivals == FREE, self.most, np.minimum(self.most, 1)))

    def of(self, counts: Ints) -> "Demand":
        """The same classes with other counts."""
        return replace(self, counts=counts)

    def at_most(self, most: Ints) -> "Demand":
        """The same with no more than `most` (J,) of each class on a host."""
        return replace(self, most=np.minimum(self.most, most))

    def fits(self, filled: "Filled", machines: "Machines") -> Bools:
        """(H,): the hosts that may be as they are filled."""
        right = np.ones(len(filled), np.bool_)
        right &= (filled.counts @ self.sizes <= machines.room[filled.machines]).all(axis=1)
        right &= (filled.counts <= self.limits).all(axis=1)
        right &= ~((filled.counts > 0) & ~self.allowed.T[filled.machines]).any(axis=1)
        for group in range(int(self.rivals.max(initial=FREE)) + 1):
            right &= filled.counts[:, self.rivals == group].sum(axis=1) <= 1
        return right


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
