"""Bin-centric packing: host by host, always the fullest host for its price, repeated as often as its containers last."""

from typing import Final

import numpy as np

from provisioner.placement.fleet.model import Demand, Filled, Floats, Ints, Machines, joined, nothing
from provisioner.placement.fleet.patterns import Order, fill

ORDERS: Final[tuple[tuple[Order, ...], ...]] = (
    (Order(1, 4),),
    (Order(0.25, 2),),
    (Order(0.5, 2), Order(1, 4)),
)
"""Each is tried alone: which one does best depends on the containers (measured: `make bench`)."""


def pack(values: Floats, demand: Demand, machines: Machines, orders: tuple[Order, ...]) -> Filled:
    """Hosts that hold all of `demand`. Something fits on every class's way, or `ValueError`."""
    left, packed = demand.counts.copy(), [nothing(len(demand.counts))]
    while left.any():
        tried = joined(*(fill(values, demand, machines, left, order) for order in orders))
        best = int(np.argmax(tried.counts @ values / machines.price[tried.machines]))
        pattern = tried.counts[best]
        if not pattern.any():
            raise ValueError(f"no machine holds any of the classes {np.flatnonzero(left).tolist()}")
        times = int((left[pattern > 0] // pattern[pattern > 0]).min())
        packed.append(repeated(tried.machines[best], pattern, times))
        left = left - times * pattern
    return joined(*packed)


def repeated(machine: np.int64, pattern: Ints, times: int) -> Filled:
    return Filled(machines=np.full(times, machine), counts=np.repeat(pattern[None], times, axis=0))
