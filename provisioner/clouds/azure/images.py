"""The operating system of hosts: Debian 13, second generation, as the Debian project publishes it on the marketplace.

`latest` is resolved by Azure when a machine is created, and the reference is ignored in later updates, so a newer image
replaces no machine. Debian's images support Trusted Launch on both architectures (debian-cloud mailing list, November 2025).
"""

import re

from pulumi_azure_native import compute

from provisioner.prices.offers import Offer

SKUS = {"amd64": "13-gen2", "arm64": "13-arm64"}


def image(offer: Offer) -> compute.ImageReferenceArgs:
    return compute.ImageReferenceArgs(publisher="Debian", offer="debian-13", sku=SKUS[offer.arch], version="latest")


def security(offer: Offer) -> compute.SecurityProfileArgs | None:
    """Trusted Launch, wherever the machine type has it.

    `encryption_at_host` stays off: it needs a feature that is registered once per subscription, and disks are encrypted at
    rest without it. `proxy_agent_settings` stay off: they need the guest proxy agent inside the image, which Debian's lacks;
    the metadata service asks for its header in any case. Secure Boot is off with a GPU: the driver that is built on the host is
    not signed by anybody the firmware knows.
    """
    if not trusted_launch(offer):
        return None
    firmware = compute.UefiSettingsArgs(secure_boot_enabled=not offer.gpu, v_tpm_enabled=True)
    return compute.SecurityProfileArgs(security_type="TrustedLaunch", uefi_settings=firmware, encryption_at_host=False)


def trusted_launch(offer: Offer) -> bool:
    """Every current x64 size has it; of the Arm sizes those with Cobalt processors, version 6 on, and none before."""
    return offer.arch == "amd64" or _version(offer.machine) >= 6


def controller(offer: Offer) -> str:
    """Intel sizes take disks by NVMe only from version 6 on; all others take them by SCSI."""
    intel = re.fullmatch(r"Standard_[A-Z]+\d+[b-oq-z]*_v\d+", offer.machine) is not None
    return "NVMe" if intel and _version(offer.machine) >= 6 else "SCSI"


def device(offer: Offer, lun: int) -> str:
    """The stable path of a data disk, as the udev rules of the Azure agent (SCSI) and of azure-vm-utils (NVMe) make it."""
    return f"/dev/disk/azure/data/by-lun/{lun}" if controller(offer) == "NVMe" else f"/dev/disk/azure/scsi1/lun{lun}"


def _version(machine: str) -> int:
    found = re.search(r"_v(\d+)$", machine)
    return int(found[1]) if found else 1
