"""Virtual machines."""

from typing import Any, Final

from provisioner.sandbox.azure import arm, machine_rules, sizes
from provisioner.sandbox.azure.hosts import IDENTITY, INTERFACE, shown_identities
from provisioner.sandbox.azure.volumes import DISK
from provisioner.sandbox.kinds import Call, Kind

MACHINE = "azure-native:compute:VirtualMachine"

FIXED = (
    "osProfile.adminUsername",
    "osProfile.computerName",
    "osProfile.customData",
    "osProfile.linuxConfiguration.ssh.publicKeys",
    "priority",
    "securityProfile.securityType",
    "storageProfile.imageReference",
    "storageProfile.osDisk.createOption",
    "zones",
)
INTERFACES = "networkProfile.networkInterfaces[].id"
DISKS = "storageProfile.dataDisks[].managedDisk.id"
NIC_IN_USE = (
    "NicInUse: Network Interface {id} is used by existing resource {dependent}. In order to delete the network interface, it "
    "must be dissociated from the resource."
)
MOST_CORES: Final = 350
"""vCPUs in a region of a subscription under an enterprise agreement; one that pays as it goes begins with 20."""
DISK_IN_USE = "OperationNotAllowed: Disk {id} is attached to VM {dependent}."


def _refuse(call: Call) -> None:
    arm.refuse_changes(call, FIXED)
    arm.refuse_common(call)
    arm.refuse_zones(call)
    for rule in (
        machine_rules.size,
        machine_rules.system,
        machine_rules.image,
        machine_rules.security,
        machine_rules.controller,
        machine_rules.root_disk,
        machine_rules.spot,
    ):
        rule(call)
    _refuse_cores(call)
    _refuse_interfaces(call)
    _refuse_disks(call)


def _refuse_cores(call: Call) -> None:
    """Spot machines have a quota of their own."""
    own = (call.inputs["location"], call.inputs.get("priority") == "Spot")
    used = sum(
        sizes.vcpus(arm.part(each.properties, "hardwareProfile")["vmSize"])
        for each in call.world.all(MACHINE)
        if (each.properties["location"], each.properties.get("priority") == "Spot") == own
    )
    asked = sizes.vcpus(arm.part(call.inputs, "hardwareProfile")["vmSize"])
    if used + asked > MOST_CORES:
        message = (
            f"Operation results in exceeding quota limits of Core. Maximum allowed: {MOST_CORES}, Current in use: {used}, "
            f"Additional requested: {asked}."
        )
        raise arm.refusal("OperationNotAllowed", message)


def _refuse_interfaces(call: Call) -> None:
    arm.refuse_elsewhere(call, (INTERFACE, DISK), INTERFACES, DISKS)
    wanted = arm.values(call.inputs, INTERFACES)
    if not wanted:
        raise arm.refusal("InvalidParameter", "Required parameter 'networkProfile' is missing (null).")
    for machine in call.world.all(MACHINE):
        for interface in set(wanted) & set(arm.values(machine.properties, INTERFACES)):
            raise arm.refusal("NicInUse", f"Network Interface {interface} is used by existing resource {machine.id}.")
    if call.olds is not None and wanted != arm.values(call.olds, INTERFACES):
        message = f"Adding or deleting network interfaces is allowed only while the virtual machine {call.name} is deallocated."
        raise arm.refusal("AddingOrDeletingNetworkInterfacesOnARunningVirtualMachineNotSupported", message)


def _refuse_disks(call: Call) -> None:
    luns = arm.values(call.inputs, "storageProfile.dataDisks[].lun")
    if len(luns) != len(set(luns)) or any(not 0 <= lun <= 63 for lun in luns):
        raise arm.refusal("InvalidParameter", f"Data disks of {call.name} need different logical unit numbers from 0 to 63.")
    zone = call.inputs.get("zones")
    for wanted in arm.values(call.inputs, DISKS):
        disk = call.world.get(DISK, wanted)
        if disk is not None and disk.properties.get("zones") != zone:
            message = f"Disk {wanted} cannot be attached to the VM because it is not in zone '{','.join(zone or ['none'])}'."
            raise arm.refusal("BadRequest", message)
        for machine in call.world.all(MACHINE):
            if wanted in arm.values(machine.properties, DISKS):
                message = f"Disk '{wanted}' cannot be attached as the disk is already owned by VM '{machine.id}'."
                raise arm.refusal("ConflictingUserInput", message)


def _outputs(call: Call, id: str) -> dict[str, Any]:
    """Attached disks show whose they are."""
    attached = arm.values(call.inputs, DISKS)
    for disk in call.world.all(DISK):
        if disk.id in attached:
            call.world.update(disk, {"diskState": "Attached", "managedBy": id})
        elif disk.properties.get("managedBy") == id:
            call.world.update(disk, {"diskState": "Unattached", "managedBy": None})
    return {
        **arm.standard("Microsoft.Compute/virtualMachines", "2024-11-01", call.inputs["vmName"]),
        "provisioningState": "Succeeded",
        "vmId": arm.uuid(call, "machine"),
        "identity": shown_identities(call),
    }


def _deleted(call: Call, id: str) -> None:
    for disk in call.world.all(DISK):
        if disk.properties.get("managedBy") == id:
            call.world.update(disk, {"diskState": "Unattached", "managedBy": None})


KINDS = (
    Kind(
        token=MACHINE,
        identify=arm.identify("Microsoft.Compute/virtualMachines", "vmName"),
        outputs=_outputs,
        computed=(*arm.STANDARD, "provisioningState", "vmId"),
        reshaped=("identity",),
        immutable=frozenset({"location", "resourceGroupName", "vmName"}),
        autoname=arm.autoname("vmName"),
        references=(
            arm.IN_GROUP,
            arm.refers(INTERFACES, INTERFACE, in_use=NIC_IN_USE),
            arm.refers(DISKS, DISK, in_use=DISK_IN_USE),
            arm.refers("identity.userAssignedIdentities[]", IDENTITY, holds=False),
        ),
        check=arm.named("vmName", r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?"),
        refuse=_refuse,
        deleted=_deleted,
    ),
)
