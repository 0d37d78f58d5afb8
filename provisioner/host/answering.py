"""Which hosts answer HTTP routes."""

from provisioner.placement.model import Placement
from provisioner.plan import routes
from provisioner.plan.model import Plan


def answering(plan: Plan, placement: Placement) -> tuple[str, ...]:
    """The hosts of the groups on which a routed workload may run."""
    names = {group.name for group in routes.groups(plan.groups, plan.volumes, plan.workloads)}
    return tuple(host.name for host in placement.hosts if host.group in names)
