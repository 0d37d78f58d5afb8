"""Preference among hosts that pass: an order gives each a score from 0 to 1, and the highest is chosen."""

from collections.abc import Callable

from provisioner.placement.requests import Request
from provisioner.placement.slots import Load

Order = Callable[[Request, Load], float]


def tightest(request: Request, load: Load) -> float:
    """How full the host would be, the mean of its CPU's and its memory's share taken: large gaps stay for large workloads."""
    room = load.slot.capacity
    cpu = (load.millicpu + request.needs.millicpu) / (room.millicpu or 1)
    memory = (load.memory_mib + request.needs.memory_mib) / (room.memory_mib or 1)
    return (cpu + memory) / 2


def emptiest(request: Request, load: Load) -> float:
    """How empty the host would be: hosts that are paid for anyway share the load."""
    return 1 - tightest(request, load)
