"""Workloads onto hosts: what was placed stays, the rest goes in decreasing order, and hosts are opened only when needed.

Hosts that are paid for anyway share the load: each workload takes the host that it leaves the emptiest. Where this leaves
something without a place, or opens a host more, the tightest fit decides instead.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from provisioner.placement.filters import refusal
from provisioner.placement.fit import fits
from provisioner.placement.requests import Request, by_difficulty
from provisioner.placement.score import Order, emptiest, tightest
from provisioner.placement.slots import Load, Slot
from provisioner.units import ZERO, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """A finished attempt: the opened hosts in their groups' order, and what found no place."""

    loads: tuple[Load, ...]
    unplaced: tuple[Request, ...]
    order: Order
    """What decided among hosts that pass."""

    @property
    def assignments(self) -> dict[str, str]:
        return {request.name: load.slot.name for load in self.loads for request in load.requests}

    @property
    def hourly(self) -> Money:
        return sum((load.slot.hourly for load in self.loads), ZERO)

    def moved(self, last: Mapping[str, str]) -> tuple[str, ...]:
        """Placed workloads whose host is not the last one."""
        return tuple(sorted(name for name, host in self.assignments.items() if last.get(name, host) != host))


def pack(requests: Sequence[Request], slots: Sequence[Slot], kept: Iterable[str], last: Mapping[str, str]) -> Packing:
    """Place every request. `kept` names the hosts that exist whatever runs on them (minimum counts, volumes).

    First everything stays where it was in `last` if that is still possible. Where this leaves something without a place,
    the last host becomes a preference, then nothing at all: what must move moves only then.
    """
    always = set(kept)
    orders = (emptiest, tightest)
    staying = min(
        (_attempt(requests, slots, always, last, order=order, hold=True) for order in orders),
        key=lambda packing: (len(packing.unplaced), packing.hourly),
    )
    if not staying.unplaced:
        return staying
    preferring = _attempt(requests, slots, always, last, order=tightest, hold=False)
    if not preferring.unplaced:
        return preferring
    return _attempt(requests, slots, always, {}, order=tightest, hold=False)


def _attempt(
    requests: Sequence[Request], slots: Sequence[Slot], always: set[str], last: Mapping[str, str], *, order: Order, hold: bool
) -> Packing:
    used = {last[request.name] for request in requests if request.name in last}
    opened = {slot.name: Load(slot) for slot in slots if slot.name in always or slot.name in used}
    spare = {slot.name: slot for slot in slots if slot.name not in opened}
    ordered = by_difficulty(requests)
    bound = [request for request in ordered if request.freedom <= 1]
    unplaced = [request for request in bound if not _place(request, opened, spare, last, order)]
    rest = [request for request in ordered if request.freedom > 1]
    if hold:
        rest = _hold(rest, opened, last)
    unplaced += [request for request in rest if not _place(request, opened, spare, last, order)]
    needed = [opened[slot.name] for slot in slots if slot.name in opened and (slot.name in always or opened[slot.name].requests)]
    return Packing(loads=tuple(needed), unplaced=tuple(unplaced), order=order)


def _hold(requests: Sequence[Request], opened: Mapping[str, Load], last: Mapping[str, str]) -> list[Request]:
    """Put back whatever can stay; return the rest.

    Those that want a host alone come last, since where they share one it is they that changed; so do those that ignore
    pressure, since they fit after the others and the others may not fit after them.
    """
    rest: list[Request] = []
    for request in sorted(requests, key=lambda request: (request.resident, request.ignore_pressure)):
        load = opened.get(last.get(request.name, ""))
        if load is not None and _feasible(request, load):
            load.add(request)
        else:
            rest.append(request)
    return list(by_difficulty(rest))


def _place(request: Request, opened: dict[str, Load], spare: dict[str, Slot], last: Mapping[str, str], order: Order) -> bool:
    """On its last host, else the opened host that is preferred, else the cheapest host that can be opened for it."""
    feasible = [load for load in opened.values() if _feasible(request, load)]
    if not feasible:
        new = [slot for slot in spare.values() if _feasible(request, Load(slot))]
        if not new:
            return False
        slot = min(new, key=lambda slot: (slot.hourly, slot.group.name, slot.number))
        del spare[slot.name]
        feasible = [opened.setdefault(slot.name, Load(slot))]
    best = min(feasible, key=lambda load: _preference(request, load, last, order))
    best.add(request)
    return True


def _preference(request: Request, load: Load, last: Mapping[str, str], order: Order) -> tuple[bool, bool, bool, float, str, int]:
    elsewhere = last.get(request.name) != load.slot.name
    wasteful = load.slot.offer.gpu > request.needs.gpu == 0
    return (elsewhere, wasteful, not _has_room(request, load), -order(request, load), load.slot.group.name, load.slot.number)


def _has_room(request: Request, load: Load) -> bool:
    """Whether CPU is left too, which matters only to workloads that ignore pressure."""
    return request.needs.millicpu <= load.free_millicpu


def _feasible(request: Request, load: Load) -> bool:
    return fits(request, load) and not refusal(request, load)
