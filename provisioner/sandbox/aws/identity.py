"""IAM roles, the policies attached to them, and the instance profiles that give them to machines."""

import json
from collections.abc import Iterator
from typing import Any

from provisioner.sandbox.aws import account
from provisioner.sandbox.kinds import Call, CloudRefusal, Failure, Kind, Reference

ROLE = "aws:iam/role:Role"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
PROFILE = "aws:iam/instanceProfile:InstanceProfile"
INLINE = "aws:iam/rolePolicy:RolePolicy"
LARGEST = 10_240
"""Characters of all inline policies of a role, spaces left out (IAM user guide, "IAM and AWS STS quotas")."""

MANAGED = frozenset(
    {
        "AWSDataLifecycleManagerServiceRole",
        "AmazonEC2ContainerRegistryReadOnly",
        "AmazonS3FullAccess",
        "AmazonS3ReadOnlyAccess",
        "AmazonSSMManagedInstanceCore",
        "AmazonSSMPatchAssociation",
        "CloudWatchAgentServerPolicy",
        "CloudWatchLogsFullAccess",
        "ReadOnlyAccess",
        "SecretsManagerReadWrite",
    }
)
"""Some of AWS's own policies (AWS managed policy reference)."""
_NAME = r"[\w+=,.@-]+"


def _role(*, in_use: str) -> Reference:
    return Reference(
        property="role",
        tokens=(ROLE,),
        field="name",
        missing="NoSuchEntity: The role with name {value} cannot be found.",
        in_use=f"DeleteConflict: Cannot delete entity, {in_use} ({{dependent}})",
    )


def by_arn(property: str, missing: str) -> Reference:
    """A reference to a role that a service is to take."""
    return Reference(property=property, tokens=(ROLE,), field="arn", missing=missing, holds=False)


def refuses(call: Call, arn: object, service: str) -> bool:
    """Whether the role of this ARN is there and does not let the service take it."""
    role = call.world.find(ROLE, arn=arn)
    return role is not None and service not in json.dumps(json.loads(role.properties["assumeRolePolicy"]))


def policy_failures(property: str, text: object) -> Iterator[Failure]:
    """A policy is a JSON object with statements. Unknown values pass."""
    if not isinstance(text, str):
        return
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        yield Failure(property=property, reason=f'"{property}" contains an invalid JSON policy: {error.msg}')
        return
    if not isinstance(document, dict) or "Statement" not in document:
        yield Failure(property=property, reason=f'"{property}" contains an invalid JSON policy: it has no Statement')


def _check_name(call: Call, longest: int) -> Iterator[Failure]:
    for part, limit in (("name", longest), ("namePrefix", longest - 26)):
        value = call.inputs.get(part)
        if isinstance(value, str) and not account.matches(_NAME, value):
            yield Failure(property=part, reason=f'invalid value "{value}" (must match [\\w+=,.@-])')
        if isinstance(value, str) and len(value) > limit:
            yield Failure(property=part, reason=f"expected length of {part} to be in the range (1 - {limit}), got {value}")


def _check_role(call: Call) -> Iterator[Failure]:
    yield from _check_name(call, 64)
    yield from policy_failures("assumeRolePolicy", call.inputs.get("assumeRolePolicy"))
    hours = call.inputs.get("maxSessionDuration")
    if isinstance(hours, int) and not 3600 <= hours <= 43200:
        yield Failure(
            property="maxSessionDuration", reason=f"expected max_session_duration to be in the range (3600 - 43200), got {hours}"
        )


def _role_name(call: Call) -> str:
    return account.unique_name(call, limit=64)


def _refuse_role(call: Call) -> None:
    if call.world.find(ROLE, name=_role_name(call)):
        raise CloudRefusal(f"EntityAlreadyExists: Role with name {_role_name(call)} already exists.")


def _role_outputs(call: Call, id: str) -> dict[str, Any]:
    return {
        "tagsAll": call.inputs.get("tags", {}),
        "arn": account.global_arn(call, "iam", f"role{call.inputs['path']}{id}"),
        "name": id,
        "uniqueId": f"AROA{call.digest[:17].upper()}",
        **account.given(call, inlinePolicies=[], managedPolicyArns=[], namePrefix=""),
    }


def _refuse_attachment(call: Call) -> None:
    arn, role = str(call.inputs["policyArn"]), call.inputs["role"]
    beginning = f"arn:{account.partition(call)}:iam::aws:policy/"
    if not arn.startswith(beginning) or arn.removeprefix(beginning).removeprefix("service-role/") not in MANAGED:
        raise CloudRefusal(f"NoSuchEntity: Policy {arn} does not exist or is not attachable.")
    attached = sum(1 for found in call.world.all(ATTACHMENT) if found.properties["role"] == role)
    if attached >= 10:
        raise CloudRefusal("LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10")


def _inline_name(call: Call) -> str:
    return account.unique_name(call, limit=128)


def _check_inline(call: Call) -> Iterator[Failure]:
    yield from _check_name(call, 128)
    yield from policy_failures("policy", call.inputs.get("policy"))


def _refuse_inline(call: Call) -> None:
    """A statement says whether, what and on what; AWS counts all policies of the role together."""
    for statement in account.objects(json.loads(call.inputs["policy"])["Statement"]):
        for part in ("Effect", "Action", "Resource"):
            if part not in statement and f"Not{part}" not in statement:
                raise CloudRefusal(f"MalformedPolicyDocument: Missing required field {part}")
        if statement["Effect"] not in ("Allow", "Deny"):
            raise CloudRefusal(f"MalformedPolicyDocument: Invalid effect: {statement['Effect']}")
    role = call.inputs["role"]
    others = [found.properties["policy"] for found in call.world.all(INLINE) if found.properties["role"] == role]
    if sum(len("".join(policy.split())) for policy in (*others, call.inputs["policy"])) > LARGEST:
        raise CloudRefusal(f"LimitExceeded: Maximum policy size of {LARGEST} bytes exceeded for role {role}")


def _inline_outputs(call: Call, _: str) -> dict[str, Any]:
    return {"name": _inline_name(call), **account.given(call, namePrefix="")}


def _profile_name(call: Call) -> str:
    return account.unique_name(call, limit=128)


def _refuse_profile(call: Call) -> None:
    if call.world.find(PROFILE, name=_profile_name(call)):
        raise CloudRefusal(f"EntityAlreadyExists: Instance Profile {_profile_name(call)} already exists.")


def _profile_outputs(call: Call, id: str) -> dict[str, Any]:
    return {
        "tagsAll": call.inputs.get("tags", {}),
        "arn": account.global_arn(call, "iam", f"instance-profile{call.inputs['path']}{id}"),
        "name": id,
        "uniqueId": f"AIPA{call.digest[:17].upper()}",
        **account.given(call, namePrefix=""),
    }


def _nothing(_call: Call, _id: str) -> dict[str, Any]:
    return {}


KINDS = (
    Kind(
        token=ROLE,
        identify=_role_name,
        outputs=_role_outputs,
        computed=("tagsAll", "arn", "name", "uniqueId", "inlinePolicies", "managedPolicyArns", "namePrefix"),
        defaults={"path": "/", "maxSessionDuration": 3600, "forceDetachPolicies": False},
        immutable=frozenset({"name", "namePrefix", "path"}),
        check=_check_role,
        refuse=_refuse_role,
    ),
    Kind(
        token=ATTACHMENT,
        identify=lambda call: f"{call.inputs['role']}/{call.inputs['policyArn']}",
        outputs=_nothing,
        immutable=frozenset({"policyArn", "role"}),
        references=(_role(in_use="must detach all policies first."),),
        refuse=_refuse_attachment,
    ),
    Kind(
        token=INLINE,
        identify=lambda call: f"{call.inputs['role']}:{_inline_name(call)}",
        outputs=_inline_outputs,
        computed=("name", "namePrefix"),
        immutable=frozenset({"name", "namePrefix", "role"}),
        references=(_role(in_use="must delete policies first."),),
        check=_check_inline,
        refuse=_refuse_inline,
    ),
    Kind(
        token=PROFILE,
        identify=_profile_name,
        outputs=_profile_outputs,
        computed=("tagsAll", "arn", "name", "uniqueId", "namePrefix"),
        defaults={"path": "/"},
        immutable=frozenset({"name", "namePrefix", "path"}),
        references=(_role(in_use="must remove roles from instance profile first."),),
        check=lambda call: _check_name(call, 128),
        refuse=_refuse_profile,
    ),
)
