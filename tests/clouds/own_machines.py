"""Machines that are there already, for tests: an inventory, and the families of a plan as the program builds them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from golden import quiet_sdk_imports

from provisioner.clouds import inventory
from provisioner.clouds.components import Deployment, Host
from provisioner.clouds.inventory import Inventory
from provisioner.deploy import program
from provisioner.deploy.prepare import Prepared
from provisioner.errors import Place, Problems
from provisioner.host.cloud_init import cloud_init
from provisioner.plan.sites import split

FILE = "stacks/Pulumi.t.yaml"

RACK: Mapping[str, Any] = {
    "rack-1": {"address": "192.0.2.11", "cpu": 4, "memory": "8GiB"},
    "rack-2": {
        "address": "rack-2.example.com",
        "private-address": "10.0.0.12",
        "user": "root",
        "port": 2222,
        "key": "~/.ssh/rack",
        "jump": "me@192.0.2.1:22",
        "host-key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample rack-2",
        "arch": "x86_64",
        "cpu": 8,
        "memory": "32GiB",
        "gpu": 1,
        "tags": ["data", "app"],
        "disks": {"v": {"path": "/dev/disk/by-id/wwn-0x5000", "size": "125GiB"}, "visits": "/srv/visits"},
        "monthly": "40 USD",
        "install": False,
    },
}


def read(written: Mapping[str, Any] = RACK) -> tuple[Inventory, Problems]:
    """As a stack's configuration gives it."""
    problems = Problems()
    return inventory.read(written, Place(file=FILE, path="provisioner:machines"), problems), problems


def families_of(found: Prepared, stated: Inventory | None = None) -> Mapping[str, Host]:
    """Register every family of every cloud of a plan; its hosts."""
    document = cloud_init("")
    hosts: dict[str, Host] = {}
    for part in split(found.plan):
        groups = {group.name for group in part.groups}
        placed = [host for host in found.placement.hosts if host.group in groups]
        deployment = Deployment(plan=part, hosts=placed, user_data={host.name: document for host in placed})
        with quiet_sdk_imports():
            modules = program.families(part.target.cloud, program.used(part))
        built = program.build(replace(deployment, inventory=stated or {}), modules, {})
        hosts |= cast("Any", built["hosts"]).hosts
    return hosts
