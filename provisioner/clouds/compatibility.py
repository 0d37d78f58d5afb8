"""On which clouds a definition can go, and why not on the others. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from provisioner.clouds.contract import Cloud, check_capabilities
from provisioner.errors import InputError, Problem, Problems
from provisioner.plan.build import build
from provisioner.plan.model import Plan, Target
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
        problems.extend(check_capabilities(plan, cloud))
        problems.extend(cloud.limits(plan))
    return problems.errors


def _plan(resolved: Resolved, cloud: Cloud, problems: Problems) -> Plan | None:
    """The plan in the cloud's default region; None where it cannot be, with the errors in `problems`."""
    region = cloud.regions[cloud.default_region]
    target = Target(cloud=cloud.name, region=region.name, zones=region.zones)
    try:
        return build(resolved, target, problems=problems)
    except InputError:
        return None
