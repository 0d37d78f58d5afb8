"""What AWS would refuse about a plan in the middle of an `up`, found before anything is registered. Pure."""

from typing import Final

from provisioner.clouds.aws.names import DEVICE_LETTERS
from provisioner.errors import Problems
from provisioner.plan.model import Balancer, HostGroup, Plan, Volume

SMALLEST_HDD_GIB: Final = 125
"""The smallest st1 volume (EBS user guide, "Throughput Optimized HDD volumes")."""
HEALTH_INTERVALS: Final = range(5, 301)
"""Seconds between health checks that a target group takes (Network Load Balancer user guide)."""


def check(plan: Plan) -> Problems:
    """Every problem of the plan on AWS, with its place."""
    problems = Problems()
    for group in plan.groups:
        _check_root(group, problems)
    for volume in plan.volumes:
        _check_size(volume, problems)
    _check_attached(plan, problems)
    if plan.network.existing:
        _check_existing(plan, problems)
    for balancer in plan.balancers:
        _check_interval(balancer, problems)
        if balancer.type in ("http", "https"):
            _check_web(plan, balancer, problems)
    return problems


def _check_root(group: HostGroup, problems: Problems) -> None:
    if group.disk_kind == "HDD":
        where = f"hosts/{group.name}/disk-kind"
        problems.error("cloud-limit", group.place, f"{where}: AWS starts no host from an HDD", hint="use SSD")


def _check_size(volume: Volume, problems: Problems) -> None:
    if volume.kind == "HDD" and volume.size_gib < SMALLEST_HDD_GIB:
        expected = f"expected at least {SMALLEST_HDD_GIB} GiB for an HDD on AWS, found {volume.size_gib}"
        problems.error("cloud-limit", volume.place, f"volumes/{volume.name}/size: {expected}", hint="SSD may be smaller")


def _check_attached(plan: Plan, problems: Problems) -> None:
    most = len(DEVICE_LETTERS)
    for host in sorted({volume.host for volume in plan.volumes}):
        attached = [volume for volume in plan.volumes if volume.host == host]
        if len(attached) > most:
            expected = f"expected at most {most} volumes on one host on AWS, found {len(attached)}"
            problems.error("cloud-limit", attached[most].place, f"host {host}: {expected}", hint="spread them over more hosts")


def _check_existing(plan: Plan, problems: Problems) -> None:
    """A subnet is in one zone, and balancers for the world stand in public ones."""
    subnets, place = plan.network.subnets, plan.network.place
    for public in (False, True):
        ids = [subnet.id for subnet in subnets if subnet.public == public]
        if len(set(ids)) != len(ids):
            message = f"network/existing: expected a subnet for each zone on AWS, found {ids[0]} for {len(ids)}"
            problems.error("cloud-limit", place, message, hint="name one for each zone, or fewer zones")
    if plan.balancers and not any(subnet.public for subnet in subnets):
        message = "network/existing: expected public-subnets for the balancers on AWS, found none"
        problems.error("cloud-limit", place, message, hint="public-subnets: [subnet-…], one for each zone")


def _check_interval(balancer: Balancer, problems: Problems) -> None:
    if balancer.health.interval not in HEALTH_INTERVALS:
        expected = f"expected an interval from 5 to 300 seconds on AWS, found {balancer.health.interval}"
        problems.error("cloud-limit", balancer.place, f"balancers/{balancer.name}/health-check: {expected}")


def _check_web(plan: Plan, balancer: Balancer, problems: Problems) -> None:
    """An Application Load Balancer stands in two zones, has addresses of its own, asks hosts over HTTP, and its certificate is
    proven by DNS.
    """
    where = f"balancers/{balancer.name}"
    if balancer.health.kind != "http":
        message = f"{where}/health-check/kind: expected http for {balancer.type} on AWS, found {balancer.health.kind}"
        problems.error("cloud-limit", balancer.place, message, hint="kind: http, with the url that answers")
    if len(plan.target.zones) < 2:
        message = f"{where}/type: expected two zones for {balancer.type} on AWS, found {len(plan.target.zones)}"
        problems.error("cloud-limit", balancer.place, message, hint="network: {zones: 2}")
    if balancer.address:
        message = f"{where}/address: expected none for {balancer.type} on AWS, whose addresses change, found {balancer.address}"
        problems.error("cloud-limit", balancer.place, message, hint="leave address out, or use type: tcp")
    if balancer.type == "https" and not balancer.zone:
        message = f"{where}/zone: expected the DNS zone of {balancer.domain}, in which AWS has the domain proven, found none"
        problems.error("cloud-limit", balancer.place, message, hint="zone: example.com")
