"""Hosts as placement sees them: a slot is a host that may be, a load is a slot with what it holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from provisioner.placement.requests import Request
from provisioner.placement.reserve import Capacity, capacity
from provisioner.plan import hosts
from provisioner.plan.model import HostGroup, Plan
from provisioner.prices.offers import Offer
from provisioner.units import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Host number `number` of its group, on a machine."""

    name: str
    group: HostGroup
    number: int
    zone: str
    offer: Offer
    capacity: Capacity

    @property
    def hourly(self) -> Money:
        return price(self.offer, spot=self.group.spot)


@dataclass(slots=True)
class Load:
    """A slot while it is being filled. Free amounts may fall below zero only for workloads that ignore pressure."""

    slot: Slot
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
        self.millicpu += request.needs.millicpu
        self.memory_mib += request.needs.memory_mib
        self.gpu += request.needs.gpu

    def without(self, name: str) -> "Load":
        """The same load as if the workload `name` were not there."""
        rest = Load(self.slot)
        for request in self.requests:
            if request.name != name:
                rest.add(request)
        return rest


def price(offer: Offer, *, spot: bool) -> Money:
    """What an hour costs: the spot price where it is asked for and known."""
    return offer.spot if spot and offer.spot is not None else offer.hourly


def all_slots(plan: Plan, machines: Mapping[str, Offer], settled: Mapping[str, Offer]) -> Iterator[Slot]:
    """Every host that the groups may have at their most, on the machine it has already, else the one chosen for its group."""
    for group in plan.groups:
        chosen = machines[group.name]
        chosen_room = capacity(chosen)
        for number, name in enumerate(hosts.host_names(group), start=1):
            offer = settled.get(name, chosen)
            room = chosen_room if offer is chosen else capacity(offer)
            zone = hosts.host_zone(number, plan.target.zones)
            yield Slot(name=name, group=group, number=number, zone=zone, offer=offer, capacity=room)
