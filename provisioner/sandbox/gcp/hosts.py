"""Virtual machines, and the disks attached to them."""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from provisioner.sandbox.gcp.addresses import public_address
from provisioner.sandbox.gcp.common import (
    Compute,
    basename,
    find,
    fingerprint,
    invalid,
    number,
    over_quota,
    part,
    parts,
    project,
    refers,
    relative,
    zone,
)
from provisioner.sandbox.gcp.identity import ACCOUNT
from provisioner.sandbox.gcp.images import find_image
from provisioner.sandbox.gcp.network import NETWORK, SUBNETWORK
from provisioner.sandbox.gcp.volumes import DISK, refuse_size, refuse_type
from provisioner.sandbox.gcp.zones import find_machine, machines, region_of
from provisioner.sandbox.kinds import Call, CloudRefusal, Failure, Kind, Properties, Stored

INSTANCE: Final = "gcp:compute/instance:Instance"
ATTACHED: Final = "gcp:compute/attachedDisk:AttachedDisk"
METADATA_BYTES: Final = 262_144
"""The largest metadata value (cloud.google.com/compute/docs/metadata/setting-custom-metadata)."""


MOST_VCPUS: Final = 500
"""Of a project in a region: new ones begin with 24 (cloud.google.com/compute/resource-usage), this one's were raised."""


def interfaces(call: Call, _id: str) -> Sequence[Properties]:
    """The network interfaces with their addresses: private ones from the subnetwork's range."""
    return [_interface(call, number, given) for number, given in enumerate(parts(call.inputs, "networkInterfaces"))]


def _interface(call: Call, place: int, given: Mapping[str, Any]) -> Properties:
    subnet = find_subnet(call, given)
    answered = {
        **given,
        "name": f"nic{place}",
        "network": subnet.properties["network"],
        "networkIp": given.get("networkIp") or _private_address(call, subnet),
        "stackType": given.get("stackType", "IPV4_ONLY"),
        "subnetwork": subnet.properties["selfLink"],
        "subnetworkProject": project(call),
    }
    public = [
        {"networkTier": "PREMIUM", **each, "natIp": each.get("natIp") or public_address(call)}
        for each in parts(given, "accessConfigs")
    ]
    return {**answered, "accessConfigs": public} if public else answered


def _private_address(call: Call, subnet: Stored) -> str:
    """The next of the range. Its first two addresses are the network's own and the gateway's, its last two are reserved."""
    cidr = ipaddress.IPv4Network(subnet.properties["ipCidrRange"])
    place = 2 + call.world.take(f"gcp addresses of {subnet.id}")
    if place > cidr.num_addresses - 3:
        raise CloudRefusal(f"googleapi: Error 400: IP_SPACE_EXHAUSTED: IP space of '{subnet.id}' is exhausted., invalid")
    return str(cidr[place])


def find_subnet(call: Call, interface: Mapping[str, Any]) -> Stored:
    """The interface's subnetwork, which lies in the machine's region."""
    given = interface.get("subnetwork")
    if not given:
        raise invalid("networkInterfaces[0].subnetwork", "", "Network is in custom subnet mode: a subnetwork is required.")
    subnet = find(call, SUBNETWORK, given)
    if subnet is None or subnet.properties["region"] != region_of(zone(call)):
        words = f"The referenced subnetwork must be in the region of zone {zone(call)}."
        raise invalid("networkInterfaces[0].subnetwork", given, words)
    return subnet


def check_scheduling(call: Call) -> Iterable[Failure]:
    scheduling = part(call.inputs, "scheduling")
    taken_back = scheduling.get("preemptible") is True or scheduling.get("provisioningModel") == "SPOT"
    if taken_back and scheduling.get("automaticRestart", True) is not False:
        yield Failure(property="scheduling.automaticRestart", reason="must be false where preemptible is true")
    if taken_back and scheduling.get("onHostMaintenance") == "MIGRATE":
        yield Failure(property="scheduling.onHostMaintenance", reason="must be TERMINATE where preemptible is true")


def refuse_machine(call: Call) -> None:
    machine = find_machine(project(call), zone(call), basename(call.inputs["machineType"]))
    if machine.gpus and part(call.inputs, "scheduling").get("onHostMaintenance") != "TERMINATE":
        raise invalid(
            "scheduling.onHostMaintenance", "MIGRATE", "Instances with guest accelerators do not support live migration."
        )
    disk = part(part(call.inputs, "bootDisk"), "initializeParams")
    if disk.get("image"):
        image = find_image(disk["image"])
        if image.arch and image.arch != machine.arch:
            words = (
                f"The image is built for {image.arch} and machine type {basename(call.inputs['machineType'])} is {machine.arch}."
            )
            raise invalid("disks[0].initializeParams.sourceImage", disk["image"], words)
    refuse_type(call, disk.get("type", "pd-standard"))
    refuse_size(disk.get("size"), "disks[0].initializeParams.diskSizeGb")


def refuse_over_vcpus(call: Call) -> None:
    """Machines of the region with the one asked for."""
    here, others = region_of(zone(call)), [each.properties for each in call.world.all(INSTANCE)]
    taken = [basename(each["machineType"]) for each in others if region_of(basename(each["zone"])) == here]
    asked = sum(machines()[machine].vcpus for machine in (*taken, basename(call.inputs["machineType"])))
    if asked > MOST_VCPUS:
        raise over_quota("CPUS", MOST_VCPUS, f"in region {here}")


def refuse_account(call: Call) -> None:
    """An account of the project must exist; others, and the project's default one, are taken at their word."""
    email = str(part(call.inputs, "serviceAccount").get("email", ""))
    if email.endswith(f"@{project(call)}.iam.gserviceaccount.com") and call.world.find(ACCOUNT, email=email) is None:
        words = f"The resource '{email}' of type 'serviceAccount' was not found."
        raise CloudRefusal(f"googleapi: Error 400: {words}, invalid")


def refuse_metadata(call: Call) -> None:
    for key, value in part(call.inputs, "metadata").items():
        if len(str(value).encode()) > METADATA_BYTES:
            raise invalid(f"metadata.items['{key}']", "", f"Value is too large: maximum size {METADATA_BYTES} bytes.")


def identify_attachment(call: Call) -> str:
    return f"{relative(_machine(call).id)}/{basename(call.inputs['disk'])}"


def attach(call: Call, _id: str) -> Properties:
    """Show the disk on the machine, and the machine on the disk."""
    machine, disk = _machine(call), _disk(call)
    name = call.inputs.get("deviceName") or f"persistent-disk-{1 + len(machine.properties['attachedDisks'])}"
    entry = {"deviceName": name, "mode": call.inputs["mode"], "source": disk.properties["selfLink"]}
    others = [each for each in machine.properties["attachedDisks"] if each["deviceName"] != name]
    call.world.update(machine, {"attachedDisks": [*others, entry]})
    call.world.update(disk, {"users": [machine.properties["selfLink"]]})
    return {"deviceName": name, "project": project(call), "zone": machine.properties["zone"]}


def detach(call: Call, _id: str) -> None:
    machine, disk = find(call, INSTANCE, call.inputs["instance"]), find(call, DISK, call.inputs["disk"])
    if machine is not None:
        left = [each for each in machine.properties["attachedDisks"] if basename(each["source"]) != basename(call.inputs["disk"])]
        call.world.update(machine, {"attachedDisks": left})
    if disk is not None:
        call.world.update(disk, {"users": []})


def refuse_attachment(call: Call) -> None:
    machine, disk = _machine(call), _disk(call)
    if disk.properties["zone"] != machine.properties["zone"]:
        words = f"The disk and the instance must be in the same zone: {disk.properties['zone']}, {machine.properties['zone']}."
        raise invalid("source", disk.properties["selfLink"], words)
    users = [user for user in disk.properties["users"] if user != machine.properties["selfLink"]]
    if users and call.inputs["mode"] == "READ_WRITE":
        words = f"The disk resource '{disk.id}' is already being used by '{relative(users[0])}'"
        raise CloudRefusal(f"googleapi: Error 400: RESOURCE_IN_USE_BY_ANOTHER_RESOURCE - {words}")
    for each in machine.properties["attachedDisks"]:
        if each["deviceName"] == call.inputs.get("deviceName") and basename(each["source"]) != disk.properties["name"]:
            raise invalid("deviceName", each["deviceName"], "Device name is already in use on the instance.")


def _machine(call: Call) -> Stored:
    return _existing(call, INSTANCE, call.inputs["instance"])


def _disk(call: Call) -> Stored:
    return _existing(call, DISK, call.inputs["disk"])


def _existing(call: Call, token: str, given: str) -> Stored:
    found = find(call, token, given)
    if found is None:
        raise CloudRefusal(f"googleapi: Error 404: The resource '{given}' was not found, notFound")
    return found


KINDS: Final = (
    Compute(
        token=INSTANCE,
        collection="instances",
        scope="zone",
        computed={
            "attachedDisks": lambda call, _: call.inputs.get("attachedDisks", []),
            "cpuPlatform": lambda _, __: "Intel Broadwell",
            "currentStatus": lambda _, __: "RUNNING",
            "instanceId": lambda call, _: number(call),
            "metadataFingerprint": fingerprint,
            "networkInterfaces": interfaces,
            "tagsFingerprint": lambda call, _: call.digest[11:22] + "=",
        },
        reshaped=("networkInterfaces",),
        immutable=(
            *("bootDisk.initializeParams.image", "bootDisk.initializeParams.type", "bootDisk.initializeParams.snapshot"),
            *("bootDisk.source", "bootDisk.deviceName", "bootDisk.mode", "bootDisk.kmsKeySelfLink"),
            *("scheduling.preemptible", "scheduling.provisioningModel", "scheduling.availabilityDomain", "guestAccelerators"),
            *("scratchDisks", "networkPerformanceConfig", "confidentialInstanceConfig", "hostname", "reservationAffinity"),
            *("metadataStartupScript", "keyRevocationActionType", "instanceEncryptionKey", "params"),
        ),
        references=(
            refers("networkInterfaces[].network", NETWORK),
            refers("networkInterfaces[].subnetwork", SUBNETWORK),
        ),
        checks=(check_scheduling,),
        refusals=(refuse_machine, refuse_over_vcpus, refuse_account, refuse_metadata),
        labelled=True,
    ).kind,
    Kind(
        token=ATTACHED,
        identify=identify_attachment,
        outputs=attach,
        computed=("deviceName", "project", "zone"),
        defaults={"mode": "READ_WRITE"},
        immutable=frozenset({"disk", "instance", "project", "zone", "deviceName", "mode", "interface"}),
        references=(refers("disk", DISK), refers("instance", INSTANCE, holds=False)),
        refuse=refuse_attachment,
        deleted=detach,
    ),
)
