"""Buckets of Cloud Storage."""

import re
from collections.abc import Iterable
from typing import Final

from provisioner.sandbox.gcp.common import labels, number, one_of, project, timestamp
from provisioner.sandbox.gcp.zones import machines_by_region
from provisioner.sandbox.kinds import Autoname, Call, CloudRefusal, Failure, Kind, Properties

BUCKET: Final = "gcp:storage/bucket:Bucket"
NAME: Final = re.compile(r"[a-z0-9][-_.a-z0-9]{1,61}[a-z0-9]")
MULTI_REGIONS: Final = frozenset({"US", "EU", "ASIA"})
CLASSES: Final = ("STANDARD", "MULTI_REGIONAL", "REGIONAL", "NEARLINE", "COLDLINE", "ARCHIVE")


def identify(call: Call) -> str:
    return call.inputs["name"]


def outputs(call: Call, id: str) -> Properties:
    return {
        "effectiveLabels": labels(call, id),
        "location": str(call.inputs["location"]).upper(),
        "project": project(call),
        "projectNumber": int(number(call, digits=12)),
        "pulumiLabels": labels(call, id),
        "selfLink": f"https://www.googleapis.com/storage/v1/b/{id}",
        "timeCreated": timestamp(call, id),
        "updated": timestamp(call, id),
        "url": f"gs://{id}",
    }


def check(call: Call) -> Iterable[Failure]:
    name = call.inputs.get("name")
    if isinstance(name, str) and (not NAME.fullmatch(name) or name.startswith("goog") or ".." in name):
        yield Failure(property="name", reason=f'"name" ("{name}") is not a valid bucket name: it must match {NAME.pattern}')
    yield from one_of("publicAccessPrevention", "inherited", "enforced")(call)
    yield from one_of("storageClass", *CLASSES)(call)


def refuse(call: Call) -> None:
    if call.world.get(BUCKET, identify(call)) is not None:
        words = "The requested bucket name is not available. The bucket namespace is shared by all users of the system."
        raise CloudRefusal(f"googleapi: Error 409: {words} Please select a different name and try again., conflict")
    location = str(call.inputs["location"]).upper()
    if location not in MULTI_REGIONS and location.lower() not in machines_by_region():
        raise CloudRefusal("googleapi: Error 400: The specified location constraint is not valid., invalid")


KINDS: Final = (
    Kind(
        token=BUCKET,
        identify=identify,
        outputs=outputs,
        computed=(
            *("effectiveLabels", "location", "project", "projectNumber", "pulumiLabels"),
            *("selfLink", "timeCreated", "updated", "url"),
        ),
        defaults={"publicAccessPrevention": "inherited", "storageClass": "STANDARD", "forceDestroy": False},
        immutable=frozenset({"name", "location", "project", "enableObjectRetention", "hierarchicalNamespace"}),
        autoname=Autoname(property="name", lower=True),
        check=check,
        refuse=refuse,
    ),
)
