"""Snapshot schedules, and the disks that follow them."""

import re
from collections.abc import Iterable
from typing import Final

from provisioner.sandbox.gcp.common import Compute, basename, invalid, part, project, refers, region, zone
from provisioner.sandbox.gcp.volumes import DISK
from provisioner.sandbox.gcp.zones import region_of
from provisioner.sandbox.kinds import Call, CloudRefusal, Failure, Kind

POLICY: Final = "gcp:compute/resourcePolicy:ResourcePolicy"
ATTACHMENT: Final = "gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment"
POLICIES: Final = (
    *("snapshotSchedulePolicy", "groupPlacementPolicy", "instanceSchedulePolicy", "diskConsistencyGroupPolicy"),
    "workloadPolicy",
)
ON_DELETE: Final = ("APPLY_RETENTION_POLICY", "KEEP_AUTO_SNAPSHOTS")


def _check(call: Call) -> Iterable[Failure]:
    given = [name for name in POLICIES if part(call.inputs, name)]
    if len(given) > 1:
        yield Failure(property=given[-1], reason=f"only one of {', '.join(POLICIES)} can be specified")
    schedule = part(call.inputs, "snapshotSchedulePolicy")
    start = part(part(schedule, "schedule"), "dailySchedule").get("startTime")
    if isinstance(start, str) and not re.fullmatch(r"([01]?[0-9]|2[0-3]):00", start):
        yield Failure(
            property="snapshotSchedulePolicy.schedule.dailySchedule.startTime",
            reason=f'expected a full hour of the format HH:00, got "{start}"',
        )
    on_delete = part(schedule, "retentionPolicy").get("onSourceDiskDelete")
    if isinstance(on_delete, str) and on_delete not in ON_DELETE:
        yield Failure(
            property="snapshotSchedulePolicy.retentionPolicy.onSourceDiskDelete",
            reason=f"expected one of {', '.join(ON_DELETE)}, got {on_delete}",
        )


def _refuse(call: Call) -> None:
    schedule = part(call.inputs, "snapshotSchedulePolicy")
    days = part(schedule, "retentionPolicy").get("maxRetentionDays")
    if isinstance(days, int | float) and not 1 <= days <= 65_535:
        raise invalid("snapshotSchedulePolicy.retentionPolicy.maxRetentionDays", days, "Must be from 1 to 65535.")
    cycle = part(part(schedule, "schedule"), "dailySchedule").get("daysInCycle")
    if cycle not in (None, 1):
        raise invalid("snapshotSchedulePolicy.schedule.dailySchedule.daysInCycle", cycle, "Must be 1.")


def _identify(call: Call) -> str:
    return "/".join((project(call), zone(call), basename(call.inputs["disk"]), call.inputs["name"]))


def _refuse_attachment(call: Call) -> None:
    disk, policy = basename(call.inputs["disk"]), call.inputs["name"]
    here = region_of(zone(call))
    if call.world.find(DISK, name=disk, zone=zone(call)) is None:
        path = f"projects/{project(call)}/zones/{zone(call)}/disks/{disk}"
        raise CloudRefusal(f"googleapi: Error 404: The resource '{path}' was not found, notFound")
    if call.world.find(POLICY, name=policy, region=here) is None:
        path = f"projects/{project(call)}/regions/{here}/resourcePolicies/{policy}"
        raise CloudRefusal(f"googleapi: Error 404: The resource '{path}' was not found, notFound")
    for other in call.world.all(ATTACHMENT):
        if (basename(other.properties["disk"]), other.properties["zone"]) == (disk, zone(call)):
            words = f"Resource policy of the same type has already been attached to the disk '{disk}'."
            raise CloudRefusal(f"googleapi: Error 400: {words}, invalid")


KINDS: Final = (
    Compute(
        token=POLICY,
        collection="resourcePolicies",
        scope="region",
        timed=False,
        computed={"region": lambda call, _: region(call)},
        immutable=("description", *POLICIES),
        checks=(_check,),
        refusals=(_refuse,),
    ).kind,
    Kind(
        token=ATTACHMENT,
        identify=_identify,
        outputs=lambda call, _: {"project": project(call), "zone": zone(call)},
        computed=("project", "zone"),
        immutable=frozenset({"disk", "name", "project", "zone"}),
        references=(refers("disk", DISK, holds=False), refers("name", POLICY)),
        refuse=_refuse_attachment,
    ),
)
