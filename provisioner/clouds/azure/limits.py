"""What Azure would refuse about a plan in the middle of an `up`, found before anything is registered. Pure."""

from collections.abc import Iterator
from typing import Final

from provisioner.clouds.azure.defaults import LAST_LUN
from provisioner.errors import Place, Problems
from provisioner.plan.model import Plan

IMAGE_GIB: Final = 30
"""The size of Debian's images on the marketplace: a root disk holds at least its image."""
LARGEST_GIB: Final = 32_767
"""The largest managed disk (Azure managed disk types, "Disk type comparison")."""
MACHINE_NAME: Final = 64
"""The longest name of a Linux machine (naming rules of Azure resources, Microsoft.Compute)."""
NETWORK_NAME: Final = 80
"""The longest name of a disk, and of most resources of Microsoft.Network (the same rules)."""
VAULT_NAME: Final = 50
"""The longest name of a backup vault (the same rules, Microsoft.DataProtection)."""
SUFFIX: Final = 8
"""The characters that the provider appends."""


def check(plan: Plan) -> Problems:
    """Every problem of the plan on Azure, with its place."""
    problems = Problems()
    _check_disks(plan, problems)
    _check_attached(plan, problems)
    _check_names(plan, problems)
    _check_zones(plan, problems)
    if plan.network.existing:
        _check_existing(plan, problems)
    for balancer in plan.balancers:
        if balancer.type == "http" and balancer.health.kind != "http":
            where = f"balancers/{balancer.name}/health-check/kind"
            message = f"{where}: expected http for {balancer.type} on Azure, found {balancer.health.kind}"
            problems.error("cloud-limit", balancer.place, message, hint="kind: http, with the url that answers")
    return problems


def _check_disks(plan: Plan, problems: Problems) -> None:
    for group in plan.groups:
        if group.disk_gib < IMAGE_GIB:
            expected = f"expected at least {IMAGE_GIB} GiB, the size of the image on Azure, found {group.disk_gib}"
            problems.error("cloud-limit", group.place, f"hosts/{group.name}/disk: {expected}")
    for volume in plan.volumes:
        if volume.size_gib > LARGEST_GIB:
            expected = f"expected at most {LARGEST_GIB} GiB on Azure, found {volume.size_gib}"
            problems.error("cloud-limit", volume.place, f"volumes/{volume.name}/size: {expected}")


def _check_existing(plan: Plan, problems: Problems) -> None:
    """A network is found by its group and its name; gateways need a subnet of their own, and nothing is created in it."""
    if plan.network.existing.count("/") != 1:
        message = f'network/existing: expected GROUP/NAME on Azure, found "{plan.network.existing}"'
        problems.error("cloud-limit", plan.network.place, message)
    for balancer in plan.balancers:
        if balancer.type == "http":
            where = f"balancers/{balancer.name}/type"
            message = f"{where}: expected tcp or udp in a network that exists on Azure, found {balancer.type}"
            problems.error("cloud-limit", balancer.place, message, hint="a gateway needs a subnet of its own")


def _check_attached(plan: Plan, problems: Problems) -> None:
    most = LAST_LUN + 1
    for host in sorted({volume.host for volume in plan.volumes}):
        attached = [volume for volume in plan.volumes if volume.host == host]
        if len(attached) > most:
            expected = f"expected at most {most} volumes on one host on Azure, found {len(attached)}"
            problems.error("cloud-limit", attached[most].place, f"host {host}: {expected}", hint="spread them over more hosts")


def _check_names(plan: Plan, problems: Problems) -> None:
    for child, longest, place in _names(plan):
        name = f"{plan.slug}-{child}"
        room = longest - SUFFIX
        if len(name) > room:
            expected = f'expected a name of at most {room} characters on Azure, found "{name}" ({len(name)})'
            problems.error("cloud-limit", place, expected, hint="shorten the blueprint's name")


def _names(plan: Plan) -> Iterator[tuple[str, int, Place]]:
    """The longest logical names of each part of the plan, and what Azure takes."""
    for group in plan.groups:
        yield f"{group.name}-{group.maximum}", MACHINE_NAME, group.place
    for volume in plan.volumes:
        yield volume.name, NETWORK_NAME, volume.place
        if volume.backup_days:
            yield "backup", VAULT_NAME, volume.place
    for address in plan.addresses:
        yield address.name, NETWORK_NAME, address.place
    for balancer in plan.balancers:
        yield f"{balancer.name}-address", NETWORK_NAME, balancer.place


def _check_zones(plan: Plan, problems: Problems) -> None:
    """Azure finds an existing zone by its resource group and its name, never by its name alone."""
    known = {zone.name for zone in plan.zones if zone.create or zone.group}
    asking = [(f"records/{record.key}/zone", record.zone, record.place) for record in plan.records]
    asking += [(f"balancers/{balancer.name}/zone", balancer.zone, balancer.place) for balancer in plan.balancers if balancer.zone]
    for where, zone, place in asking:
        if zone not in known:
            hint = f"zones: {{{zone}: {{group: NAME}}}} for one that exists, {{create: true}} for a new one"
            message = f"{where}: expected the resource group of {zone} on Azure, found none"
            problems.error("cloud-limit", place, message, hint=hint)
