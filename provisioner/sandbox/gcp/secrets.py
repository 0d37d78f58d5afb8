"""Secret Manager: secrets and their versions."""

import re
from collections.abc import Iterable
from typing import Any, Final

from provisioner.sandbox.gcp.common import basename, labels, number, part, parts, project, timestamp
from provisioner.sandbox.gcp.zones import machines_by_region
from provisioner.sandbox.kinds import UNKNOWN, Autoname, Call, CloudRefusal, Failure, Kind, Properties, Reference

ENTRY: Final = "gcp:secretmanager/secret:Secret"
VERSION: Final = "gcp:secretmanager/secretVersion:SecretVersion"
NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,255}")
"""255 letters, digits, underscores and hyphens (Secret Manager API reference, "projects.secrets.create")."""
LARGEST: Final = 65_536
"""Bytes of a value (Secret Manager documentation, "Quotas and limits")."""


def _check(call: Call) -> Iterable[Failure]:
    name = call.inputs.get("secretId")
    if isinstance(name, str) and not NAME.fullmatch(name):
        yield Failure(property="secretId", reason=f'"secret_id" ("{name}") doesn\'t match regexp "^{NAME.pattern}$"')
    replication = call.inputs.get("replication")
    if (
        replication is not UNKNOWN
        and len([way for way in ("auto", "userManaged") if way in part(call.inputs, "replication")]) != 1
    ):
        yield Failure(property="replication", reason="exactly one of auto, user_managed must be specified")


def _identify(call: Call) -> str:
    return f"projects/{project(call)}/secrets/{call.inputs['secretId']}"


def _refuse(call: Call) -> None:
    if call.world.get(ENTRY, _identify(call)) is not None:
        raise CloudRefusal(f"googleapi: Error 409: Secret [{_identify(call)}] already exists., alreadyExists")
    replicas = parts(part(part(call.inputs, "replication"), "userManaged"), "replicas")
    for place in (str(replica["location"]) for replica in replicas):
        if place not in machines_by_region():
            raise CloudRefusal(f"googleapi: Error 400: The location {place} is not a supported replica location., invalid")


def _outputs(call: Call, id: str) -> Properties:
    return {
        "createTime": timestamp(call, id),
        "effectiveLabels": labels(call, id),
        "name": f"projects/{number(call, digits=12)}/secrets/{call.inputs['secretId']}",
        "project": project(call),
        "pulumiLabels": labels(call, id),
    }


def _check_version(call: Call) -> Iterable[Failure]:
    given = [name for name in ("secretData", "secretDataWo") if call.inputs.get(name) is not None]
    if len(given) != 1:
        yield Failure(property="secretData", reason="exactly one of secret_data, secret_data_wo must be specified")


def _refuse_version(call: Call) -> None:
    value = call.inputs.get("secretData")
    if isinstance(value, str) and not 1 <= len(value.encode()) <= LARGEST:
        words = f"The payload must have 1 to {LARGEST} bytes, found {len(value.encode())}."
        raise CloudRefusal(f"googleapi: Error 400: {words}, invalid")


def _version_id(call: Call) -> str:
    """Versions count from 1, and a number is never given twice."""
    secret = call.inputs["secret"]
    return f"{secret}/versions/{call.world.take(f'gcp {secret}') + 1}"


def _version_outputs(call: Call, id: str) -> dict[str, Any]:
    return {"createTime": timestamp(call, id), "destroyTime": "", "name": id, "version": basename(id)}


KINDS: Final = (
    Kind(
        token=ENTRY,
        identify=_identify,
        outputs=_outputs,
        computed=("createTime", "effectiveLabels", "name", "project", "pulumiLabels"),
        defaults={"deletionProtection": False},
        immutable=frozenset({"project", "replication", "secretId"}),
        autoname=Autoname(property="secretId", maximum=255, lower=True),
        check=_check,
        refuse=_refuse,
    ),
    Kind(
        token=VERSION,
        identify=_version_id,
        outputs=_version_outputs,
        computed=("createTime", "destroyTime", "name", "version"),
        defaults={"enabled": True, "deletionPolicy": "DELETE"},
        immutable=frozenset({"secret", "secretData", "secretDataWoVersion"}),
        references=(
            Reference(
                property="secret",
                tokens=(ENTRY,),
                missing="googleapi: Error 404: Secret [{value}] not found., notFound",
                holds=False,
            ),
        ),
        check=_check_version,
        refuse=_refuse_version,
    ),
)
