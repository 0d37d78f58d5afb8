"""Managed disks."""

from collections.abc import Iterator
from typing import Any

from provisioner.sandbox.azure import arm
from provisioner.sandbox.kinds import Call, Failure, Kind

DISK = "azure-native:compute:Disk"
SKUS = ("Premium_LRS", "Premium_ZRS", "PremiumV2_LRS", "StandardSSD_LRS", "StandardSSD_ZRS", "Standard_LRS", "UltraSSD_LRS")
LARGEST_GIB = 32_767


def _check(call: Call) -> Iterator[Failure]:
    yield from arm.named("diskName", arm.NETWORK_NAME)(call)
    size = call.inputs.get("diskSizeGB")
    if isinstance(size, int) and not 1 <= size <= LARGEST_GIB:
        yield Failure(property="diskSizeGB", reason=f"disk size must be from 1 to {LARGEST_GIB} GB, found {size}")


def _refuse(call: Call) -> None:
    arm.refuse_changes(call, ("zones", "creationData"))
    arm.refuse_common(call)
    arm.refuse_zones(call)
    sku = arm.part(call.inputs, "sku").get("name", "Standard_LRS")
    if sku not in SKUS:
        raise arm.refusal("InvalidParameter", f"The value '{sku}' of parameter 'sku.name' is not one of {', '.join(SKUS)}.")
    size = call.inputs.get("diskSizeGB")
    if call.inputs["creationData"]["createOption"] == "Empty" and size is None:
        raise arm.refusal("InvalidParameter", "Required parameter 'diskSizeGB' is missing (null).")
    before = (call.olds or {}).get("diskSizeGB", size)
    if size is not None and size < before:
        message = f"Shrinking a disk is not allowed. Disk {call.name} has {before} GB, requested are {size} GB."
        raise arm.refusal("OperationNotAllowed", message)


def _outputs(call: Call, _: str) -> dict[str, Any]:
    return {
        **arm.standard("Microsoft.Compute/disks", "2024-03-02", call.inputs["diskName"]),
        "diskSizeBytes": (call.inputs.get("diskSizeGB") or 0) * 2**30,
        "diskState": "Unattached",
        "managedBy": None,
        "provisioningState": "Succeeded",
        "uniqueId": arm.uuid(call, "disk"),
    }


KINDS = (
    Kind(
        token=DISK,
        identify=arm.identify("Microsoft.Compute/disks", "diskName"),
        outputs=_outputs,
        computed=(*arm.STANDARD, "diskSizeBytes", "diskState", "managedBy", "provisioningState", "uniqueId"),
        immutable=frozenset({"diskName", "location", "resourceGroupName"}),
        autoname=arm.autoname("diskName"),
        references=(arm.IN_GROUP,),
        check=_check,
        refuse=_refuse,
    ),
)
