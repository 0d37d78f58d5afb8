"""Secrets Manager: secrets and their values."""

from collections.abc import Iterator
from typing import Any, Final

from provisioner.sandbox.aws import account
from provisioner.sandbox.kinds import Call, CloudRefusal, Failure, Kind, Reference

ENTRY: Final = "aws:secretsmanager/secret:Secret"
VERSION: Final = "aws:secretsmanager/secretVersion:SecretVersion"
NAME: Final = r"[0-9A-Za-z/_+=.@-]{1,512}"
"""512 letters, digits and six signs (CreateSecret, Secrets Manager API reference)."""
LARGEST: Final = 65_536
"""Bytes of a value (Secrets Manager user guide, "Quotas")."""


def _check(call: Call) -> Iterator[Failure]:
    for part in ("name", "namePrefix"):
        value = call.inputs.get(part)
        if isinstance(value, str) and not account.matches(NAME, value):
            yield Failure(property=part, reason=f'"{value}" must be 1 to 512 letters, digits and /_+=.@-')
    if call.inputs.get("name") is not None and call.inputs.get("namePrefix") is not None:
        yield Failure(property="namePrefix", reason='conflicts with "name"')
    days = call.inputs.get("recoveryWindowInDays")
    if isinstance(days, int) and days != 0 and not 7 <= days <= 30:
        yield Failure(property="recoveryWindowInDays", reason=f"expected 0 or a number of days from 7 to 30, got {days}")


def _name(call: Call) -> str:
    return account.unique_name(call, limit=512)


def _identify(call: Call) -> str:
    """Secrets Manager ends an ARN with six characters, so that a name that is taken again is another secret."""
    return account.arn(call, "secretsmanager", f"secret:{_name(call)}-{call.digest[:6]}")


def _refuse(call: Call) -> None:
    """A name is taken, and stays so while a deleted secret can be had back."""
    for other in call.world.all(ENTRY):
        if (other.properties["name"], other.properties["region"]) == (_name(call), account.region(call)):
            raise CloudRefusal(f"ResourceExistsException: The operation failed because the secret {_name(call)} already exists.")


def _outputs(call: Call, id: str) -> dict[str, Any]:
    return {**account.shared(call), "arn": id, "name": _name(call), **account.given(call, namePrefix="", policy="")}


def _check_version(call: Call) -> Iterator[Failure]:
    given = [name for name in ("secretString", "secretBinary", "secretStringWo") if call.inputs.get(name) is not None]
    if len(given) > 1:
        yield Failure(property=given[1], reason=f'conflicts with "{given[0]}"')


def _refuse_version(call: Call) -> None:
    value = call.inputs.get("secretString")
    if isinstance(value, str) and not 1 <= len(value.encode()) <= LARGEST:
        raise CloudRefusal(f"ValidationException: a value has 1 to {LARGEST} bytes, found {len(value.encode())}")


def _version_outputs(call: Call, _: str) -> dict[str, Any]:
    stages = call.inputs.get("versionStages", ["AWSCURRENT"])
    version = f"{call.digest[:8]}-{call.digest[8:12]}-4{call.digest[13:16]}-8{call.digest[17:20]}-{call.digest[20:32]}"
    return {
        "arn": call.inputs["secretId"],
        "region": account.region(call),
        "versionId": version,
        "versionStages": stages,
        "hasSecretStringWo": "secretStringWo" in call.inputs,
    }


KINDS: Final = (
    Kind(
        token=ENTRY,
        identify=_identify,
        outputs=_outputs,
        computed=(*account.SHARED, "arn", "name", "namePrefix", "policy"),
        defaults={"recoveryWindowInDays": 30, "forceOverwriteReplicaSecret": False},
        immutable=frozenset({"name", "namePrefix", "region", "type"}),
        check=_check,
        refuse=_refuse,
    ),
    Kind(
        token=VERSION,
        identify=lambda call: f"{call.inputs['secretId']}|{call.digest[:32]}",
        outputs=_version_outputs,
        computed=("arn", "region", "versionId", "versionStages", "hasSecretStringWo"),
        immutable=frozenset({"region", "secretBinary", "secretId", "secretString", "secretStringWoVersion"}),
        references=(
            Reference(
                property="secretId",
                tokens=(ENTRY,),
                missing="ResourceNotFoundException: Secrets Manager can't find the specified secret. ({value})",
                holds=False,
            ),
        ),
        check=_check_version,
        refuse=_refuse_version,
    ),
)
