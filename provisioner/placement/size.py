"""Machines for host groups: the one that is named, the cheapest that meets stated needs, or the one that sizing chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from provisioner.errors import Problems, nearest
from provisioner.placement import mixed, whole
from provisioner.placement.pack import Packing, pack
from provisioner.placement.requests import Request
from provisioner.placement.reserve import stated, words
from provisioner.placement.slots import all_slots, price
from provisioner.plan import hosts
from provisioner.plan.model import HostGroup, Plan
from provisioner.prices.offers import Offer

WHOLE = 60
"""Workloads beyond which one open group is sized by the fleet solver alone: one type for all hosts would not be cheaper."""
SWEEPS = 2
"""How often each group is sized again with the others held: a fixed number, so that the result never depends on time."""


def candidates(plan: Plan, offers: Sequence[Offer]) -> Mapping[str, tuple[Offer, ...]]:
    """Per group the machines that it may have, cheapest first: one where a machine or needs are stated.

    Raises `InputError` with every group for which the region has no machine.
    """
    target, problems = plan.target, Problems()
    here = sorted(
        (offer for offer in offers if (offer.cloud, offer.region) == (target.cloud, target.region)),
        key=lambda offer: offer.machine,
    )
    if plan.groups and not here:
        message = f"there are no machine prices for {target.cloud} {target.region}"
        problems.error("no-offers", plan.place, message, hint="provisioner prices list shows the regions that have prices")
        problems.raise_errors()
    found = {group.name: _candidates(group, here, plan, problems) for group in plan.groups}
    problems.raise_errors()
    return found


def choose(
    plan: Plan,
    machines: Mapping[str, tuple[Offer, ...]],
    requests: Sequence[Request],
    last: Mapping[str, str],
    settled: Mapping[str, Offer],
) -> Packing:
    """The packing on the machines that leave nothing unplaced, move least, and cost least, in this order.

    `settled` has the machines of hosts that are there: they keep them.
    """
    best = whole.whole(plan, machines, requests) if not last else None
    if best is not None and len(requests) > WHOLE:
        return best
    uniform = mixed.shrunk(_uniform(plan, machines, requests, last, settled), machines, settled)
    if best is not None and not uniform.unplaced and (best.hourly, len(best.loads)) >= (uniform.hourly, len(uniform.loads)):
        return uniform
    return best or uniform


def _uniform(
    plan: Plan,
    machines: Mapping[str, tuple[Offer, ...]],
    requests: Sequence[Request],
    last: Mapping[str, str],
    settled: Mapping[str, Offer],
) -> Packing:
    """One machine type for all new hosts of a group."""
    chosen = {name: _envelope(offers) for name, offers in machines.items()}
    if last:
        kept = _pack(plan, chosen, requests, last, settled)
        if not kept.unplaced and all(load.slot.name in settled for load in kept.loads):
            return kept
    open_choices = [name for name in sorted(machines) if len(machines[name]) > 1]
    for name in open_choices * min(SWEEPS, len(open_choices)):
        chosen[name] = min(machines[name], key=lambda offer: _rank(plan, chosen | {name: offer}, requests, last, settled))
    return _pack(plan, chosen, requests, last, settled)


def standing(plan: Plan, offers: Sequence[Offer], machines: Mapping[str, str]) -> Mapping[str, Offer]:
    """By host the machine that it has, where that still is what its group asks for; `machines` names them."""
    target = plan.target
    here = {offer.machine: offer for offer in offers if (offer.cloud, offer.region) == (target.cloud, target.region)}
    found: dict[str, Offer] = {}
    for group in plan.groups:
        for name in hosts.host_names(group):
            offer = here.get(machines.get(name, ""))
            if offer is not None and group.machine in ("", offer.machine) and not lacks(offer, group):
                found[name] = offer
    return found


def lacks(offer: Offer, group: HostGroup) -> str:
    """What a machine lacks of the group's needs, in words."""
    needs = group.needs
    if needs.arch not in ("", offer.arch):
        return f"is {offer.arch}"
    if offer.millicpu < needs.millicpu or offer.memory_mib < needs.memory_mib or offer.gpu < needs.gpu:
        return f"has {words(offer.millicpu, offer.memory_mib, offer.gpu)}"
    return ""


def extent(offer: Offer) -> tuple[int, int, int, str]:
    """Memory counts as CPU at 4 GiB each, the usual ratio, so that the largest machine is large in both."""
    return (offer.gpu, offer.millicpu * 4096 // 1000 + offer.memory_mib, offer.millicpu, offer.machine)


def _candidates(group: HostGroup, here: Sequence[Offer], plan: Plan, problems: Problems) -> tuple[Offer, ...]:
    if group.machine:
        return _named(group, here, plan, problems)
    enough = [offer for offer in here if not lacks(offer, group)]
    if group.spot:
        enough = [offer for offer in enough if offer.spot is not None]
    if not enough:
        _refuse(group, here, plan, problems)
        return ()
    cheapest = sorted(enough, key=lambda offer: (price(offer, spot=group.spot), offer.machine))
    fixed = group.needs.stated and group.minimum == group.maximum
    return (cheapest[0],) if fixed else _without_dominated(cheapest)


def _named(group: HostGroup, here: Sequence[Offer], plan: Plan, problems: Problems) -> tuple[Offer, ...]:
    by_name = {offer.machine: offer for offer in here}
    offer = by_name.get(group.machine)
    place = f"{plan.target.cloud} {plan.target.region}"
    if offer is None:
        hint = f"nearest is {close}" if (close := nearest(group.machine, by_name)) else f"there is {', '.join([*by_name][:8])}"
        message = f'no machine type "{group.machine}" in {place}'
        problems.error("unknown-machine", group.place, message, hint=hint)
        return ()
    if lack := lacks(offer, group):
        message = f"{offer.machine} {lack}, and the group needs {_needs(group)}"
        problems.error("conflict", group.place, message, hint="name a larger machine, or leave needs or machine out")
    return (offer,)


def _refuse(group: HostGroup, here: Sequence[Offer], plan: Plan, problems: Problems) -> None:
    right = [offer for offer in here if group.needs.arch in ("", offer.arch) and offer.gpu >= group.needs.gpu]
    largest = max(right, key=extent, default=None)
    spot = " at a spot price" if group.spot else ""
    message = f"no machine in {plan.target.cloud} {plan.target.region}{spot} has {_needs(group)}"
    found = f"the largest has {stated(largest.millicpu, largest.memory_mib, largest.gpu)}" if largest else ""
    hint = "leave spot out" if group.spot and any(not lacks(offer, group) for offer in here) else found
    problems.error("no-machine", group.place, message, hint=hint or f"no machine there is {group.needs.arch} with so many GPUs")


def _needs(group: HostGroup) -> str:
    amounts = stated(group.needs.millicpu, group.needs.memory_mib, group.needs.gpu) if group.needs.stated else ""
    return " on ".join(filter(None, (amounts, group.needs.arch)))


def _without_dominated(cheapest_first: Sequence[Offer]) -> tuple[Offer, ...]:
    """Without the machines for which another one costs no more and has no less."""
    kept: list[Offer] = []
    for offer in cheapest_first:
        if not any(_at_least(other, offer) for other in kept):
            kept.append(offer)
    return tuple(kept)


def _at_least(one: Offer, other: Offer) -> bool:
    enough = one.millicpu >= other.millicpu and one.memory_mib >= other.memory_mib and one.gpu >= other.gpu
    return enough and one.arch == other.arch


def _envelope(offers: Sequence[Offer]) -> Offer:
    """The only machine; or, until the group's turn comes, one that has as much of everything as any of them."""
    if len(offers) == 1:
        return offers[0]
    return replace(
        offers[0],
        millicpu=max(offer.millicpu for offer in offers),
        memory_mib=max(offer.memory_mib for offer in offers),
        gpu=max(offer.gpu for offer in offers),
    )


def _rank(
    plan: Plan,
    chosen: Mapping[str, Offer],
    requests: Sequence[Request],
    last: Mapping[str, str],
    settled: Mapping[str, Offer],
) -> tuple[int, int, int, int, int, tuple[str, ...]]:
    """Least is best. Where something stays unplaced, the largest machines are, so that the refusal tells what even they lack."""
    packing = _pack(plan, chosen, requests, last, settled)
    names = tuple(chosen[name].machine for name in sorted(chosen))
    size = -sum(extent(offer)[1] for offer in chosen.values()) if packing.unplaced else 0
    return (len(packing.unplaced), size, len(packing.moved(last)), packing.hourly.nano, len(packing.loads), names)


def _pack(
    plan: Plan,
    chosen: Mapping[str, Offer],
    requests: Sequence[Request],
    last: Mapping[str, str],
    settled: Mapping[str, Offer],
) -> Packing:
    least = (name for group in plan.groups for name in hosts.host_names(group)[: group.minimum])
    volumes = (volume.host for volume in plan.volumes)
    return pack(requests, tuple(all_slots(plan, chosen, settled)), (*least, *volumes), last)
