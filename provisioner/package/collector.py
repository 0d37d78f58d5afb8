"""Python's cyclic garbage collector, at rest while trees are made."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def resting_collector() -> Generator[None]:
    """The collector rests: it would search a growing tree that has no cycles, again and again.

    What is made within and let go within is never searched at all.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
