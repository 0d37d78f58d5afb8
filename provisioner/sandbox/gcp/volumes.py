"""Persistent disks."""

from typing import Final

from provisioner.sandbox.gcp.common import Compute, invalid, number, project, zone
from provisioner.sandbox.kinds import Call, CloudRefusal

DISK: Final = "gcp:compute/disk:Disk"
TYPES: Final = frozenset({"pd-standard", "pd-balanced", "pd-ssd", "hyperdisk-balanced", "hyperdisk-throughput"})
SMALLEST_GIB: Final = 10
LARGEST_GIB: Final = 65_536


def refuse_size(size: object, field: str) -> None:
    """Sizes that Persistent Disk does not come in (cloud.google.com/compute/docs/disks/persistent-disks)."""
    if isinstance(size, int | float) and not SMALLEST_GIB <= size <= LARGEST_GIB:
        raise invalid(field, size, f"Disk size must be from {SMALLEST_GIB} GB to {LARGEST_GIB} GB.")


def refuse_type(call: Call, name: str) -> None:
    if name.rsplit("/", 1)[-1] not in TYPES:
        path = f"projects/{project(call)}/zones/{zone(call)}/diskTypes/{name}"
        raise CloudRefusal(f"googleapi: Error 404: The resource '{path}' was not found, notFound")


def _refuse(call: Call) -> None:
    refuse_type(call, call.inputs["type"])
    refuse_size(call.inputs.get("size"), "sizeGb")


KINDS: Final = (
    Compute(
        token=DISK,
        collection="disks",
        scope="zone",
        computed={
            "diskId": lambda call, _: number(call),
            "physicalBlockSizeBytes": lambda _, __: 4096,
            "size": lambda call, _: call.inputs.get("size", 500 if call.inputs["type"] == "pd-standard" else 100),
            "users": lambda _, __: [],
        },
        defaults={"type": "pd-standard"},
        immutable=(
            *(
                "type",
                "image",
                "snapshot",
                "sourceImageEncryptionKey",
                "sourceSnapshotEncryptionKey",
                "sourceDisk",
                "description",
                "diskEncryptionKey",
                "interface",
                "licenses",
                "params",
            ),
            *("architecture", "enableConfidentialCompute", "guestOsFeatures", "multiWriter", "physicalBlockSizeBytes"),
            *("resourcePolicies", "storagePool", "asyncPrimaryDisk", "sourceStorageObject", "sourceInstantSnapshot"),
        ),
        grows_only=("size",),  # the provider's own page of compute.Disk: a smaller one is recreated
        refusals=(_refuse,),
        labelled=True,
    ).kind,
)
