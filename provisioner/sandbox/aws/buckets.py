"""S3 buckets and what is said about them in resources of their own."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from provisioner.sandbox.aws import account, identity
from provisioner.sandbox.kinds import Call, CloudRefusal, Failure, Kind, Properties, Reference, no_failures, no_refusal

BUCKET = "aws:s3/bucket:Bucket"
_NAME = (
    r"(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)"
    r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias)(?<!--ol-s3)"
)
"""General purpose bucket naming rules (Amazon S3 user guide)."""
_OWNERSHIP = ("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter")
_VERSIONING = ("Enabled", "Suspended", "Disabled")
_ALGORITHMS = ("AES256", "aws:kms", "aws:kms:dsse")
_ZONE_IDS = {"us-east-1": "Z3AQBSTGFYJSTF", "eu-west-1": "Z1BKCTXD74EZPE", "eu-central-1": "Z21DNDUVLTQW6Q"}
"""Hosted zones of S3 websites (AWS general reference, "Amazon S3 endpoints")."""


def _check_bucket(call: Call) -> Iterator[Failure]:
    name, prefix = call.inputs.get("bucket"), call.inputs.get("bucketPrefix")
    if isinstance(name, str) and not account.matches(_NAME, name):
        reason = f'"{name}" is not a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens, no address'
        yield Failure(property="bucket", reason=reason)
    if isinstance(prefix, str) and (len(prefix) > 37 or not account.matches(r"[a-z0-9][a-z0-9.-]*", prefix)):
        reason = f'"{prefix}" is not the beginning of a bucket name: at most 37 lower-case letters, digits, dots and hyphens'
        yield Failure(property="bucketPrefix", reason=reason)
    if name is not None and prefix is not None:
        yield Failure(property="bucketPrefix", reason='conflicts with "bucket"')


def _bucket_name(call: Call) -> str:
    return account.unique_name(call, "bucket", "bucketPrefix", limit=63).lower()


def _refuse_bucket(call: Call) -> None:
    found = call.world.get(BUCKET, _bucket_name(call))
    if found:
        words = "Your previous request to create the named bucket succeeded and you already own it."
        raise CloudRefusal(f"BucketAlreadyOwnedByYou: {words}")


def _bucket_outputs(call: Call, id: str) -> dict[str, Any]:
    region = account.region(call)
    return {
        **account.shared(call),
        "arn": f"arn:{account.partition(call)}:s3:::{id}",
        "bucket": id,
        "bucketDomainName": f"{id}.s3.amazonaws.com",
        "bucketRegion": region,
        "bucketRegionalDomainName": f"{id}.s3.{region}.amazonaws.com",
        "hostedZoneId": _ZONE_IDS.get(region, "Z0123456789ABCDEFGHIJ"),
        **account.given(call, bucketPrefix="", objectLockEnabled=False, requestPayer="BucketOwner"),
    }


def _check_encryption(call: Call) -> Iterator[Failure]:
    for index, rule in enumerate(account.objects(call.inputs.get("rules"))):
        for default in account.objects(rule.get("applyServerSideEncryptionByDefault")):
            place = f"rules[{index}].applyServerSideEncryptionByDefault.sseAlgorithm"
            yield from _one_of(place, default.get("sseAlgorithm"), _ALGORITHMS)


def _check_versioning(call: Call) -> Iterator[Failure]:
    for configuration in account.objects(call.inputs.get("versioningConfiguration")):
        yield from _one_of("versioningConfiguration.status", configuration.get("status"), _VERSIONING)


def _refuse_versioning(call: Call) -> None:
    """A bucket that has had versions keeps them: versioning is suspended, never disabled."""
    before, after = (_status(inputs) for inputs in (call.olds or {}, call.inputs))
    if after == "Disabled" and before in ("Enabled", "Suspended"):
        raise CloudRefusal(f"versioning_configuration.status cannot be updated from '{before}' to '{after}'")


def _status(inputs: Properties) -> object:
    return next((each.get("status") for each in account.objects(inputs.get("versioningConfiguration"))), None)


def _check_ownership(call: Call) -> Iterator[Failure]:
    for rule in account.objects(call.inputs.get("rule")):
        yield from _one_of("rule.objectOwnership", rule.get("objectOwnership"), _OWNERSHIP)


def _check_expiry(call: Call) -> Iterator[Failure]:
    seen = set[str]()
    for index, rule in enumerate(account.objects(call.inputs.get("rules"))):
        if rule.get("id") in seen:
            reason = f'Rule ID must be unique. Found same ID "{rule["id"]}" for more than one rule'
            yield Failure(property=f"rules[{index}].id", reason=reason)
        seen.add(str(rule.get("id")))
        yield from _one_of(f"rules[{index}].status", rule.get("status"), ("Enabled", "Disabled"))
        for section, unit in (("expiration", "days"), ("noncurrentVersionExpiration", "noncurrentDays")):
            for part in account.objects(rule.get(section)):
                days = part.get(unit)
                if isinstance(days, int) and days < 1:
                    yield Failure(property=f"rules[{index}].{section}.{unit}", reason=f"must be at least 1, got {days}")
        if not {"expiration", "transitions", "noncurrentVersionExpiration", "abortIncompleteMultipartUpload"} & rule.keys():
            yield Failure(property=f"rules[{index}]", reason="At least one action needs to be specified in a rule")


def _refuse_policy(call: Call) -> None:
    """A policy may speak of its own bucket only."""
    own = f"arn:{account.partition(call)}:s3:::{call.inputs['bucket']}"
    for statement in account.objects(json.loads(call.inputs["policy"])["Statement"]):
        resources = statement.get("Resource", ())
        for resource in account.known([resources] if isinstance(resources, str) else resources):
            if resource != own and not resource.startswith(f"{own}/"):
                raise CloudRefusal("MalformedPolicy: Policy has invalid resource")


def _check_policy(call: Call) -> Iterator[Failure]:
    yield from identity.policy_failures("policy", call.inputs.get("policy"))


def _one_of(property: str, value: object, values: tuple[str, ...]) -> Iterator[Failure]:
    if isinstance(value, str) and value not in values:
        yield Failure(property=property, reason=f"expected one of {', '.join(values)}, got {value}")


def _companion(
    name: str,
    check: Callable[[Call], Iterable[Failure]] = no_failures,
    refuse: Callable[[Call], None] = no_refusal,
    defaults: dict[str, Any] | None = None,
    also_immutable: tuple[str, ...] = (),
) -> Kind:
    """A resource that says one thing about one bucket, whose name is its id."""
    return Kind(
        token=f"aws:s3/{name[0].lower()}{name[1:]}:{name}",
        identify=lambda call: str(call.inputs["bucket"]),
        outputs=account.region_only,
        computed=("region",),
        defaults=defaults,
        immutable=frozenset({"bucket", "region", *also_immutable}),
        references=(
            Reference(
                property="bucket",
                tokens=(BUCKET,),
                missing="NoSuchBucket: The specified bucket does not exist ({value})",
                holds=False,
            ),
        ),
        check=check,
        refuse=refuse,
    )


_OPEN = {"blockPublicAcls": False, "blockPublicPolicy": False, "ignorePublicAcls": False, "restrictPublicBuckets": False}

_OWNER = ("expectedBucketOwner",)

KINDS = (
    Kind(
        token=BUCKET,
        identify=_bucket_name,
        outputs=_bucket_outputs,
        computed=(
            *account.SHARED,
            "arn",
            "bucket",
            "bucketDomainName",
            "bucketPrefix",
            "bucketRegion",
            "bucketRegionalDomainName",
            "hostedZoneId",
            "objectLockEnabled",
            "requestPayer",
        ),
        defaults={"forceDestroy": False},
        immutable=frozenset({"bucket", "bucketPrefix", "bucketNamespace", "objectLockEnabled", "region"}),
        check=_check_bucket,
        refuse=_refuse_bucket,
    ),
    _companion("BucketPublicAccessBlock", defaults=_OPEN),
    _companion("BucketOwnershipControls", _check_ownership),
    _companion("BucketServerSideEncryptionConfiguration", _check_encryption, also_immutable=_OWNER),
    _companion("BucketVersioning", _check_versioning, _refuse_versioning, also_immutable=_OWNER),
    _companion("BucketPolicy", _check_policy, _refuse_policy),
    _companion("BucketLifecycleConfiguration", _check_expiry, also_immutable=_OWNER),
)
