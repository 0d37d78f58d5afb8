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
from provisioner.units import HOURS_PER_MONTH, ZERO, Money, print_cpu

SMALL: Final = 10
"""Percent of a request that may be given up for it to be a small change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    workload: str
    """The runnable, where several of its replicas would save by the same change."""
    millicpu: int
    """To ask for instead."""
    memory_mib: int
    hosts: tuple[str, ...]
    machine: str
    """What each of the hosts would be."""
    saves: Money
    """A month, on all of them."""
    words: str


def hints(plan: Plan, offers: Sequence[Offer], placement: Placement) -> tuple[Hint, ...]:
    """For each host the small change of one request that saves most, the greatest saving first.

    Replicas have one request: the same change of it is one hint, with all the hosts that it would make cheaper.
    """
    if any(offer.own for offer in offers):  # they are there, whatever is asked of them
        return ()
    machines = candidates(plan, offers)
    found: dict[tuple[str, str], list[_Change]] = {}
    for load in loads(plan, placement).values():
        change = _best(load, machines)
        if change is not None:
            found.setdefault((change.words, change.machine), []).append(change)
    listed = (_hint(changes) for changes in found.values())
    return tuple(sorted(listed, key=lambda hint: (-hint.saves.nano, hint.workload, hint.hosts)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """Of one request on one host; `words` say what is asked for instead, and by whom."""

    asking: tuple[str, ...]
    millicpu: int
    memory_mib: int
    host: str
    machine: str
    saves: Money
    words: str


def _best(load: Load, machines: Mapping[str, tuple[Offer, ...]]) -> _Change | None:
    found = (change for offer in machines[load.slot.group.name] for change in _with(load, offer))
    return max(found, key=lambda change: (change.saves.nano, change.millicpu, change.memory_mib), default=None)


def _with(load: Load, offer: Offer) -> Iterator[_Change]:
    """The single requests that, made a little smaller, let the host be this machine."""
    saved = load.slot.hourly - price(offer, spot=load.slot.spot)
    smaller = room(offer, load.slot.group)
    cpu, memory = max(0, load.millicpu - smaller.millicpu), max(0, load.memory_mib - smaller.memory_mib)
    if saved.nano <= 0 or (cpu, memory) == (0, 0) or load.gpu > smaller.gpu:
        return
    enough = [one for one in load.requests if _is_small(one, cpu, memory)]
    other = Load(replace(load.slot, offer=offer, capacity=smaller))
    if enough and not any(refusal(request, other) for request in load.requests):
        for request in enough:
            yield _change(request, load, offer, cpu, memory, saved.times(HOURS_PER_MONTH))


def _is_small(request: Request, cpu: int, memory: int) -> bool:
    return cpu * 100 <= request.needs.millicpu * SMALL and memory * 100 <= request.needs.memory_mib * SMALL


def _change(request: Request, load: Load, offer: Offer, cpu: int, memory: int, saves: Money) -> _Change:
    needs = request.needs
    changes = [f"cpu {print_cpu(needs.millicpu - cpu)} instead of {print_cpu(needs.millicpu)}"] if cpu else []
    changes += [f"memory {needs.memory_mib - memory}MiB instead of {needs.memory_mib}MiB"] if memory else []
    suffix = f"/{request.replica}" if request.replica > 1 else ""
    asking = tuple(member.removesuffix(suffix) for member in request.members)
    who = " and ".join(asking) + (", together" if len(asking) > 1 else "")
    return _Change(
        asking=asking,
        millicpu=needs.millicpu - cpu,
        memory_mib=needs.memory_mib - memory,
        host=load.slot.name,
        machine=offer.machine,
        saves=saves,
        words=f"{who}: {' and '.join(changes)}",
    )


def _hint(changes: Sequence[_Change]) -> Hint:
    first, hosts = changes[0], [change.host for change in changes]
    saves = sum((change.saves for change in changes), ZERO)
    where = " and ".join(filter(None, (", ".join(hosts[:-1]), hosts[-1])))
    return Hint(
        workload=first.asking[0],
        millicpu=first.millicpu,
        memory_mib=first.memory_mib,
        hosts=tuple(hosts),
        machine=first.machine,
        saves=saves,
        words=f"{first.words} saves {saves} a month ({where} would be {first.machine})",
    )
