"""Work on many pieces that do not depend on each other, on all processors."""

import os
import pickle
from collections.abc import Callable
from itertools import pairwise
from typing import Final

from provisioner.errors import Problem, Problems

FEWEST: Final = 1000
"""Pieces that are worth another process."""


def in_pieces(count: int, run: Callable[[int, int], None], problems: Problems) -> None:
    """Call `run(start, stop)` for all of `count` pieces; it adds to `problems`, whose order is that of the pieces.

    Each process is a copy of this one, so that what has been loaded is shared, and only problems come back. What another process
    did not finish is done here, so that whatever stopped it is seen.
    """
    first, *others = pairwise(_bounds(count))
    started = [_start(run, start, stop, problems) for start, stop in others]
    run(*first)
    for (start, stop), (child, pipe) in zip(others, started, strict=True):
        with os.fdopen(pipe, "rb") as reading:
            answer = reading.read()
        _, status = os.waitpid(child, 0)
        if status == 0:
            found: tuple[Problem, ...] = pickle.loads(answer)  # noqa: S301 - our own process wrote it
            problems.extend(found)
        else:
            run(start, stop)


def _bounds(count: int) -> list[int]:
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    processes = max(1, min(processors, count // FEWEST))
    return [count * number // processes for number in range(processes + 1)]


def _start(run: Callable[[int, int], None], start: int, stop: int, problems: Problems) -> tuple[int, int]:
    """A process that runs these pieces: its number, and the pipe that its problems come from."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    status = 1
    try:
        before = len(problems)
        run(start, stop)
        with os.fdopen(writing, "wb") as answer:
            pickle.dump(tuple(problems)[before:], answer)
        status = 0
    finally:
        os._exit(status)
