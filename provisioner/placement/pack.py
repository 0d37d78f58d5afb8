"""Workloads onto hosts: what was placed stays, the rest goes in decreasing order, and hosts are opened only when needed.

Hosts that are paid for anyway share the load: each workload takes the host that it leaves the emptiest. Where this leaves
something without a place, or opens a host more, the tightest fit decides instead.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from provisioner.placement import quota
from provisioner.placement.filters import refusal
from provisioner.placement.fit import fits
from provisioner.placement.requests import Request, by_difficulty
from provisioner.placement.score import Order, emptiest, tightest
from provisioner.placement.slots import Held, Load, Slot
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
        return {name: load.slot.name for load in self.loads for request in load.requests for name in request.members}

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
    attempt = _Attempt.begun(slots, always | {last[request.name] for request in requests if request.name in last}, last, order)
    ordered = by_difficulty(requests)
    bound = [request for request in ordered if request.freedom <= 1]
    unplaced = [request for request in bound if not attempt.place(request)]
    rest = [request for request in ordered if request.freedom > 1]
    if hold:
        rest = _hold(rest, attempt.opened, last)
    unplaced += [request for request in rest if not attempt.place(request)]
    return Packing(loads=attempt.finished(slots, always), unplaced=tuple(unplaced), order=order)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """Hosts that are open and hosts that could be, while requests are placed."""

    opened: dict[str, Load]
    spare: dict[str, Slot]
    held: Held
    last: Mapping[str, str]
    order: Order

    @classmethod
    def begun(cls, slots: Sequence[Slot], there: set[str], last: Mapping[str, str], order: Order) -> "_Attempt":
        held: Held = Counter()
        return cls(
            opened={slot.name: Load(slot, held) for slot in slots if slot.name in there},
            spare={slot.name: slot for slot in slots if slot.name not in there},
            held=held,
            last=last,
            order=order,
        )

    def place(self, request: Request) -> bool:
        """On its last host, else the opened host that is preferred, else the cheapest host that can be opened for it."""
        feasible = [load for load in self.opened.values() if _feasible(request, load)]
        if not feasible:
            new = [
                slot
                for slot in self.spare.values()
                if quota.is_open_to(slot, self.opened) and _feasible(request, Load(slot, self.held))
            ]
            if not new:
                return False
            slot = min(new, key=lambda slot: (slot.hourly, slot.group.name, slot.number))
            del self.spare[slot.name]
            feasible = [self.opened.setdefault(slot.name, Load(slot, self.held))]
        best = min(feasible, key=lambda load: _preference(request, load, self.last, self.order))
        best.add(request)
        return True

    def finished(self, slots: Sequence[Slot], always: set[str]) -> tuple[Load, ...]:
        """The hosts that hold something or are there anyway, in the slots' order."""
        needed = {name for name, load in self.opened.items() if name in always or load.requests}
        needed |= quota.owed(slots, needed)
        return tuple(self.opened.get(slot.name) or Load(slot, self.held) for slot in slots if slot.name in needed)


def _preference(request: Request, load: Load, last: Mapping[str, str], order: Order) -> tuple[bool, bool, bool, float, str, int]:
    elsewhere = last.get(request.name) != load.slot.name
    wasteful = load.slot.offer.gpu > request.needs.gpu == 0
    return (elsewhere, wasteful, not _has_room(request, load), -order(request, load), load.slot.group.name, load.slot.number)


def _has_room(request: Request, load: Load) -> bool:
    """Whether CPU is left too, which matters only to workloads that ignore pressure."""
    return request.needs.millicpu <= load.free_millicpu


def _feasible(request: Request, load: Load) -> bool:
    return fits(request, load) and not refusal(request, load)
