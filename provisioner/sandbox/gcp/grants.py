"""Who may do what with one bucket or one secret."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from provisioner.sandbox.gcp.buckets import BUCKET
from provisioner.sandbox.gcp.identity import ACCOUNT
from provisioner.sandbox.gcp.secrets import ENTRY
from provisioner.sandbox.kinds import Call, CloudRefusal, Failure, Kind, Properties, Reference

ON_BUCKET: Final = "gcp:storage/bucketIAMMember:BucketIAMMember"
ON_ENTRY: Final = "gcp:secretmanager/secretIamMember:SecretIamMember"
MEMBER: Final = re.compile(r"(user|serviceAccount|group|domain|principal|principalSet):.+|allUsers|allAuthenticatedUsers")
"""How a principal is written (IAM documentation, "Principal identifiers")."""
ROLES: Final[Mapping[str, frozenset[str]]] = {
    ON_BUCKET: frozenset(
        f"roles/storage.{name}"
        for name in ("admin", "objectAdmin", "objectCreator", "objectUser", "objectViewer", "legacyBucketReader")
    ),
    ON_ENTRY: frozenset(f"roles/secretmanager.{name}" for name in ("admin", "secretAccessor", "secretVersionManager", "viewer")),
}
"""Some of the predefined roles that can be given on one (IAM documentation, "Basic and predefined roles reference")."""


def _check(call: Call) -> Iterable[Failure]:
    member, role = call.inputs.get("member"), call.inputs.get("role")
    if isinstance(member, str) and not MEMBER.fullmatch(member):
        yield Failure(property="member", reason=f'invalid value for member (expected TYPE:NAME), got "{member}"')
    if isinstance(role, str) and not re.fullmatch(r"(roles|projects/[^/]+/roles|organizations/[^/]+/roles)/.+", role):
        yield Failure(property="role", reason=f'expected roles/NAME, got "{role}"')


def _refuse(call: Call) -> None:
    member, role = str(call.inputs["member"]), str(call.inputs["role"])
    if role.startswith("roles/") and role not in ROLES[call.token]:
        raise CloudRefusal(f"googleapi: Error 400: Role {role} is not supported for this resource., badRequest")
    kind, _, email = member.partition(":")
    if kind == "serviceAccount" and call.world.find(ACCOUNT, email=email) is None:
        raise CloudRefusal(f"googleapi: Error 400: Service account {email} does not exist., badRequest")
    if member in ("allUsers", "allAuthenticatedUsers") and call.token == ON_BUCKET:
        bucket = call.world.find(BUCKET, name=call.inputs["bucket"])
        if bucket is not None and bucket.properties.get("publicAccessPrevention") == "enforced":
            words = f"The member binding {member} is not allowed since public access prevention is enforced."
            raise CloudRefusal(f"googleapi: Error 412: {words}, conditionNotMet")


def _kind(token: str, property: str, target: Reference) -> Kind:
    def identify(call: Call) -> str:
        return f"{call.inputs[property]}/{call.inputs['role']}/{call.inputs['member']}"

    def outputs(call: Call, _: str) -> Properties:
        return {"etag": f"CA{call.digest[:6]}="}

    return Kind(
        token=token,
        identify=identify,
        outputs=outputs,
        computed=("etag",),
        immutable=frozenset({property, "condition", "member", "role"}),
        references=(target,),
        check=_check,
        refuse=_refuse,
    )


KINDS: Final = (
    _kind(
        ON_BUCKET,
        "bucket",
        Reference(
            property="bucket",
            tokens=(BUCKET,),
            missing="googleapi: Error 404: The specified bucket does not exist. ({value}), notFound",
            holds=False,
        ),
    ),
    _kind(
        ON_ENTRY,
        "secretId",
        Reference(
            property="secretId",
            tokens=(ENTRY,),
            also=("name", "secretId"),
            missing="googleapi: Error 404: Secret [{value}] not found., notFound",
            holds=False,
        ),
    ),
)
