"""On which clouds a definition can go, and why not on the others. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from provisioner.clouds.contract import Cloud, check_capabilities
from provisioner.clouds.discovery import targets
from provisioner.errors import InputError, Problem, Problems
from provisioner.plan.build import build
from provisioner.plan.model import Plan, Target
from provisioner.plan.sites import split
from provisioner.resolve.model import Resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class Compatibility:
    """One cloud's answer. `reasons` is empty where the cloud is capable; each names its place in the file."""

    name: str
    label: str
    capable: bool
    reasons: tuple[str, ...] = ()


def compatibility(resolved: Resolved, clouds: Mapping[str, Cloud]) -> tuple[Compatibility, ...]:
    """Every cloud in turn, in its default region: what the definition needs, and what it says of clouds itself.

    Follows from the same checks as a plan: the definition's `clouds`, a host group's `cloud` and `machine`, the cloud's
    capabilities and its limits.
    """
    return tuple(_answer(cloud, _refusals(resolved, cloud)) for cloud in clouds.values())


def _answer(cloud: Cloud, refusals: Iterable[Problem]) -> Compatibility:
    reasons = tuple(dict.fromkeys(map(str, refusals)))
    return Compatibility(name=cloud.name, label=cloud.label, capable=not reasons, reasons=reasons)


def _refusals(resolved: Resolved, cloud: Cloud) -> Iterable[Problem]:
    problems = Problems()
    plan = _plan(resolved, cloud, problems)
    if plan is not None:
        for part in split(plan):
            there = cloud if part.target.cloud == cloud.name else targets()[part.target.cloud]
            problems.extend(check_capabilities(part, there))
            problems.extend(there.limits(part))
    return problems.errors


def _others(cloud: Cloud) -> tuple[Target, ...]:
    """Every other cloud, in its default region: host groups may name it."""
    others = [other for other in targets().values() if other.name != cloud.name and other.meets_others]
    regions = ((other.name, other.regions[other.default_region]) for other in others)
    return tuple(Target(cloud=name, region=region.name, zones=region.zones) for name, region in regions)


def _plan(resolved: Resolved, cloud: Cloud, problems: Problems) -> Plan | None:
    """The plan in the cloud's default region; None where it cannot be, with the errors in `problems`."""
    region = cloud.regions[cloud.default_region]
    target = Target(cloud=cloud.name, region=region.name, zones=region.zones, others=_others(cloud))
    try:
        return build(resolved, target, problems=problems)
    except InputError:
        return None
