"""From a resolved definition to the plan."""

from collections.abc import Sequence
from dataclasses import replace

from provisioner.errors import Place, Problems
from provisioner.plan import (
    addresses,
    balancers,
    buckets,
    budget,
    carried,
    check,
    default,
    hosts,
    network,
    placing,
    records,
    secrets,
    sites,
    volumes,
    workloads,
)
from provisioner.plan.digest import digest
from provisioner.plan.fields import Section
from provisioner.plan.model import HostGroup, Plan, Site, Target
from provisioner.plan.readers import text
from provisioner.resolve.model import Field, Needs, Resolved


def build(resolved: Resolved, target: Target, *, problems: Problems) -> Plan:
    """Everything that must exist for `resolved` in `target`, whose zones are narrowed to those the network is in.

    Raises `InputError` with every error in `problems` once all has been read and checked.
    """
    root = Section(field=carried.sections(resolved, _root(resolved), target, problems), problems=problems)
    _check_cloud(root, target)
    own_network = network.build(root.section("network"), target)
    also = sites.sites(root.section("hosts"), root.section("network"), target)
    target = replace(target, zones=network.zones(own_network))
    needs = {runnable.name: workloads.total_needs(runnable, problems) for runnable in resolved.runnables}
    groups = _groups(resolved, root, target, also, needs)
    runnables = placing.together(carried.at_home(resolved.runnables, groups), problems)
    all_volumes = (
        *volumes.build(root.section("volumes"), groups, target.zones),
        *volumes.of_runnables(runnables, groups, target.zones, problems),
    )
    built = [workloads.build(runnable, needs[runnable.name], all_volumes) for runnable in runnables]
    loads = placing.pinned(built, all_volumes, problems)
    placed = placing.build(root.section("placement"))
    all_balancers, all_workloads = balancers.build(root.section("balancers"), loads)
    plan = Plan(
        name=resolved.name,
        target=replace(target, others=()),
        network=own_network,
        groups=groups,
        also=also,
        volumes=all_volumes,
        buckets=buckets.build(root.section("buckets")),
        addresses=addresses.build(root.section("addresses")),
        balancers=all_balancers,
        records=records.build(root.section("records")),
        zones=records.zones(root.section("zones")),
        workloads=all_workloads,
        secrets=secrets.build(root.section("secrets"), resolved.runnables),
        budget=budget.build(root),
        survive=placed.survive,
        moves_percent=placed.moves_percent,
        place=root.place,
    )
    check.check(plan, problems)
    problems.raise_errors()
    plan = replace(plan, rules=sites.all_rules(plan))
    plan = placing.spread(plan, runnables, problems)
    problems.raise_errors()
    return replace(plan, digest=digest(plan))


def _root(resolved: Resolved) -> Field:
    """The blueprint's sections as one mapping; an empty one where there is no blueprint."""
    if resolved.blueprint is not None:
        return Field(value=dict(resolved.blueprint.sections), place=resolved.blueprint.place)
    place = resolved.runnables[0].place if resolved.runnables else Place(path=resolved.name)
    return Field(value={}, place=place._replace(path=resolved.name))


def _check_cloud(root: Section, target: Target) -> None:
    """A blueprint may name the clouds it is meant for."""
    clouds = root.read_list("clouds", text)
    if clouds and target.cloud not in clouds:
        message = f"this blueprint is meant for {' and '.join(clouds)}, found the target {target.cloud}"
        root.problems.error(
            "capability", root.place_of("clouds"), message, hint=f"add {target.cloud} to clouds once it is tried there"
        )


def _groups(
    resolved: Resolved, root: Section, target: Target, also: Sequence[Site], needs: dict[str, Needs]
) -> tuple[HostGroup, ...]:
    stated = hosts.build(root.section("hosts"), target, also)
    own = resolved.blueprint is not None and "hosts" in resolved.blueprint.sections
    homeless = [one for one in carried.at_home(resolved.runnables, stated) if not carried.has_a_home(one, stated)]
    if (stated and own) or not homeless:
        return stated
    return (*stated, default.group(homeless, needs, root.place, root.problems))
