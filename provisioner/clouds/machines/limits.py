"""What machines that are there already cannot take, and what is different on them from a cloud."""

import re
from typing import Final

from provisioner.clouds.inventory import Inventory
from provisioner.errors import Problems
from provisioner.plan.default import DISK_GIB
from provisioner.plan.model import Plan

_UNSTABLE: Final = re.compile(r"/dev/(sd|vd|xvd|hd|nvme)[a-z0-9]*")


def check(inventory: Inventory, plan: Plan) -> Problems:
    problems = Problems()
    if not inventory:
        hint = "provisioner:machines: {rack-1: {address: 192.0.2.11, cpu: 4, memory: 8GiB}} in the stack's configuration"
        problems.error("no-machine", plan.place, "the stack states no machines", hint=hint)
        return problems
    if plan.network.existing:
        message = "network/existing: machines are in the network that they are in"
        problems.error("cloud-limit", plan.network.place, message, hint="leave machines out of existing")
    for volume in plan.volumes:
        if not any(volume.name in one.disks for one in inventory.values()):
            message = f"no machine has a disk for the volume {volume.name}"
            hint = f"disks: {{{volume.name}: /dev/disk/by-id/…}} or {{{volume.name}: /srv/{volume.name}}} of a machine"
            problems.error("cloud-limit", volume.place, message, hint=hint)
    problems.extend(_unstable(inventory))
    problems.extend(_notes(inventory, plan))
    return problems


def _unstable(inventory: Inventory) -> Problems:
    problems = Problems()
    for disk in (disk for one in inventory.values() for disk in one.disks.values()):
        if _UNSTABLE.fullmatch(disk.path):
            message = f"{disk.path} may be another disk once the machine has booted again"
            problems.warning("unstable-device", disk.place, message, hint="name it as /dev/disk/by-id does")
    return problems


def _notes(inventory: Inventory, plan: Plan) -> Problems:
    problems = Problems()
    if free := [one.name for one in inventory.values() if one.monthly is None]:
        message = f"nobody states a price for {', '.join(free)}: the cost has nothing for them"
        problems.note("own-machines", plan.place, message, hint="monthly: 40 USD of a machine")
    if plan.network.ssh_from:
        message = (
            "network/access/ssh-from: who reaches machines that are there already is for their own network, so this opens nothing"
        )
        problems.note("own-machines", plan.network.place, message)
    for group in plan.groups:
        if group.disk_gib != DISK_GIB:
            message = f"hosts/{group.name}/disk: machines that are there already keep the disk that they have"
            problems.note("own-machines", group.place, message)
    return problems
