"""Room made for a container by moving one other, smaller one out of its way."""

from typing import Final

import numpy as np

from provisioner.placement.fleet.model import Bools
from provisioner.placement.fleet.state import NOWHERE, State

TRIED: Final = 40
"""Containers that could make room, looked at for one that waits: the smallest first."""


def squeeze(state: State, container: int, running: Bools, budget: int) -> int:
    """Put the container onto a host that another one leaves for free room elsewhere; which one, `NOWHERE` where there is none.

    Those that are not `running` (N,) go first. Of those that are, none moves without a `budget`.
    """
    placed = np.flatnonzero(state.host >= 0)
    size, host = state.containers.sizes, state.host[placed]
    able = (state.free[host] + size[placed] >= size[container]).all(axis=1) & state.apart(container)[host]
    if budget <= 0:
        able &= ~running[placed]
    placed = placed[able]
    share = (size[placed] / state.catalogue.room.max(axis=0).clip(1)).max(axis=1)
    for other in placed[np.lexsort((placed, share, running[placed]))][:TRIED].tolist():
        left = int(state.host[other])
        allowed = state.may(other)
        allowed[left] = False
        target = state.tightest(other, allowed)
        if target != NOWHERE:
            state.take(other)
            state.put(other, target)
            state.put(container, left)
            return other
    return NOWHERE
