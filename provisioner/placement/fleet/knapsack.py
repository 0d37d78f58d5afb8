"""The most valuable filling of each machine type: one table over CPU and memory answers for all types."""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from provisioner.placement.fleet.model import Bools, Floats, Ints

Table: TypeAlias = npt.NDArray[np.int32]

CELLS: Final = 1_200_000
"""Of the table at most: machines beyond it are left to the relaxation, which is close for large machines."""


FILLINGS: Final = 250
"""Handed out at most, the most valuable for their price first."""


def affordable(sizes: Ints, rooms: Ints, wanted: Bools) -> Bools:
    """(T,): those of the wanted rooms that a table of `CELLS` can hold together, small ones first."""
    grid = np.gcd.reduce(sizes, axis=0)
    cells = _useful(sizes, rooms) // np.maximum(grid, 1) + 1
    taken = np.zeros(len(rooms), np.bool_)
    extent = np.ones(2, np.int64)
    for index in np.argsort(cells.prod(axis=1), kind="stable"):
        wider = np.maximum(extent, cells[index])
        if wanted[index] and wider.prod() <= CELLS:
            taken[index], extent = True, wider
    return taken


def solve(values: Ints, sizes: Ints, rooms: Ints, good: Floats) -> tuple[Ints, Ints, Ints]:
    """For each room (T, 2) the greatest value that fits, and fillings: room numbers (P,) with counts (P, J).

    A filling is the best one that holds at least one of a class, for each class and room; those worth less than the room's
    `good` (T,) are left out.
    """
    grid = np.maximum(np.gcd.reduce(sizes, axis=0), 1)
    steps, cells = sizes // grid, _useful(sizes, rooms) // grid
    table = np.zeros(cells.max(axis=0) + 1, np.int32)
    for value, (cpu, memory) in zip(values.tolist(), steps.tolist(), strict=True):
        _add(table, value, cpu, memory)
    worth = table[cells[:, 0], cells[:, 1]].astype(np.int64)
    room, first = (index.ravel() for index in np.indices((len(rooms), len(values))))
    start = cells[room] - steps[first]
    inside = (start >= 0).all(axis=1)
    room, first, start = room[inside], first[inside], start[inside]
    reached = (table[start[:, 0], start[:, 1]] + values[first]) / good[room]
    kept = np.argsort(-reached, kind="stable")[: min(FILLINGS, int((reached >= 1).sum()))]
    room, first, start = room[kept], first[kept], start[kept]
    counts = _trace(table, values, steps, start)
    counts[np.arange(len(first)), first] += 1
    return worth, room, counts


def _useful(sizes: Ints, rooms: Ints) -> Ints:
    """Rooms without the memory (CPU) that would be left whatever fills the CPU (memory)."""
    cpu, memory = sizes[:, 0], sizes[:, 1]
    most_memory = np.ceil(rooms[:, 0] * float((memory / np.maximum(cpu, 1)).max())).astype(np.int64)
    most_cpu = np.ceil(rooms[:, 1] * float((cpu / np.maximum(memory, 1)).max())).astype(np.int64)
    return np.minimum(rooms, np.maximum(np.stack([most_cpu, most_memory], axis=1), sizes.max(axis=0)))


def _add(table: Table, value: int, cpu: int, memory: int) -> None:
    """Allow any number of containers of one class: each block of rows looks at the block before it, already done."""
    if cpu == 0 or table.shape[1] * cpu < table.shape[0] * memory:
        table, cpu, memory = table.T, memory, cpu
    width = table.shape[1] - memory
    if width <= 0:
        return
    for start in range(cpu, table.shape[0], cpu):
        target = table[start : start + cpu, memory:]
        np.maximum(target, table[start - cpu : start - cpu + len(target), :width] + np.int32(value), out=target)


def _trace(table: Table, values: Ints, steps: Ints, cells: Ints) -> Ints:
    """(P, J): the containers behind the values of cells (P, 2), all followed at once."""
    counts = np.zeros((len(cells), len(values)), np.int64)
    paths, at = np.arange(len(cells)), cells.copy()
    while len(paths):
        before = at[:, None] - steps[None]
        inside = (before >= 0).all(axis=2)
        held = table[np.maximum(before[:, :, 0], 0), np.maximum(before[:, :, 1], 0)]
        gained = np.where(inside, held + values, -1)
        chosen = gained.argmax(axis=1)
        rows = np.arange(len(paths))
        more = table[at[:, 0], at[:, 1]] > 0
        counts[paths[more], chosen[more]] += 1
        paths, at = paths[more], before[rows, chosen][more]
    return counts
