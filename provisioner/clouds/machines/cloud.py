"""Machines that are there already, as a cloud: a stack states them, SSH reaches them, and they stay when it goes."""

import functools
from dataclasses import replace
from pathlib import Path
from typing import Final

from provisioner.clouds.contract import Cloud, Region, by_name
from provisioner.clouds.inventory import NO_MACHINES, Inventory
from provisioner.clouds.machines import limits
from provisioner.clouds.machines.charges import charges, tariffs
from provisioner.clouds.machines.offers import offers

NAME: Final = "machines"
REGION: Final = "inventory"

_PUBLISH: Final = (
    "publish a port of the container: it is open on the machines that run it, which a balancer of your own may reach"
)


def stocked(inventory: Inventory) -> Cloud:
    """With the machines of a stack. Zones are theirs in the order of the alphabet, so that all runs agree on it."""
    zones = tuple(sorted({one.zone for one in inventory.values() if one.zone})) or (REGION,)
    return replace(
        CLOUD,
        regions=by_name(Region(name=REGION, label="own machines", continent="", zones=zones)),
        charges=functools.partial(charges, inventory),
        limits=functools.partial(limits.check, inventory),
        offers=lambda: tuple(offers(inventory, NAME, REGION)),
        tariffs=tuple(tariffs(inventory, NAME, REGION)),
    )


CLOUD: Final = Cloud(
    name=NAME,
    label="own machines",
    package="provisioner",
    region_config=(),
    regions=by_name(Region(name=REGION, label="own machines", continent="", zones=(REGION,))),
    default_region=REGION,
    capabilities=frozenset({"egress-nat", "egress-direct", "gpu", "volume-ssd", "volume-hdd"}),
    user_data_limit=0,
    charges=functools.partial(charges, NO_MACHINES),
    limits=functools.partial(limits.check, NO_MACHINES),
    data=Path(__file__).parent,
    offers=tuple,
    stocked=stocked,
    moves_disks=False,
    instead={
        "egress-none": "machines reach the world as they do: close their way out in their own network, and write egress: nat",
        "volume-backup": "leave backup out: the disk is the machine's, whose own backup covers it",
        "balancer-tcp": _PUBLISH,
        "balancer-udp": _PUBLISH,
        "balancer-http": _PUBLISH,
        "balancer-https": _PUBLISH,
    },
)
