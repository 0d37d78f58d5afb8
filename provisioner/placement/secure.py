"""Room for a loss: where the plan says what it is to survive, spare hosts are added until every loss leaves room."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from provisioner.errors import InputError, Problem
from provisioner.placement.mixed import Candidates
from provisioner.placement.model import Loss, Survival
from provisioner.placement.reserve import words
from provisioner.placement.slots import Load, copied, slot
from provisioner.placement.survive import is_survived, survival
from provisioner.plan.hosts import host_names
from provisioner.plan.model import HostGroup, Plan, Survive
from provisioner.prices.offers import Offer
from provisioner.units import ZERO

SPARES: Final = 8
"""Hosts added at most."""
FEW: Final = 60
"""Workloads up to which other numbers of hosts are tried from the start too."""
PARTS: Final = (2, 3, 4, 5, 6)
"""Numbers of hosts tried, each large enough that the others hold what one of them held."""

Hosts = tuple[Load, ...]


def secured(
    plan: Plan,
    machines: Candidates,
    hosts: Hosts,
    *,
    standing: Mapping[str, Offer],
    again: Callable[[Plan], Hosts | None] | None,
) -> tuple[Hosts, Survival | None]:
    """The cheapest hosts found that survive what the plan says, and the proof. Raises `InputError` where none do.

    `standing` has the machines of all hosts that are there, those without a workload among them. `again` sizes a changed
    plan from the start; None where something stands already, which is only added to.
    """
    if plan.survive is None:
        return hosts, None
    first = survival(hosts, plan.survive)
    if first.proven:
        return hosts, first
    sized = (again(changed) for changed in _changed(plan)) if again and len(plan.workloads) <= FEW else ()
    started = [_with_standing(plan, hosts, standing), *(found for found in sized if found)]
    tried = [_with_spares(plan, machines, one, plan.survive) for one in started]
    proven = [(one, proof) for one in tried if (proof := survival(one, plan.survive)).proven]
    if not proven:
        loss = survival(tried[0], plan.survive).tightest
        raise InputError([not_survived(plan, plan.survive, loss)] if loss else [])
    return min(proven, key=lambda pair: (sum((load.slot.hourly for load in pair[0]), ZERO), len(pair[0])))


def not_survived(plan: Plan, level: Survive, loss: Loss) -> Problem:
    """What says which loss leaves what without a place."""
    reasons = "; ".join(f"{name} ({why})" for name, why in loss.stranded.items())
    left = words(loss.free_millicpu, max(0, loss.free_memory_mib))
    message = f"losing the {level} {loss.name} leaves no place for {reasons}; {left} would be free in all"
    hint = "more or larger hosts in the groups that they may be in" + (", in another zone too" if level == "zone" else "")
    if any(why.startswith(("volume", "affinity")) for why in loss.stranded.values()):
        hint = "survive: false for what may be down while the host of its volume is"
    return Problem(severity="error", code="not-survived", message=message, place=plan.place, hint=hint)


def _with_standing(plan: Plan, hosts: Hosts, standing: Mapping[str, Offer]) -> Hosts:
    """With the spare hosts that are there, those of them that are needed: an unchanged plan keeps its spare hosts."""
    used = {load.slot.name for load in hosts}
    for group in plan.groups:
        for number, name in enumerate(host_names(group), start=1):
            if name in standing and name not in used:
                hosts = _with(hosts, Load(slot(group, number, standing[name], plan.target.zones)))
    for name in [load.slot.name for load in reversed(hosts) if load.slot.name not in used]:
        fewer = tuple(load for load in hosts if load.slot.name != name)
        if plan.survive is not None and is_survived(fewer, plan.survive, ""):
            hosts = fewer
    return hosts


def _with_spares(plan: Plan, machines: Candidates, hosts: Hosts, level: Survive) -> Hosts:
    """Hosts added one by one for the tightest loss: the cheapest machine that is enough, else the one that was lost."""
    for _ in range(SPARES):
        loss = survival(hosts, level).tightest
        found = _spare(plan, hosts, loss) if loss is not None and loss.stranded else None
        if loss is None or found is None:
            break
        group, number, lost = found
        for offer in machines[group.name]:
            more = _with(hosts, Load(slot(group, number, offer, plan.target.zones)))
            if is_survived(more, level, loss.name):
                return more
        offer = lost.slot.offer if lost.slot.group.name == group.name else machines[group.name][-1]
        hosts = _with(hosts, Load(slot(group, number, offer, plan.target.zones)))
    return hosts


def _spare(plan: Plan, hosts: Hosts, loss: Loss) -> tuple[HostGroup, int, Load] | None:
    """Group and number of a host that could be added for what is stranded, and the largest host that was lost."""
    used = {load.slot.name for load in hosts}
    lost = [load for load in hosts if loss.name in (load.slot.name, load.slot.zone)]
    largest = max(lost, key=lambda load: (load.slot.hourly, load.slot.name))
    for load in lost:
        for request in load.requests:
            if request.name not in loss.stranded or request.pinned:
                continue
            for group in sorted(plan.groups, key=lambda group: group.name != load.slot.group.name):
                for number in range(1, group.maximum + 1) if group.name in request.groups else ():
                    new = slot(group, number, load.slot.offer, plan.target.zones)
                    if new.name not in used and new.zone != loss.name:
                        return group, number, largest
    return None


def _with(hosts: Hosts, load: Load) -> Hosts:
    """In the order of groups and numbers, with one count of replicas."""
    listed = copied(hosts)
    added = Load(load.slot, listed[0].held) if listed else load
    after = [index for index, one in enumerate(listed) if one.slot.group.name == load.slot.group.name]
    before = [index for index in after if listed[index].slot.number < load.slot.number]
    place = before[-1] + 1 if before else (after[0] if after else len(listed))
    return (*listed[:place], added, *listed[place:])


def _changed(plan: Plan) -> Iterator[Plan]:
    """The plan on at least so many hosts, and with room kept free on each for its share of a lost one; over several numbers."""
    zones = len(plan.target.zones)
    for part in PARTS if plan.survive == "host" else ((zones,) if zones > 1 else ()):
        for kept in (100, 100 * (part - 1) // part):
            groups = [_on_more(group, part, kept) if group.maximum > group.minimum else group for group in plan.groups]
            yield replace(plan, groups=tuple(groups))


def _on_more(group: HostGroup, hosts: int, used: int) -> HostGroup:
    headroom = 100 - (100 - group.headroom_percent) * used // 100
    return replace(group, minimum=max(group.minimum, min(hosts, group.maximum)), headroom_percent=headroom)


def as_stated(plan: Plan, hosts: Sequence[Load]) -> Hosts:
    """Hosts of a changed plan as those of the plan itself: with the headroom that it states."""
    groups = {group.name: group for group in plan.groups}
    listed = copied(hosts)
    for load in listed:
        load.slot = slot(groups[load.slot.group.name], load.slot.number, load.slot.offer, plan.target.zones)
    return tuple(listed)
