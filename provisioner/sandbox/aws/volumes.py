"""EBS volumes and their attachments."""

import zlib
from collections.abc import Iterator
from typing import Any

from provisioner.sandbox.aws import account, network
from provisioner.sandbox.kinds import Call, CloudRefusal, Failure, Kind, Reference

VOLUME = "aws:ebs/volume:Volume"
ATTACHMENT = "aws:ec2/volumeAttachment:VolumeAttachment"
INSTANCE = "aws:ec2/instance:Instance"
MOST_ATTACHED = 27
"""Volumes of a Nitro instance beside its root disk, its network interface counted (EC2 user guide, "Volume limits")."""

SIZES = {
    "gp2": (1, 16_384),
    "gp3": (1, 65_536),
    "io1": (4, 16_384),
    "io2": (4, 65_536),
    "sc1": (125, 16_384),
    "st1": (125, 16_384),
    "standard": (1, 1_024),
}
"""GiB of each volume type (EBS user guide, "Volume types")."""
_IOPS = {"gp3": 3000, "gp2": 100, "io1": 100, "io2": 100}
_PROVISIONED = ("gp3", "io1", "io2")
_DEVICE = r"/dev/(sd[b-z][0-9]{0,2}|xvd[b-z][a-z]?)"


def size_failures(property: str, kind: object, size: object) -> Iterator[Failure]:
    """A volume type takes a range of sizes."""
    if kind not in SIZES:
        if isinstance(kind, str):
            yield Failure(property=property, reason=f"expected a volume type of {', '.join(sorted(SIZES))}, found {kind}")
        return
    least, most = SIZES[str(kind)]
    if isinstance(size, int) and not least <= size <= most:
        word = "small" if size < least else "large"
        limit = f"minimum is {least}" if size < least else f"maximum is {most}"
        yield Failure(property=property, reason=f"Volume of {size}GiB is too {word} for volume type {kind}; {limit}GiB.")


def _check_volume(call: Call) -> Iterator[Failure]:
    size, kind = call.inputs.get("size"), call.inputs.get("type", "gp2")
    if size is None and call.inputs.get("snapshotId") is None:
        yield Failure(property="size", reason='one of "size" or "snapshotId" must be set')
    yield from size_failures("size", kind, size)
    if not isinstance(kind, str):
        return
    if call.inputs.get("throughput") is not None and kind != "gp3":
        yield Failure(property="throughput", reason=f"'throughput' must not be set when 'type' is '{kind}'")
    if call.inputs.get("iops") is not None and kind not in _PROVISIONED:
        yield Failure(property="iops", reason=f"'iops' must not be set when 'type' is '{kind}'")
    if call.inputs.get("iops") is None and kind in ("io1", "io2"):
        yield Failure(property="iops", reason=f"'iops' must be set when 'type' is '{kind}'")


def _refuse_volume(call: Call) -> None:
    network.refuse_zone(call, "Volumes")
    size, before = call.inputs.get("size"), (call.olds or {}).get("size")
    if isinstance(size, int) and isinstance(before, int) and size < before:
        raise CloudRefusal(f"InvalidParameterValue: New size cannot be smaller than existing size ({before} GiB)")


def _volume_outputs(call: Call, id: str) -> dict[str, Any]:
    kind = call.inputs.get("type", "gp2")
    key = account.arn(call, "kms", "key/4f1a2b3c-5d6e-4f70-8a9b-0c1d2e3f4a5b") if call.inputs.get("encrypted") else ""
    return {
        **account.shared(call),
        "arn": account.arn(call, "ec2", f"volume/{id}"),
        **account.given(
            call,
            encrypted=False,
            iops=_IOPS.get(kind, 0),
            kmsKeyId=key,
            snapshotId="",
            throughput=125 if kind == "gp3" else 0,
            type=kind,
        ),
    }


def _check_attachment(call: Call) -> Iterator[Failure]:
    device = call.inputs.get("deviceName")
    if isinstance(device, str) and not account.matches(_DEVICE, device):
        yield Failure(
            property="deviceName",
            reason=f"Value ({device}) for parameter device is invalid. {device} is not a valid EBS device name.",
        )


def _refuse_attachment(call: Call) -> None:
    volume, instance, device = call.inputs["volumeId"], call.inputs["instanceId"], call.inputs["deviceName"]
    if account.properties(call, VOLUME, volume)["availabilityZone"] != _zone(call, instance):
        words = f"The volume '{volume}' is not in the same availability zone as instance '{instance}'"
        raise CloudRefusal(f"InvalidVolume.ZoneMismatch: {words}")
    if call.world.find(ATTACHMENT, volumeId=volume):
        raise CloudRefusal(f"VolumeInUse: {volume} is already attached to an instance")
    if call.world.find(ATTACHMENT, instanceId=instance, deviceName=device):
        words = f"Invalid value '{device}' for unixDevice. Attachment point {device} is already in use"
        raise CloudRefusal(f"InvalidParameterValue: {words}")
    attached = [found for found in call.world.all(ATTACHMENT) if found.properties["instanceId"] == instance]
    if len(attached) >= MOST_ATTACHED:
        raise CloudRefusal(f"AttachmentLimitExceeded: Volume attachments of instance '{instance}' exceed the limit")


def _zone(call: Call, instance: object) -> object:
    return account.properties(call, INSTANCE, instance).get("availabilityZone")


def _attachment_id(call: Call) -> str:
    parts = (call.inputs[name] for name in ("deviceName", "instanceId", "volumeId"))
    return f"vai-{zlib.crc32('-'.join(map(str, parts)).encode())}"


KINDS = (
    Kind(
        token=VOLUME,
        identify=account.identifier("vol"),
        outputs=_volume_outputs,
        computed=(*account.SHARED, "arn", "encrypted", "iops", "kmsKeyId", "snapshotId", "throughput", "type"),
        defaults={"finalSnapshot": False},
        immutable=frozenset(
            {"availabilityZone", "encrypted", "kmsKeyId", "multiAttachEnabled", "outpostArn", "snapshotId", "region"}
        ),
        check=_check_volume,
        refuse=_refuse_volume,
    ),
    Kind(
        token=ATTACHMENT,
        identify=_attachment_id,
        outputs=account.region_only,
        computed=("region",),
        immutable=frozenset({"deviceName", "instanceId", "volumeId", "region"}),
        references=(
            Reference(
                property="volumeId",
                tokens=(VOLUME,),
                missing="InvalidVolume.NotFound: The volume '{value}' does not exist.",
                in_use="VolumeInUse: Volume {id} is currently attached ({dependent})",
            ),
            Reference(
                property="instanceId",
                tokens=(INSTANCE,),
                missing="InvalidInstanceID.NotFound: The instance ID '{value}' does not exist",
                holds=False,
            ),
        ),
        check=_check_attachment,
        refuse=_refuse_attachment,
    ),
)
