"""A plan with one open group, where sizes and spreading alone decide who may share a host: all of it goes to `fleet` at once."""

from collections import Counter
from collections.abc import Mapping, Sequence

from provisioner.placement import arrays, zoned
from provisioner.placement.arrays import Host
from provisioner.placement.filters import refusal
from provisioner.placement.fit import fits
from provisioner.placement.fleet import EXACT
from provisioner.placement.mixed import Candidates
from provisioner.placement.pack import Packing
from provisioner.placement.requests import Request
from provisioner.placement.score import tightest
from provisioner.placement.slots import Held, Load, slot
from provisioner.plan.model import HostGroup, Plan
from provisioner.prices.offers import Offer


def whole(plan: Plan, machines: Candidates, requests: Sequence[Request]) -> Packing | None:
    """All of the plan sized at once. None where it is not such a plan, or its counts allow no such hosts."""
    if not _is_open(plan, machines, requests):
        return None
    group, zones = plan.groups[0], plan.target.zones
    offers = machines[group.name]
    spreading = len(zones) > 1 and any(request.shares for request in requests)
    if not spreading:
        hosts = enumerate(arrays.filled(group, offers, requests), start=1)
        return _packing(plan, [Host(number=number, offer=offer, requests=held) for number, (offer, held) in hosts])
    few = zoned.dealt(group, offers, requests, len(zones)) if len(requests) <= EXACT * len(zones) else []
    return _packing(plan, few or arrays.dealt(group, offers, requests, len(zones)))


def updated(
    plan: Plan,
    machines: Candidates,
    requests: Sequence[Request],
    last: Mapping[str, str],
    settled: Mapping[str, Offer],
    moves: int | None,
) -> Packing | None:
    """What stands changed as little as possible. None as for `whole`, and where a loss is to be survived.

    `moves` is how many workloads may move to save even if nothing else changes; None: the plan's share, when something does.
    """
    if not _is_open(plan, machines, requests) or plan.survive is not None:
        return None
    group, offers = plan.groups[0], machines[plan.groups[0].name]
    if any(offer not in offers for offer in settled.values()):
        return None
    budget = moves if moves is not None else len(requests) * plan.moves_percent // 100
    is_less = moves is not None or not set(last) <= {name for request in requests for name in request.members}
    return _packing(plan, arrays.redealt(group, offers, requests, plan.target.zones, last, settled, budget, gone=is_less))


def _is_open(plan: Plan, machines: Candidates, requests: Sequence[Request]) -> bool:
    if len(plan.groups) != 1 or plan.volumes or not requests:
        return False
    group = plan.groups[0]
    is_chosen = len(machines[group.name]) == 1 or bool(group.on_demand_percent)
    return not is_chosen and all(_plain(request, group) for request in requests)


def _packing(plan: Plan, filled: Sequence[Host]) -> Packing | None:
    """The hosts as loads, where the group's counts and every filter allow them."""
    group, zones = plan.groups[0], plan.target.zones
    numbers = {one.number for one in filled}
    if not numbers or max(numbers) > group.maximum or not numbers.issuperset(range(1, group.minimum + 1)):
        return None
    held: Held = Counter()
    loads: list[Load] = []
    for one in sorted(filled, key=lambda one: one.number):
        load = Load(slot(group, one.number, one.offer, zones), held)
        for request in one.requests:
            if refusal(request, load) or not fits(request, load):
                return None
            load.add(request)
        loads.append(load)
    return Packing(loads=tuple(loads), unplaced=(), order=tightest)


def _plain(request: Request, group: HostGroup) -> bool:
    is_tied = request.pinned or request.resident or request.ignore_pressure or (group.spot and not request.spot)
    return not is_tied and request.tag in ("", *group.tags)
