"""From a definition's name to everything that is known before anything exists. No Pulumi, no network, no clock.

The command line and the Pulumi program both go through here, so that what `provisioner plan` and `provisioner cost`
print is what `pulumi up` does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from provisioner.clouds.contract import Cloud, check_capabilities
from provisioner.clouds.discovery import clouds, stocked
from provisioner.clouds.inventory import NO_MACHINES, Inventory
from provisioner.cost import account, account_file, budget, estimate, usage, usage_file
from provisioner.cost.model import Charge, Estimate, Machine
from provisioner.deploy.engine import cache_folder
from provisioner.deploy.standing import NOTHING, Standing, check_disks, check_moves
from provisioner.errors import NOWHERE, InputError, Place, Problem, Problems, nearest
from provisioner.host.addresses import Addresses, allocate
from provisioner.package.catalog import load
from provisioner.package.catalogue import sources
from provisioner.placement import place
from provisioner.placement.model import PlacedHost, Placement, joined
from provisioner.plan.build import build
from provisioner.plan.model import HostGroup, Plan, Target, Workload
from provisioner.plan.sites import split
from provisioner.prices.offers import Offer
from provisioner.prices.store import Prices
from provisioner.resolve import resolve
from provisioner.resolve.model import Needs, Resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for. `zones` empty: the region's own, in its order."""

    name: str
    cloud: str
    region: str
    zones: tuple[str, ...] = ()
    sources: tuple[Path, ...] = ()
    variables: Mapping[str, Mapping[str, object]] = field(default_factory=dict[str, Mapping[str, object]])
    usage: Path | None = None
    account: Path | None = None
    """A file with the account's own prices and discounts."""
    others: Mapping[str, str] = field(default_factory=dict[str, str])
    """Where host groups on another cloud than `cloud` go, cloud to region; a cloud that is not here: its default region."""
    moves_percent: int | None = None
    """Share of the workloads that may move to save though nothing else changes; None: what the blueprint says."""
    inventory: Inventory = field(default_factory=lambda: NO_MACHINES)
    """Machines that are there already."""
    place: Place = NOWHERE
    """Where cloud and region are written, for messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    cloud: Cloud
    clouds: Mapping[str, Cloud]
    """Every cloud of the plan, by name."""
    resolved: Resolved
    plan: Plan
    placement: Placement
    addresses: Addresses
    """On the overlay."""
    estimate: Estimate
    problems: Problems
    """Warnings and notes; errors have been raised."""


def prepare(request: Request, *, standing: Standing = NOTHING, enforce_budget: bool = False) -> Prepared:
    """Resolve, plan, place and price. Raises `InputError` with every problem of the first stage that fails."""
    problems = Problems()
    known = stocked(request.inventory)
    target = find_target(request, known)
    resolved = find_definition(request, problems)
    plan = find_plan(resolved, known, target, problems)
    for part in split(plan):
        problems.extend(check_disks(part, known[part.target.cloud], standing))
    problems.raise_errors()
    placement, priced = place_and_price(plan, known, terms_of(request), problems, standing, request.moves_percent)
    machines = {host.name: host.offer.machine for host in placement.hosts}
    for part in split(plan):
        problems.extend(check_moves(part, machines, known[part.target.cloud], standing))
    addresses = allocate(plan, placement, standing.addresses, problems)
    problems.raise_errors()
    over = budget.check_budget(plan, priced)
    problems.extend(over)
    if enforce_budget:
        budget.enforce(over)
    return Prepared(
        cloud=known[target.cloud],
        clouds={part.target.cloud: known[part.target.cloud] for part in split(plan)},
        resolved=resolved,
        plan=plan,
        placement=placement,
        addresses=addresses,
        estimate=priced,
        problems=problems,
    )


def find_definition(request: Request, problems: Problems) -> Resolved:
    """The definition, resolved; it is the same for every target. What is wrong with its files is raised with what they say."""
    catalog = load(sources(request.sources))
    resolved = resolve(catalog, request.name, variables=request.variables, problems=problems)
    problems.raise_errors()
    return resolved


def find_plan(resolved: Resolved, known: Mapping[str, Cloud], target: Target, problems: Problems) -> Plan:
    """Its plan for a target that can take it; `known` has the clouds by name."""
    plan = build(resolved, target, problems=problems)
    problems.raise_errors()
    for part in split(plan):
        there = known[part.target.cloud]
        problems.extend(check_capabilities(part, there))
        problems.extend(there.limits(part))
    problems.raise_errors()
    return plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What prices and usage an estimate takes."""

    prices: Prices
    account: account.Account
    usage: usage.Usage


def terms_of(request: Request) -> Terms:
    return Terms(
        prices=open_prices(),
        account=account_file.load(request.account) if request.account else account.LIST,
        usage=usage_file.load(request.usage) if request.usage else usage.DEFAULT,
    )


def place_and_price(
    plan: Plan,
    known: Mapping[str, Cloud],
    terms: Terms,
    problems: Problems,
    standing: Standing = NOTHING,
    moves_percent: int | None = None,
) -> tuple[Placement, Estimate]:
    """Each cloud of the plan on its own, and then all of them together."""
    stated = (tariff for part in split(plan) for tariff in known[part.target.cloud].tariffs)
    tariffs = account.AccountTariffs(account.with_prices(terms.account, stated), terms.prices)
    charges, priced, parts = list[Charge](), list[Estimate](), split(plan)
    placed = [
        place(
            part,
            offers_for(part, known[part.target.cloud], terms),
            last=standing.placement,
            machines=standing.machines,
            moves_percent=moves_percent,
            proven=standing.proven,
        )
        for part in parts
    ]
    hosts = sum(len(found.hosts) for found in placed)
    for part, found in zip(parts, placed, strict=True):
        there, machines = known[part.target.cloud], billed_machines(part, found)
        used = terms.usage.share(Decimal(len(found.hosts)) / hosts) if len(parts) > 1 and hosts else terms.usage
        own = tuple(there.charges(part, machines, used))
        priced.append(estimate.estimate(there.name, part.target.region, own, machines, tariffs))
        charges += own
    problems.extend(usage_file.unmatched(terms.usage, charges))
    return joined(placed), estimate.together(priced)


def offers_for(plan: Plan, cloud: Cloud, terms: Terms) -> Sequence[Offer]:
    """The machines that the plan may have, at the account's prices."""
    if cloud.offers is not None:
        return cloud.offers()
    return account.offers(terms.account, terms.prices.offers(cloud.name, plan.target.region))


def find_target(request: Request, known: Mapping[str, Cloud]) -> Target:
    """Cloud, region and zones, all checked."""
    cloud = known.get(request.cloud)
    if cloud is None:
        raise _refuse("unknown-cloud", request.place, f'unknown cloud "{request.cloud}"', "one of", request.cloud, list(known))
    region = cloud.regions.get(request.region)
    if region is None:
        found = f'unknown region "{request.region}" of {cloud.label}'
        raise _refuse("unknown-region", request.place, found, "one of", request.region, list(cloud.regions))
    for zone in request.zones:
        if zone not in region.zones:
            raise _refuse(
                "unknown-zone", request.place, f'unknown zone "{zone}"', f"a zone of {region.name}:", zone, region.zones
            )
    zones = request.zones or region.zones
    return Target(cloud=cloud.name, region=region.name, zones=zones, others=others(request, cloud, known))


def others(request: Request, cloud: Cloud, known: Mapping[str, Cloud]) -> tuple[Target, ...]:
    """Where host groups on other clouds go; none where their hosts would not reach each other."""
    there = (other for name, other in known.items() if name != cloud.name and other.meets_others)
    return tuple(_other(request, other) for other in there) if cloud.meets_others else ()


def _other(request: Request, cloud: Cloud) -> Target:
    name = request.others.get(cloud.name, cloud.default_region)
    if name not in cloud.regions:
        found = f'unknown region "{name}" of {cloud.label}'
        raise _refuse("unknown-region", request.place, found, "one of", name, list(cloud.regions))
    return Target(cloud=cloud.name, region=name, zones=cloud.regions[name].zones)


def open_prices() -> Prices:
    return Prices.open({name: cloud.data for name, cloud in clouds().items()}, cache_folder() / "prices")


def billed_machines(plan: Plan, placement: Placement) -> tuple[Machine, ...]:
    """The placed hosts as billing sees them, with each workload's share."""
    groups = {group.name: group for group in plan.groups}
    workloads = {workload.name: workload for workload in plan.workloads}
    return tuple(_machine(host, groups[host.group], [workloads[name] for name in host.workloads]) for host in placement.hosts)


def _machine(host: PlacedHost, group: HostGroup, here: Sequence[Workload]) -> Machine:
    """Replicas of one runnable share its part."""
    shares: dict[str, Decimal] = {}
    for workload in here:
        shares[workload.runnable] = shares.get(workload.runnable, Decimal(0)) + _share(host, workload.needs)
    return Machine(
        name=host.name, offer=host.offer, spot=host.spot, disk_gib=group.disk_gib, disk_kind=group.disk_kind, shares=shares
    )


def _share(host: PlacedHost, need: Needs) -> Decimal:
    return max(Decimal(need.millicpu) / host.offer.millicpu, Decimal(need.memory_mib) / host.offer.memory_mib)


def _refuse(code: str, where: Place, found: str, expected: str, word: str, known: Sequence[str]) -> InputError:
    close = nearest(word, known)
    hint = f'did you mean "{close}"?' if close else ""
    message = f"{found}: expected {expected} {', '.join(known)}"
    return InputError([Problem(severity="error", code=code, message=message, place=where, hint=hint)])
