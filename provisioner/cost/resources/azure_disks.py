"""Azure's managed disks: sold in sizes, each billed whole.

Source: https://learn.microsoft.com/azure/virtual-machines/disks-types (sizes of Premium SSD, Standard SSD, Standard HDD).
"""

from typing import Final

SIZES: Final = (
    (1, 4),
    (2, 8),
    (3, 16),
    (4, 32),
    (6, 64),
    (10, 128),
    (15, 256),
    (20, 512),
    (30, 1024),
    (40, 2048),
    (50, 4096),
    (60, 8192),
    (70, 16384),
    (80, 32767),
)
"""The number in a disk's name, and the GiB it holds. Standard HDD begins at S4."""

SERIES: Final = {"Premium_LRS": "P", "StandardSSD_LRS": "E", "Standard_LRS": "S"}
"""The letter of a locally redundant kind of disk; the others are priced apart."""

INCLUDED_IOPS: Final = {"PremiumV2_LRS": 3000, "UltraSSD_LRS": 0}
INCLUDED_MBPS: Final = {"PremiumV2_LRS": 125, "UltraSSD_LRS": 0}
"""What the kinds that are provisioned apart include. Source: https://learn.microsoft.com/azure/virtual-machines/disks-types."""


def disk(series: str, size_gib: int) -> str:
    """The smallest disk that holds `size_gib`: `P10` for 100 GiB. Above the largest, a name that has no price."""
    first = 4 if series == "S" else 1
    fitting = (number for number, holds in SIZES if holds >= size_gib and number >= first)
    return f"{series}{next(fitting, f'-{size_gib}-gib')}"
