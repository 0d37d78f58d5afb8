"""Choices that a definition does not state, in one place. None of them changes what is billed."""

from collections.abc import Iterable, Mapping
from typing import Final
from zlib import crc32

from provisioner.plan.model import VolumeKind

USER: Final = "provisioner"
"""The administrator of every host."""

ALL_ZONES: Final = ("1", "2", "3")
"""A public address in all three zones of a region is zone-redundant; Azure takes one zone or all of them."""

DISK_SKUS: Final[dict[VolumeKind, str]] = {"SSD": "Premium_LRS", "HDD": "Standard_LRS"}

EVICTION: Final = "Delete"
"""What becomes of a spot machine that Azure takes back: it goes with its root disk, and the next `up` makes the host anew, as on
the other clouds. One that is only deallocated would stay away, and its disk be billed."""

LAST_LUN: Final = 63

NO_ONES_KEY: Final = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBkor0JKqeG2RyvfwRPXe+8K7N0utnb7pufnGVcnmXZb nobody"
"""Azure creates no Linux machine without a key or a password. This key lets nobody in: its point on the curve is the SHA-256
digest of "provisioner: nobody holds this key", so that no private half was ever known. A test derives it again."""


def zonal(zone: str) -> list[str] | None:
    """The `zones` of a resource in one zone; "" is a region without zones."""
    return [zone] if zone else None


def redundant(zone: str) -> list[str] | None:
    """The `zones` of a public address that survives the loss of any zone, in a region that has zones."""
    return list(ALL_ZONES) if zone else None


def luns(volumes: Iterable[str], kept: Mapping[str, str]) -> dict[str, int]:
    """Where each volume of a host is plugged in: where the last deployment did it (`kept`), else after its name.

    With 64 places a name alone cannot promise that another volume does not move it.
    """
    listed = sorted(volumes)
    taken = {int(kept[name]): name for name in listed if name in kept}
    for name in (name for name in listed if name not in kept):
        lun = crc32(name.encode()) % (LAST_LUN + 1)
        while lun in taken:
            lun = (lun + 1) % (LAST_LUN + 1)
        taken[lun] = name
    return {name: lun for lun, name in taken.items()}
