"""Hosts as placement sees them: a slot is a host that may be, a load is a slot with what it holds."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from provisioner.placement.requests import Request
from provisioner.placement.reserve import Capacity, room
from provisioner.plan import hosts
from provisioner.plan.model import HostGroup, Plan
from provisioner.prices.offers import Offer
from provisioner.units import Money

Held = Counter[tuple[str, str]]
"""Replicas by runnable and zone: one count for all hosts together, since zones have limits too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Host number `number` of its group, on a machine. `spot`: the cloud may take it back."""

    name: str
    group: HostGroup
    number: int
    zone: str
    offer: Offer
    capacity: Capacity
    spot: bool

    @property
    def hourly(self) -> Money:
        return price(self.offer, spot=self.spot)


@dataclass(slots=True)
class Load:
    """A slot while it is being filled. Free amounts may fall below zero only for workloads that ignore pressure."""

    slot: Slot
    held: Held = field(default_factory=Counter[tuple[str, str]])
    requests: list[Request] = field(default_factory=list[Request])
    millicpu: int = 0
    memory_mib: int = 0
    gpu: int = 0

    @property
    def free_millicpu(self) -> int:
        return self.slot.capacity.millicpu - self.millicpu

    @property
    def free_memory_mib(self) -> int:
        return self.slot.capacity.memory_mib - self.memory_mib

    @property
    def free_gpu(self) -> int:
        return self.slot.capacity.gpu - self.gpu

    def add(self, request: Request) -> None:
        self.requests.append(request)
        self._count(request, 1)

    def remove(self, request: Request) -> None:
        self.requests.remove(request)
        self._count(request, -1)

    def without(self, request: Request) -> "Load":
        """The same load as if the request were not there."""
        rest = copied([self])[0]
        rest.remove(request)
        return rest

    def replicas(self, runnable: str) -> int:
        """How many replicas of a runnable are here."""
        return sum(share.runnable == runnable for request in self.requests for share in request.shares)

    def _count(self, request: Request, sign: int) -> None:
        self.millicpu += sign * request.needs.millicpu
        self.memory_mib += sign * request.needs.memory_mib
        self.gpu += sign * request.needs.gpu
        for share in request.shares:
            self.held[share.runnable, self.slot.zone] += sign


def copied(loads: Iterable[Load]) -> list[Load]:
    """Loads that can be changed without changing these; they share one count of replicas, as these do."""
    listed = list(loads)
    held: Held = Counter(listed[0].held) if listed else Counter()
    return [Load(one.slot, held, [*one.requests], one.millicpu, one.memory_mib, one.gpu) for one in listed]


def price(offer: Offer, *, spot: bool) -> Money:
    """What an hour costs: the spot price where it is asked for and known."""
    return offer.spot if spot and offer.spot is not None else offer.hourly


def slot(group: HostGroup, number: int, offer: Offer, zones: tuple[str, ...], known: Capacity | None = None) -> Slot:
    """Host number `number` of a group; `known` is the room of its offer, where it has been worked out."""
    return Slot(
        name=hosts.host_name(group.name, number),
        group=group,
        number=number,
        zone=hosts.host_zone(number, zones),
        offer=offer,
        capacity=known or room(offer, group),
        spot=hosts.is_spot(group, number),
    )


def all_slots(plan: Plan, machines: Mapping[str, Offer], settled: Mapping[str, Offer]) -> Iterator[Slot]:
    """Every host that the groups may have at their most, on the machine it has already, else the one chosen for its group."""
    for group in plan.groups:
        chosen = machines[group.name]
        chosen_room = room(chosen, group)
        for number, name in enumerate(hosts.host_names(group), start=1):
            offer = settled.get(name, chosen)
            yield slot(group, number, offer, plan.target.zones, chosen_room if offer is chosen else None)
