"""From a plan and the offers to the hosts and what each of them runs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from provisioner.placement import bounds, explain, mixed, own, rebalance, requests, secure, size, whole
from provisioner.placement.model import PlacedHost, Placement, Survival
from provisioner.placement.pack import Packing
from provisioner.placement.requests import Request
from provisioner.placement.slots import Load
from provisioner.placement.survive import survival
from provisioner.plan.model import Plan
from provisioner.prices.offers import Offer
from provisioner.units import Money

NOTHING: Mapping[str, str] = {}
UNPROVEN: Mapping[str, Money] = {}


def place(
    plan: Plan,
    offers: Sequence[Offer],
    *,
    last: Mapping[str, str] = NOTHING,
    machines: Mapping[str, str] = NOTHING,
    moves_percent: int | None = None,
    proven: Mapping[str, Money] = UNPROVEN,
) -> Placement:
    """Choose machines and counts for the host groups and a host for every workload.

    `offers` may hold other clouds and regions too. `last` is the last placement's `assignments`, and `machines` names the
    machine type of each of its hosts: they keep it; without, it is taken to be the cheapest that holds what was there. What
    may move to save is the plan's share of the workloads when something else changes, or `moves_percent` of them whether or
    not anything does. `proven` is the last placement's own: its bound stands where nothing changed. The same input gives the
    same result, in whatever order workloads and offers come. Raises `InputError` where something has no place, or where a
    loss that the plan is to survive leaves none.
    """
    asked = requests.gather(plan)
    there = [offer for offer in offers if offer.own and (offer.cloud, offer.region) == (plan.target.cloud, plan.target.region)]
    if there:
        packing, proof = own.place(plan, there, asked, last, machines)
        bound, claims = own.bound(plan, there), dict[str, Money]()
    else:
        candidates = size.candidates(plan, offers)
        known = size.standing(plan, offers, machines)
        packing = _packing(plan, candidates, asked, last, known, moves_percent)
        packing, proof = _secured(plan, candidates, packing, known, is_first=not last)
        claim = bounds.claim(plan, candidates, asked)
        bound = proven[claim] if claim in proven else bounds.bound(plan, candidates, asked)
        claims = {claim: bound}
    hosts = packing.assignments
    return Placement(
        hosts=tuple(_host(load, plan) for load in packing.loads),
        assignments={workload.name: hosts[workload.name] for workload in plan.workloads},
        reasons=explain.Reasons(asked, packing, last),
        moved=packing.moved(last),
        bound=bound,
        proven=claims,
        survival=proof,
    )


def _packing(
    plan: Plan,
    candidates: mixed.Candidates,
    asked: Sequence[Request],
    last: Mapping[str, str],
    known: Mapping[str, Offer],
    moves_percent: int | None,
) -> Packing:
    settled = mixed.settled(plan, candidates, asked, last, known)
    if last:
        moves = None if moves_percent is None else len(asked) * moves_percent // 100
        changed = whole.updated(plan, candidates, asked, last, settled, moves)
        if changed is not None:
            return changed
    packing = size.choose(plan, candidates, asked, last, settled)
    if packing.unplaced:
        raise explain.impossible(packing)
    return _calm(plan, candidates, packing, last, moves_percent)


def _secured(
    plan: Plan, candidates: mixed.Candidates, packing: Packing, known: Mapping[str, Offer], *, is_first: bool
) -> tuple[Packing, Survival | None]:
    """With room for the loss that the plan is to survive. Where hosts stand they are added to, not chosen again."""

    def again(changed: Plan) -> tuple[Load, ...] | None:
        found = size.choose(changed, candidates, requests.gather(changed), NOTHING, {})
        return None if found.unplaced else secure.as_stated(plan, found.loads)

    loads, proof = secure.secured(plan, candidates, packing.loads, standing=known, again=again if is_first else None)
    return replace(packing, loads=loads), proof


def _calm(
    plan: Plan, candidates: mixed.Candidates, packing: Packing, last: Mapping[str, str], moves_percent: int | None
) -> Packing:
    """With the moves that are worth it and within the budget. What stood survived a loss, so moves must leave that as it is."""
    changed = set(last) != set(packing.assignments) or bool(packing.moved(last))
    share = moves_percent if moves_percent is not None else plan.moves_percent if changed else 0
    budget = len(packing.assignments) * share // 100
    if not last or not budget:
        return packing
    loads = rebalance.improved(plan, candidates, packing.loads, budget)
    is_safe = plan.survive is None or survival(loads, plan.survive).proven
    return replace(packing, loads=loads) if is_safe else packing


def _host(load: Load, plan: Plan) -> PlacedHost:
    slot, here = load.slot, {name for request in load.requests for name in request.members}
    workloads = [workload for workload in plan.workloads if workload.name in here]
    return PlacedHost(
        name=slot.name,
        group=slot.group.name,
        zone=slot.zone,
        offer=slot.offer,
        spot=slot.spot,
        tags=slot.group.tags,
        workloads=tuple(workload.name for workload in workloads),
        free_millicpu=load.free_millicpu,
        free_memory_mib=load.free_memory_mib,
        runnables=tuple(dict.fromkeys(workload.runnable for workload in workloads)),
    )
