"""The most valuable filling of each machine type: one table over CPU and memory answers for all types."""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from provisioner.placement.fleet.model import FREE, Bools, Floats, Ints

Table: TypeAlias = npt.NDArray[np.int32]
Bits: TypeAlias = npt.NDArray[np.uint8]

CELLS: Final = 1_200_000
"""Of the table at most: machines beyond it are left to the relaxation, which is close for large machines."""


MANY: Final = 32
"""Containers of a class from which a limit is left out: a host seldom has so many alike."""
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


def solve(values: Ints, sizes: Ints, rooms: Ints, good: Floats, limits: Ints, rivals: Ints) -> tuple[Ints, Ints, Ints]:
    """For each room (T, 2) the greatest value that fits, and fillings: room numbers (P,) with counts (P, J).

    `limits` and `rivals` are a demand's. A filling is about the best one that holds at least one of a class, for each class
    and room; those worth less than the room's `good` (T,) are left out.
    """
    grid = np.maximum(np.gcd.reduce(sizes, axis=0), 1)
    steps, cells = sizes // grid, _useful(sizes, rooms) // grid
    able = np.where(steps > 0, cells.max(axis=0) // np.maximum(steps, 1), MANY).min(axis=1)
    limits = np.minimum(limits, able)
    free = (rivals == FREE) & (limits >= np.minimum(able, MANY))
    first = np.zeros(cells.max(axis=0) + 1, np.int32)
    for value, (cpu, memory) in zip(values[free].tolist(), steps[free].tolist(), strict=True):
        _add(first, value, cpu, memory)
    table, choices = _limited(first, values, steps, _stages(limits, rivals, free))
    worth = table[cells[:, 0], cells[:, 1]].astype(np.int64)
    room, one = (index.ravel() for index in np.indices((len(rooms), len(values))))
    start = cells[room] - steps[one]
    inside = (start >= 0).all(axis=1)
    room, one, start = room[inside], one[inside], start[inside]
    reached = (table[start[:, 0], start[:, 1]] + values[one]) / good[room]
    kept = np.argsort(-reached, kind="stable")[: min(FILLINGS, int((reached >= 1).sum()))]
    counts, left = _taken(choices, steps, start[kept])
    counts[:, free] += _trace(first, values[free], steps[free], left)
    counts[np.arange(len(kept)), one[kept]] += 1
    return worth, room[kept], np.minimum(counts, np.where(free, counts, limits))


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


def _stages(limits: Ints, rivals: Ints, free: Bools) -> list[list[tuple[int, int]]]:
    """Of each stage one of its pairs, class and quantity, may be taken: any quantity up to a limit is a sum of such."""
    stages: list[list[tuple[int, int]]] = []
    for one in np.flatnonzero(~free & (rivals == FREE)).tolist():
        left, quantity = int(limits[one]), 1
        while left > 0:
            stages.append([(one, min(quantity, left))])
            left, quantity = left - quantity, quantity * 2
    groups = np.unique(rivals[rivals != FREE])
    return stages + [[(one, 1) for one in np.flatnonzero(rivals == group).tolist()] for group in groups]


def _limited(
    first: Table, values: Ints, steps: Ints, stages: list[list[tuple[int, int]]]
) -> tuple[Table, list[tuple[int, int, int, Bits]]]:
    """The table after all stages, and of each choice the stage, the class, the quantity and the cells that it made better."""
    table, choices = first.copy(), list[tuple[int, int, int, Bits]]()
    for number, stage in enumerate(stages):
        before = table if len(stage) == 1 else table.copy()
        for one, quantity in stage:
            cpu, memory = (steps[one] * quantity).tolist()
            better = np.zeros(table.shape, np.bool_)
            target = table[cpu:, memory:]
            if target.size:
                raised = before[: len(target), : target.shape[1]] + np.int32(values[one] * quantity)
                np.greater(raised, target, out=better[cpu:, memory:])
                np.maximum(raised, target, out=target)
            choices.append((number, one, quantity, np.packbits(better, axis=1)))
    return table, choices


def _taken(choices: list[tuple[int, int, int, Bits]], steps: Ints, cells: Ints) -> tuple[Ints, Ints]:
    """(P, J): what the stages put into cells (P, 2), and the cells of the first table that this leaves."""
    counts, at, last = np.zeros((len(cells), len(steps)), np.int64), cells.copy(), np.full(len(cells), -1)
    for number, one, quantity, better in reversed(choices):
        row, column = at.T
        taken = ((better[row, column >> 3] >> (7 - (column & 7))) & 1).astype(np.bool_) & (last != number)
        counts[taken, one] += quantity
        at[taken] -= steps[one] * quantity
        last[taken] = number
    return counts, at


def _trace(table: Table, values: Ints, steps: Ints, cells: Ints) -> Ints:
    """(P, J): the containers behind the values of cells (P, 2), all followed at once."""
    counts, at = np.zeros((len(cells), len(values)), np.int64), cells.copy()
    paths = np.flatnonzero(table[at[:, 0], at[:, 1]])
    while len(paths):
        before = at[paths, None] - steps[None]
        inside = (before >= 0).all(axis=2)
        held = table[np.maximum(before[:, :, 0], 0), np.maximum(before[:, :, 1], 0)]
        chosen = np.where(inside, held + values, -1).argmax(axis=1)
        counts[paths, chosen] += 1
        at[paths] = before[np.arange(len(paths)), chosen]
        paths = paths[table[at[paths, 0], at[paths, 1]] > 0]
    return counts
