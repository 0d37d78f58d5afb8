"""Preference among hosts that pass: the tightest fit, so that large gaps stay for large workloads."""

from fractions import Fraction

from provisioner.placement.requests import Request
from provisioner.placement.slots import Load


def score(request: Request, load: Load) -> Fraction:
    """How full the host would be, 0 to 1: the mean of its CPU's and its memory's share taken. Higher is preferred."""
    room = load.slot.capacity
    cpu = Fraction(load.millicpu + request.needs.millicpu, room.millicpu or 1)
    memory = Fraction(load.memory_mib + request.needs.memory_mib, room.memory_mib or 1)
    return (cpu + memory) / 2
