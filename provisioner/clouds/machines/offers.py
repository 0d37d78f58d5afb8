"""The machines of an inventory as offers, each there once."""

from collections.abc import Iterator

from provisioner.clouds.inventory import Inventory
from provisioner.prices.offers import Offer, Own
from provisioner.units import HOURS_PER_MONTH, ZERO, Money


def offers(inventory: Inventory, cloud: str, region: str) -> Iterator[Offer]:
    """By name. An hour costs its part of the stated month, or nothing."""
    for one in inventory.values():
        yield Offer(
            cloud=cloud,
            region=region,
            machine=one.name,
            millicpu=one.millicpu,
            memory_mib=one.memory_mib,
            arch=one.arch,
            gpu=one.gpu,
            hourly=Money(one.monthly.nano // HOURS_PER_MONTH) if one.monthly is not None else ZERO,
            spot=None,
            source="the inventory",
            date="",
            own=Own(
                zone=one.zone or region,
                tags=one.tags,
                disks=tuple((volume, disk.size_gib) for volume, disk in sorted(one.disks.items())),
            ),
        )
