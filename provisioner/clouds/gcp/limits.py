"""What Google Cloud would refuse about a plan in the middle of an `up`, found before anything is registered. Pure."""

from typing import Final

from provisioner.clouds.gcp.defaults import FLOW_LOG_DAYS, HTTPS_PORT
from provisioner.errors import Place, Problems
from provisioner.plan.model import Balancer, Plan, Rule

SMALLEST_DISK_GIB: Final = 10
LARGEST_DISK_GIB: Final = 65_536
"""Sizes of a Persistent Disk (cloud.google.com/compute/docs/disks/persistent-disks)."""
MOST_SOURCE_GROUPS: Final = 10
"""Service accounts that one rule may name as sources (cloud.google.com/firewall/docs/quotas); every group has one."""
HEALTH_INTERVALS: Final = range(1, 301)
"""Seconds between health checks (cloud.google.com/compute/docs/reference/rest/v1/regionHealthChecks)."""


def check(plan: Plan) -> Problems:
    """Every problem of the plan on Google Cloud, with its place."""
    problems = Problems()
    for group in plan.groups:
        _check_size(group.disk_gib, f"hosts/{group.name}/disk", group.place, problems)
    for volume in plan.volumes:
        _check_size(volume.size_gib, f"volumes/{volume.name}/size", volume.place, problems)
    for rule in plan.rules:
        _check_sources(plan, rule, problems)
    days = plan.network.flow_log_days
    if days not in (0, FLOW_LOG_DAYS):
        message = f"network/flow-logs/keep-days: expected {FLOW_LOG_DAYS}, which Google Cloud keeps them, found {days}"
        problems.error("cloud-limit", plan.network.place, message, hint="leave keep-days out")
    if plan.network.existing:
        _check_existing(plan, problems)
    for balancer in plan.balancers:
        _check_interval(balancer, problems)
        if balancer.type == "https" and balancer.port != HTTPS_PORT:
            message = f"balancers/{balancer.name}/port: expected {HTTPS_PORT} for https on Google Cloud, found {balancer.port}"
            problems.error("cloud-limit", balancer.place, message, hint="leave port out")
    return problems


def _check_size(gib: int, where: str, place: Place, problems: Problems) -> None:
    if not SMALLEST_DISK_GIB <= gib <= LARGEST_DISK_GIB:
        expected = f"expected from {SMALLEST_DISK_GIB} to {LARGEST_DISK_GIB} GiB on Google Cloud, found {gib}"
        problems.error("cloud-limit", place, f"{where}: {expected}")


def _check_sources(plan: Plan, rule: Rule, problems: Problems) -> None:
    if len(rule.groups) > MOST_SOURCE_GROUPS:
        expected = f"expected at most {MOST_SOURCE_GROUPS} host groups that reach another on Google Cloud"
        message = f"hosts/{rule.group}: {expected}, found {len(rule.groups)}"
        problems.error("cloud-limit", plan.network.place, message, hint="make some groups one")


def _check_existing(plan: Plan, problems: Problems) -> None:
    """What needs a subnetwork of its own has none in a network of which nothing is created."""
    if len(plan.groups) > MOST_SOURCE_GROUPS:
        expected = f"expected at most {MOST_SOURCE_GROUPS} host groups in a network that exists on Google Cloud"
        problems.error("cloud-limit", plan.network.place, f"hosts: {expected}, found {len(plan.groups)}")
    for balancer in plan.balancers:
        if balancer.type == "tcp" and balancer.port != balancer.backend_port:
            where, port = f"balancers/{balancer.name}/service", balancer.port
            expected = f"expected a service at the balancer's own port {port} in a network that exists on Google Cloud"
            message = f"{where}: {expected}, found {balancer.backend_port}"
            problems.error("cloud-limit", balancer.place, message, hint=f"host-port: {port}, or type: http")


def _check_interval(balancer: Balancer, problems: Problems) -> None:
    if balancer.type == "udp" and balancer.port != balancer.backend_port:
        expected = (
            f"expected a udp service at the balancer's own port {balancer.port} on Google Cloud, found {balancer.backend_port}"
        )
        where = f"balancers/{balancer.name}/service"
        problems.error("cloud-limit", balancer.place, f"{where}: {expected}", hint=f"host-port: {balancer.port}")
    if balancer.health.interval not in HEALTH_INTERVALS:
        expected = f"expected an interval from 1 to 300 seconds on Google Cloud, found {balancer.health.interval}"
        problems.error("cloud-limit", balancer.place, f"balancers/{balancer.name}/health-check: {expected}")
