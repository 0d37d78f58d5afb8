"""What a small change of a request would save: a host that could be a cheaper machine, were one workload a little smaller.

A container that asks for 8 CPU fills a machine of 16, since a machine of 8 keeps a reserve: 7.9 would not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from provisioner.placement.filters import refusal
from provisioner.placement.loads import loads
from provisioner.placement.model import Placement
from provisioner.placement.requests import Request
from provisioner.placement.reserve import room
from provisioner.placement.size import candidates
from provisioner.placement.slots import Load, price
from provisioner.plan.model import Plan
from provisioner.prices.offers import Offer
from provisioner.units import HOURS_PER_MONTH, Money, print_cpu

SMALL: Final = 10
"""Percent of a request that may be given up for it to be a small change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    workload: str
    millicpu: int
    """To ask for instead."""
    memory_mib: int
    host: str
    machine: str
    """What the host would be."""
    saves: Money
    """A month."""
    words: str


def hints(plan: Plan, offers: Sequence[Offer], placement: Placement) -> tuple[Hint, ...]:
    """For each host the small change of one request that saves most, the greatest saving first."""
    if any(offer.own for offer in offers):  # they are there, whatever is asked of them
        return ()
    machines = candidates(plan, offers)
    best = (_best(load, machines) for load in loads(plan, placement).values())
    return tuple(sorted((hint for hint in best if hint is not None), key=lambda hint: (-hint.saves.nano, hint.workload)))


def _best(load: Load, machines: Mapping[str, tuple[Offer, ...]]) -> Hint | None:
    found = (hint for offer in machines[load.slot.group.name] for hint in _with(load, offer))
    return max(found, key=lambda hint: (hint.saves.nano, hint.millicpu, hint.memory_mib), default=None)


def _with(load: Load, offer: Offer) -> Iterator[Hint]:
    """The single requests that, made a little smaller, let the host be this machine."""
    saved = load.slot.hourly - price(offer, spot=load.slot.spot)
    smaller = room(offer, load.slot.group)
    cpu, memory = max(0, load.millicpu - smaller.millicpu), max(0, load.memory_mib - smaller.memory_mib)
    other = replace(load.slot, offer=offer, capacity=smaller)
    possible = load.gpu <= smaller.gpu and not any(refusal(request, Load(other)) for request in load.requests)
    if saved.nano <= 0 or not possible or (cpu, memory) == (0, 0):
        return
    for request in load.requests:
        if cpu * 100 <= request.needs.millicpu * SMALL and memory * 100 <= request.needs.memory_mib * SMALL:
            yield _hint(request, load, offer, cpu, memory, saved.times(HOURS_PER_MONTH))


def _hint(request: Request, load: Load, offer: Offer, cpu: int, memory: int, saves: Money) -> Hint:
    needs = request.needs
    changes = [f"cpu {print_cpu(needs.millicpu - cpu)} instead of {print_cpu(needs.millicpu)}"] if cpu else []
    changes += [f"memory {needs.memory_mib - memory}MiB instead of {needs.memory_mib}MiB"] if memory else []
    asking = f"{' and '.join(request.members)}, together" if len(request.members) > 1 else request.name
    words = f"{asking}: {' and '.join(changes)} saves {saves} a month ({load.slot.name} would be {offer.machine})"
    return Hint(
        workload=request.name,
        millicpu=needs.millicpu - cpu,
        memory_mib=needs.memory_mib - memory,
        host=load.slot.name,
        machine=offer.machine,
        saves=saves,
        words=words,
    )
