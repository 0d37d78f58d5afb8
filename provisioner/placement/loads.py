"""A finished placement as loads again: for questions about what would happen if something changed."""

from collections import Counter
from collections.abc import Mapping

from provisioner.placement.model import Placement
from provisioner.placement.requests import gather
from provisioner.placement.slots import Held, Load, slot
from provisioner.plan.model import Plan


def loads(plan: Plan, placement: Placement) -> Mapping[str, Load]:
    """By host name, in the placement's order, each with what it runs."""
    groups = {group.name: group for group in plan.groups}
    held: Held = Counter()
    found: dict[str, Load] = {}
    for host in placement.hosts:
        group = groups[host.group]
        number = int(host.name.removeprefix(f"{group.name}-"))
        found[host.name] = Load(slot(group, number, host.offer, plan.target.zones), held)
    for request in gather(plan):
        found[placement.assignments[request.name]].add(request)
    return found
