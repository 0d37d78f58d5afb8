"""A plan over several clouds, as one plan for each: what belongs together goes to one cloud, and what cannot is refused.

A host group says which cloud it is on; a workload runs on the cloud of the hosts that its affinity or its volumes choose, and
on the stack's own where it chooses none. Volumes, balancers and their addresses follow. Buckets, records and zones are the
stack's cloud's. Containers of different clouds reach each other over the overlay, from public address to public address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from provisioner.errors import Problems
from provisioner.plan import hosts, network, reach, rules
from provisioner.plan.fields import Section
from provisioner.plan.model import HostGroup, Plan, Rule, Site, Target, Volume, Workload
from provisioner.plan.readers import text


def sites(groups: Section, section: Section, target: Target) -> tuple[Site, ...]:
    """The other clouds that host groups name, each with the network that the definition describes.

    Unknown ones are left out, and whatever is wrong with a group is said where groups are built.
    """
    unheard = Section(field=groups.field, problems=Problems())
    named = dict.fromkeys(group.read("cloud", text, default="") for _, group in unheard.sections())
    found = {other.cloud: other for other in target.others if other.cloud in named}
    return tuple(_site(section, found[name]) for name in named if name in found)


def split(plan: Plan) -> tuple[Plan, ...]:
    """One plan for each cloud, the stack's own first; the plan itself where it is on one cloud."""
    if not plan.also:
        return (plan,)
    here = Site(target=plan.target, network=plan.network)
    return tuple(_part(plan, site) for site in (here, *plan.also))


def all_rules(plan: Plan) -> tuple[Rule, ...]:
    """What may enter hosts, cloud by cloud: a group of another cloud is no source that a rule could name."""
    found = (
        rules.build(part.network, part.groups, part.volumes, part.workloads, part.balancers, spans=bool(plan.also))
        for part in split(plan)
    )
    return tuple(sorted((rule for part in found for rule in part), key=lambda rule: rule.name))


def check(plan: Plan, problems: Problems) -> None:
    """Refuse what would need hosts of two clouds at once, or a way from one to the other that is not there."""
    if not plan.also:
        return
    if plan.network.egress != "direct":
        message = f"hosts on several clouds reach each other by public addresses: expected direct, found {plan.network.egress}"
        problems.error("capability", plan.network.place, message, hint="network: {egress: direct}")
    for workload in plan.workloads:
        names = sorted(_clouds(workload, plan))
        if len(names) > 1 and _chooses(workload):
            message = f"{workload.name} may be on hosts of {' and '.join(names)}: it runs on those of one cloud"
            problems.error("conflict", workload.place, message, hint="give the groups different tags")
    for balancer in plan.balancers:
        cloud = _balanced(plan, balancer.workload)
        if balancer.zone and cloud != plan.target.cloud:
            message = f"zone is for balancers on {plan.target.cloud}, whose zones the stack uses; {balancer.name} is on {cloud}"
            problems.error("capability", balancer.place, message, hint="leave zone out, and write a record")


def _site(section: Section, target: Target) -> Site:
    made = network.build(section, target)
    return Site(target=replace(target, zones=network.zones(made)), network=made)


def _part(plan: Plan, site: Site) -> Plan:
    cloud, is_home = site.target.cloud, site.target.cloud == plan.target.cloud
    groups = tuple(group for group in plan.groups if _cloud(group, plan) == cloud)
    names = {group.name for group in groups}
    workloads = tuple(workload for workload in plan.workloads if runs_on(workload, plan) == cloud)
    balancers = tuple(balancer for balancer in plan.balancers if _balanced(plan, balancer.workload) == cloud)
    used, taken = {one.address for one in balancers}, {one.address for one in plan.balancers}
    return replace(
        plan,
        name=plan.name if is_home else f"{plan.name}-{cloud}",
        target=site.target,
        network=site.network,
        also=(),
        groups=groups,
        volumes=tuple(volume for volume in plan.volumes if _holder(volume, plan.groups) in names),
        addresses=tuple(one for one in plan.addresses if one.name in used or (is_home and one.name not in taken)),
        balancers=balancers,
        rules=tuple(rule for rule in plan.rules if rule.group in names),
        workloads=workloads,
        **({} if is_home else {"buckets": (), "records": (), "zones": (), "secrets": (), "budget": None}),
    )


def runs_on(workload: Workload, plan: Plan) -> str:
    """The cloud of a workload: that of the hosts it chooses, else the stack's own where that has any."""
    names = _clouds(workload, plan)
    return plan.target.cloud if plan.target.cloud in names or not names else min(names)


def _clouds(workload: Workload, plan: Plan) -> frozenset[str]:
    return frozenset(_cloud(group, plan) for group in reach.groups_for(workload, plan.groups, plan.volumes))


def _chooses(workload: Workload) -> bool:
    return bool(workload.affinity.tag or workload.affinity.name or workload.volumes)


def _balanced(plan: Plan, runnable: str) -> str:
    found: Mapping[str, Workload] = {workload.runnable: workload for workload in plan.workloads}
    return runs_on(found[runnable], plan)


def _cloud(group: HostGroup, plan: Plan) -> str:
    return group.cloud or plan.target.cloud


def _holder(volume: Volume, groups: Sequence[HostGroup]) -> str:
    return next((group.name for group in groups if hosts.has_host(group, volume.host)), "")
