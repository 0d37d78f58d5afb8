"""Where and how a definition costs least: every cloud and region, on demand or spot, on either architecture.

Placement chooses the machine family in each place. What is not known is not weighed: carbon, latency, the price of moving.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from provisioner.clouds.contract import Cloud
from provisioner.clouds.discovery import clouds, stocked
from provisioner.cost.model import Estimate
from provisioner.deploy.prepare import Request, Terms, find_definition, find_plan, others, place_and_price, terms_of
from provisioner.errors import InputError, Problems
from provisioner.placement.model import Placement
from provisioner.plan.model import Plan, Target

ARCHITECTURES = ("amd64", "arm64")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to run it. `as_stated`: spot and architecture are what the definition says."""

    estimate: Estimate
    placement: Placement
    as_stated: bool
    changes: tuple[str, ...]
    """What differs from the definition: `spot`, `arm64`; the images must exist for that architecture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    cloud: str
    region: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """`choices` are complete estimates, cheapest typical month first; `incomplete` leave out what has no price there."""

    choices: tuple[Choice, ...]
    incomplete: tuple[Choice, ...]
    refused: tuple[Refused, ...]


def search(request: Request, names: Sequence[str], continent: str = "") -> Search:
    """All variants in every region of the clouds (on one continent, where one is stated).

    A definition that cannot be resolved raises `InputError`; a place that cannot take it is refused with the reason.
    """
    resolved = find_definition(request, Problems())
    terms, known = terms_of(request), stocked(request.inventory)
    found, refused = list[Choice](), list[Refused]()
    for name in names:
        cloud = clouds()[name]
        for region in cloud.regions.values():
            if continent and region.continent != continent:
                continue
            target = Target(cloud=name, region=region.name, zones=region.zones, others=others(request, cloud, known))
            try:
                plan = find_plan(resolved, known, target, Problems())
                found += _variants(plan, cloud, known, terms)
            except InputError as error:
                refused.append(Refused(cloud=name, region=region.name, reason=error.problems[0].message))
    found.sort(key=lambda one: (one.estimate.monthly.typical, one.estimate.cloud, one.estimate.region, one.changes))
    return Search(
        choices=tuple(one for one in found if not one.estimate.missing),
        incomplete=tuple(one for one in found if one.estimate.missing),
        refused=tuple(refused),
    )


def continents() -> tuple[str, ...]:
    return tuple(sorted({region.continent for cloud in clouds().values() for region in cloud.regions.values()}))


def _variants(plan: Plan, cloud: Cloud, known: Mapping[str, Cloud], terms: Terms) -> Iterator[Choice]:
    """As stated first; a variant that the place has no machines for is no choice there."""
    placement, estimate = place_and_price(plan, known, terms, Problems())
    yield Choice(estimate=estimate, placement=placement, as_stated=True, changes=())
    for spot in (False, True):
        for arch in ARCHITECTURES:
            changed, changes = _changed(plan, cloud, spot=spot, arch=arch)
            if not changes:
                continue
            try:
                placement, estimate = place_and_price(changed, known, terms, Problems())
            except InputError:
                continue
            yield Choice(estimate=estimate, placement=placement, as_stated=False, changes=changes)


def _changed(plan: Plan, cloud: Cloud, *, spot: bool, arch: str) -> tuple[Plan, tuple[str, ...]]:
    """Every group on spot, or every group on `arch`. A group whose machine is stated keeps it; data stays on demand.

    A group that holds a volume is not made spot: its host may be taken away at any moment.
    """
    holding = {volume.host.rpartition("-")[0] for volume in plan.volumes}
    groups, changes = list(plan.groups), dict[str, None]()
    for number, group in enumerate(plan.groups):
        if spot and not group.spot and group.name not in holding and "spot" in cloud.capabilities:
            groups[number] = replace(groups[number], spot=True)
            changes["spot"] = None
        if not group.machine and group.needs.arch != arch and arch != ARCHITECTURES[0]:
            groups[number] = replace(groups[number], needs=replace(group.needs, arch=arch))
            changes[arch] = None
    if spot and "spot" not in changes:
        return plan, ()
    return replace(plan, groups=tuple(groups)), tuple(changes)
