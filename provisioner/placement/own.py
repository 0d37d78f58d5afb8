"""Machines that are there already: each is one host at most, and a host that has one keeps it while that serves.

Hosts that must be there come first, those with fewest machines to choose from before the others; then the further hosts that
groups may have. Where all machines that would do are taken, hosts make way along the shortest chain. A host that holds data
makes way for nobody: its disks are in its machine.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from provisioner.errors import InputError, Problems
from provisioner.placement import explain, secure
from provisioner.placement.assign import Assignment
from provisioner.placement.model import Survival
from provisioner.placement.pack import Packing, pack
from provisioner.placement.requests import Request
from provisioner.placement.size import extent, lacks
from provisioner.placement.slots import Slot, price, slot
from provisioner.placement.survive import survival
from provisioner.plan import hosts
from provisioner.plan.model import HostGroup, Plan, Volume
from provisioner.prices.offers import Offer, Own
from provisioner.units import ZERO, Money

TRIED: Final = 24
"""Hosts of which one alone is tried on a larger machine, before all are."""

Machines = Mapping[str, Offer]
"""The offer of each host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A host that may be. `required`: it is there whatever runs, by its group's count or for its volumes."""

    name: str
    group: HostGroup
    number: int
    zone: str
    required: bool
    volumes: tuple[Volume, ...]


def place(
    plan: Plan, offers: Sequence[Offer], requests: Sequence[Request], last: Mapping[str, str], machines: Mapping[str, str]
) -> tuple[Packing, Survival | None]:
    """What runs on which machine, and the proof where the plan is to survive a loss.

    `machines` names the machine of each host that is there. Small machines are tried first; where something has no place on
    them, large ones; then one of the hosts that are there changes to a larger one, at last all of them but those with data.
    Raises `InputError` where no machine is left for a host, or no host for a workload.
    """
    wanted = tuple(_wanted(plan))
    for standing, large in _attempts(machines, {one.name for one in wanted if one.volumes}):
        slots = _slots(plan, wanted, match(wanted, offers, standing, large=large))
        packing = pack(requests, slots, _required(wanted), last)
        if not packing.unplaced:
            return _secured(plan, _Opened(packing, slots, _required(wanted)), requests, last, machines)
    slots = _slots(plan, wanted, match(wanted, offers, machines, large=True))
    raise explain.impossible(pack(requests, slots, [one.name for one in slots], last))


def match(wanted: Sequence[Wanted], offers: Sequence[Offer], standing: Mapping[str, str], *, large: bool = False) -> Machines:
    """A machine for each host that must be there, and for as many of the others as there are machines.

    Raises `InputError` with each host for which none is left, and why.
    """
    by_name = {offer.machine: offer for offer in offers}
    choices = {one.name: _choices(one, offers, large=large) for one in wanted}
    kept = {one.name for one in wanted if standing.get(one.name) in choices[one.name]}
    holding = {one.name for one in wanted if one.name in kept and one.volumes}
    found = Assignment(choices=choices, holders={standing[name]: name for name in sorted(kept)})
    required = sorted((one for one in wanted if one.required), key=lambda one: (len(choices[one.name]), one.number))
    optional = {one.name for one in wanted if not one.required}
    lacking = [
        one
        for one in required
        if not found.add(one.name, fixed=holding) and not found.add(one.name, fixed=holding, less=optional)
    ]
    if lacking:
        raise InputError(_refusals(lacking, offers, found.holders))
    for one in sorted((one for one in wanted if not one.required), key=lambda one: one.number):
        found.add(one.name, fixed=kept)
    return {host: by_name[machine] for machine, host in found.holders.items()}


def bound(plan: Plan, offers: Sequence[Offer]) -> Money:
    """Proven an hour: the hosts that must be there are on as many machines, and none are cheaper than the cheapest."""
    prices = sorted(offer.hourly for offer in offers)
    return sum(prices[: len(_required(tuple(_wanted(plan))))], ZERO)


def _attempts(machines: Mapping[str, str], holding: Container[str]) -> Iterator[tuple[Mapping[str, str], bool]]:
    """The machines of hosts that keep theirs, and whether the others get large ones: what changes least comes first."""
    yield machines, False
    yield machines, True
    free = [name for name in sorted(machines) if name not in holding]
    for changing in free[:TRIED]:
        yield {name: machine for name, machine in machines.items() if name != changing}, True
    yield {name: machine for name, machine in machines.items() if name not in free}, True


def _wanted(plan: Plan) -> Iterator[Wanted]:
    for group in plan.groups:
        for number, name in enumerate(hosts.host_names(group), start=1):
            volumes = tuple(volume for volume in plan.volumes if volume.host == name)
            zone = hosts.host_zone(number, plan.target.zones)
            required = number <= group.minimum or bool(volumes)
            yield Wanted(name=name, group=group, number=number, zone=zone, required=required, volumes=volumes)


def _required(wanted: Sequence[Wanted]) -> tuple[str, ...]:
    return tuple(one.name for one in wanted if one.required)


def _slots(plan: Plan, wanted: Sequence[Wanted], machines: Machines) -> tuple[Slot, ...]:
    zones = plan.target.zones
    return tuple(slot(one.group, one.number, machines[one.name], zones) for one in wanted if one.name in machines)


def _choices(one: Wanted, offers: Sequence[Offer], *, large: bool) -> tuple[str, ...]:
    """The machines that would do: those meant for the group first, those with disks that it does not need last."""
    sign = -1 if large else 1

    def key(offer: Offer) -> tuple[bool, bool, int, int, int, int, str]:
        own = _own(offer)
        gpu, size, millicpu, name = extent(offer)
        cost = 0 if large else price(offer, spot=False).nano
        return (not own.tags, bool(own.disks) and not one.volumes, gpu, cost, sign * size, sign * millicpu, name)

    return tuple(offer.machine for offer in sorted(offers, key=key) if not _unfit(one, offer))


def _unfit(one: Wanted, offer: Offer) -> str:
    """Why a machine would not do for a host, in words; "" where it would."""
    own, group = _own(offer), one.group
    if group.machine not in ("", offer.machine):
        return f"is not {group.machine}"
    if own.tags and not {group.name, *group.tags} & set(own.tags):
        return f"is for {', '.join(own.tags)}"
    if own.zone != one.zone:
        return f"is in {own.zone}, not {one.zone}"
    return lacks(offer, group) or _lacks_disks(one, own)


def _lacks_disks(one: Wanted, own: Own) -> str:
    has = dict(own.disks)
    for volume in one.volumes:
        if volume.name not in has:
            return f"has no disk for the volume {volume.name}"
        if 0 < has[volume.name] < volume.size_gib:
            return f"has {has[volume.name]} GiB for the volume {volume.name} of {volume.size_gib} GiB"
    return ""


def _own(offer: Offer) -> Own:
    return offer.own or Own(zone="")


def _refusals(lacking: Sequence[Wanted], offers: Sequence[Offer], holders: Mapping[str, str]) -> Problems:
    problems = Problems()
    for one in lacking:
        said = (f"{offer.machine} {_unfit(one, offer) or f'is {holders[offer.machine]}'}" for offer in offers)
        message = f"no machine is left for {one.name}: {'; '.join(said) or 'there is none at all'}"
        hint = f"state another machine, or fewer hosts in {one.group.name}"
        problems.error("no-machine", one.group.place, message, hint=hint)
    return problems


@dataclass(frozen=True, slots=True)
class _Opened:
    """A packing, the hosts that it may open, and those that are open whatever runs."""

    packing: Packing
    slots: Sequence[Slot]
    required: Sequence[str]


def _secured(
    plan: Plan, opened: _Opened, requests: Sequence[Request], last: Mapping[str, str], machines: Mapping[str, str]
) -> tuple[Packing, Survival | None]:
    """With further hosts opened one by one, those that are there first, until every loss leaves room."""
    packing = opened.packing
    if plan.survive is None:
        return packing, None
    proof = survival(packing.loads, plan.survive)
    names = {*opened.required, *(load.slot.name for load in packing.loads)}
    for spare in sorted((one for one in opened.slots if one.name not in names), key=lambda one: one.name not in machines):
        if proof.proven:
            break
        names.add(spare.name)
        packing = pack(requests, opened.slots, names, {**last, **packing.assignments})
        proof = survival(packing.loads, plan.survive)
    if not proof.proven:
        raise InputError([secure.not_survived(plan, plan.survive, proof.tightest)] if proof.tightest else [])
    return packing, proof
