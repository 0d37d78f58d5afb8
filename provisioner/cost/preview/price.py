"""Prices the resources of any program: every one is priced, free by its type, billed by nobody, or named as not priced."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from provisioner.cost.estimate import estimate
from provisioner.cost.model import Charge, Estimate, Missing, Range
from provisioner.cost.resources.scene import NETWORK, Resource, Scene, Unpriced, placed
from provisioner.cost.resources.tables import TABLES, UNBILLED, package
from provisioner.cost.usage import Usage
from provisioner.prices.tariff import Tariffs


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many of the resources were looked at in which way; the numbers sum to all of them."""

    priced: int
    """Their type has a row; what their row could not price is among the estimate's missing."""
    free: int
    """Their type has no charge of its own, or no cloud bills their package."""
    unknown: Mapping[str, int]
    """Types that this project does not price, with how many there are: they may cost anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    estimate: Estimate
    coverage: Coverage
    charges: tuple[Charge, ...]


def price(resources: Sequence[Resource], usage: Usage, tariffs: Tariffs) -> Priced:
    """All of them, whatever the cloud and region of each."""
    scene = Scene(tuple(resources), usage)
    known = {package: [one for one in resources if one.type in table.rows] for package, table in TABLES.items()}
    unknown = Counter(one.type for one in resources if _is_unknown(one.type))
    priced = sum(map(len, known.values()))
    missing = list[Missing]()
    estimates, charges = list[Estimate](), list[Charge]()
    for name, found in known.items():
        if found:
            billed = list(_charges(found, scene, missing))
            regions = ", ".join(sorted({one.region for one in found if one.region}))
            estimates.append(estimate(TABLES[name].cloud, regions, billed, [], tariffs))
            charges += billed
    reason = "this type is not priced here"
    missing += [Missing(name=f"{count} x {kind}", reason=reason) for kind, count in sorted(unknown.items())]
    return Priced(
        estimate=_together(estimates, missing),
        coverage=Coverage(priced=priced, free=len(resources) - priced - unknown.total(), unknown=dict(sorted(unknown.items()))),
        charges=tuple(charges),
    )


def _is_unknown(kind: str) -> bool:
    table = TABLES.get(package(kind))
    if table is None:
        return package(kind) not in UNBILLED
    return kind not in table.rows and not table.is_free(kind)


def _charges(resources: Iterable[Resource], scene: Scene, missing: list[Missing]) -> Iterator[Charge]:
    """What the deployment shares is billed once in each region, whoever causes it."""
    shared = set[tuple[str, str, str]]()
    for found in resources:
        table = TABLES[package(found.type)]
        resource = placed(found, table, scene)
        try:
            for charge in table.rows[resource.type](resource, scene):
                key = (charge.kind, charge.item, charge.region)
                if not charge.region:
                    reason = f"no region for {charge.kind} {charge.item}: neither the resource nor its provider states one"
                    missing.append(Missing(name=resource.label, reason=reason))
                elif charge.name != NETWORK:
                    yield charge
                elif key not in shared:
                    shared.add(key)
                    yield charge
        except Unpriced as reason:
            missing.append(Missing(name=resource.label, reason=str(reason)))


def _together(estimates: Sequence[Estimate], missing: Sequence[Missing]) -> Estimate:
    """One estimate of a program that may stand in several clouds and regions."""
    return Estimate(
        cloud=", ".join(one.cloud for one in estimates),
        region=", ".join(dict.fromkeys(one.region for one in estimates if one.region)),
        monthly=sum((one.monthly for one in estimates), Range()),
        items=tuple(item for one in estimates for item in one.items),
        missing=(*(each for one in estimates for each in one.missing), *missing),
        by_workload={},
    )
