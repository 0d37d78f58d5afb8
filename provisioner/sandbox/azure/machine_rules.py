"""What Azure refuses of one virtual machine on its own: size, login, image, firmware, disks, spot. Each raises a refusal."""

import base64
import binascii
import re

from provisioner.sandbox.azure import arm, sizes
from provisioner.sandbox.kinds import Call

IMAGES = {
    ("Debian", "debian-13", "13-gen2"): "x64",
    ("Debian", "debian-13", "13-arm64"): "Arm64",
    ("Debian", "debian-12", "12-gen2"): "x64",
    ("Debian", "debian-12", "12-arm64"): "Arm64",
}
"""The images that the sandbox has, with their architecture."""

IMAGE_GIB = 30
"""The size of Debian's images on Azure."""

NOT_ALLOWED_USERS = frozenset({"admin", "administrator", "guest", "root", "test", "user", "user1"})


def size(call: Call) -> None:
    found = arm.part(call.inputs, "hardwareProfile").get("vmSize")
    if not found or not sizes.is_sold(found, call.inputs["location"]):
        raise _invalid(f"The requested VM size {found} is not available in the current region '{call.inputs['location']}'.")


def system(call: Call) -> None:
    """Login and first start."""
    profile, linux = arm.part(call.inputs, "osProfile"), arm.part(call.inputs, "osProfile", "linuxConfiguration")
    user = profile.get("adminUsername")
    if not re.fullmatch(r"[^\s~!@#$%^&*()=+\[\]{}\\|;:.'\",<>/?]{1,64}", profile.get("computerName") or ""):
        raise _invalid("Linux host name cannot exceed 64 characters in length or contain special characters.")
    if not user or user.lower() in NOT_ALLOWED_USERS:
        raise _invalid("The Admin Username specified is not allowed.")
    keys = arm.items(arm.part(linux, "ssh"), "publicKeys")
    if not keys and (linux.get("disablePasswordAuthentication") or not profile.get("adminPassword")):
        raise _invalid("Authentication using either SSH or by user name and password must be enabled in Linux profile.")
    for key in keys:
        if key.get("path") != f"/home/{user}/.ssh/authorized_keys":
            words = "Destination path for SSH public keys is currently limited to its default value"
            raise _invalid(f"{words} /home/{user}/.ssh/authorized_keys.")
        if not re.match(r"(ssh-rsa|ssh-ed25519) AAAA[A-Za-z0-9+/]+=*(\s|$)", key.get("keyData") or ""):
            raise _invalid("The value of parameter linuxConfiguration.ssh.publicKeys.keyData is invalid.")
    _custom_data(profile.get("customData"))


def image(call: Call) -> None:
    """One that there is, for the processor of the size."""
    reference = arm.part(call.inputs, "storageProfile", "imageReference")
    words = tuple(reference.get(name, "") for name in ("publisher", "offer", "sku"))
    if words not in IMAGES:
        name = ":".join((*words, reference.get("version", "")))
        message = f"The platform image '{name}' is not available. Verify that all fields in the storage profile are correct."
        raise arm.refusal("PlatformImageNotFound", message)
    found = arm.part(call.inputs, "hardwareProfile")["vmSize"]
    wanted = sizes.architecture(found)
    if IMAGES[words] != wanted:
        message = (
            f"Cannot create a VM of size '{found}' because this VM size only supports a CPU Architecture of '{wanted}', but an "
            f"image or disk with CPU Architecture '{IMAGES[words]}' was given."
        )
        raise arm.refusal("BadRequest", message)


def security(call: Call) -> None:
    """Arm sizes before version 6 have no Trusted Launch."""
    found = arm.part(call.inputs, "hardwareProfile")["vmSize"]
    arm_size = sizes.architecture(found) == "Arm64"
    if arm.part(call.inputs, "securityProfile").get("securityType") == "TrustedLaunch" and arm_size and _version(found) < 6:
        raise arm.refusal(
            "BadRequest", f"The VM size '{found}' is not supported for creation of VMs with 'TrustedLaunch' security type."
        )
    if arm.part(call.inputs, "securityProfile").get("encryptionAtHost"):
        feature = "the 'Microsoft.Compute/EncryptionAtHost' feature is not enabled for this subscription."
        raise _invalid(f"The property 'securityProfile.encryptionAtHost' is not valid because {feature}")


def controller(call: Call) -> None:
    """Intel sizes from version 6 on have NVMe only."""
    found = arm.part(call.inputs, "hardwareProfile")["vmSize"]
    intel = sizes.architecture(found) == "x64" and not re.search(r"\d[a-z]*a[a-z]*_", found)
    if arm.part(call.inputs, "storageProfile").get("diskControllerType") == "SCSI" and intel and _version(found) >= 6:
        raise _invalid(f"The VM size '{found}' cannot boot with the disk controller type 'SCSI'. It supports 'NVMe'.")


def root_disk(call: Call) -> None:
    wanted = arm.part(call.inputs, "storageProfile", "osDisk").get("diskSizeGB")
    if wanted is not None and wanted < IMAGE_GIB:
        message = (
            f"The specified disk size {wanted} GB is smaller than the size of the corresponding disk in the VM image: "
            f"{IMAGE_GIB} GB. This is not allowed. Please choose equal or greater size or do not specify an explicit size."
        )
        raise arm.refusal("InvalidParameter", message)
    before = arm.part(call.olds or {}, "storageProfile", "osDisk").get("diskSizeGB")
    if call.olds is not None and before != wanted:
        message = (
            f"Cannot resize the OS disk of {call.name} from {before} GB to {wanted} GB while it is attached to a running VM. "
            f"Resizing a disk of an Azure Virtual Machine requires the virtual machine to be deallocated."
        )
        raise arm.refusal("OperationNotAllowed", message)


def spot(call: Call) -> None:
    is_spot = call.inputs.get("priority") == "Spot"
    for name in ("evictionPolicy", "billingProfile"):
        if call.inputs.get(name) is not None and not is_spot:
            raise _invalid(f"The property '{name}' is allowed for virtual machines with priority 'Spot' only.")


def _custom_data(data: object) -> None:
    words = "Custom data in OSProfile must be in Base64 encoding and with a maximum length of 87380 characters."
    if data is None:
        return
    try:
        base64.b64decode(str(data), validate=True)
    except binascii.Error:
        raise _invalid(words) from None
    if len(str(data)) > 87_380:
        raise _invalid(words)


def _version(size_name: str) -> int:
    found = re.search(r"_v(\d+)$", size_name)
    return int(found[1]) if found else 1


def _invalid(message: str) -> Exception:
    return arm.refusal("InvalidParameter", message)
