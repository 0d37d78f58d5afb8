"""Certificate Manager: certificates that a DNS record proves."""

from collections.abc import Iterator
from typing import Any

from provisioner.sandbox.aws import account, records, zones
from provisioner.sandbox.kinds import Call, CloudRefusal, Failure, Kind, Reference

CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
METHODS = ("DNS", "EMAIL", "HTTP")
KEYS = ("EC_prime256v1", "EC_secp384r1", "EC_secp521r1", "RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096")
NAME = r"(\*\.)?" + zones.DOMAIN


def certificate(property: str, *, holds: bool = True) -> Reference:
    """A property names a certificate by its ARN, which is its id."""
    return Reference(
        property=property,
        tokens=(CERTIFICATE,),
        missing="CertificateNotFound: Certificate '{value}' not found",
        in_use="ResourceInUseException: Certificate {id} in account is in use.",
        holds=holds,
    )


def _check(call: Call) -> Iterator[Failure]:
    name, method, key = (call.inputs.get(each) for each in ("domainName", "validationMethod", "keyAlgorithm"))
    if name is None and call.inputs.get("certificateBody") is None and call.inputs.get("privateKey") is None:
        yield Failure(property="domainName", reason='one of "domainName,privateKey" must be specified')
    if name is not None and method is None and call.inputs.get("certificateAuthorityArn") is None:
        reason = "`certificate_authority_arn` or `validation_method` must be set when creating an ACM certificate"
        yield Failure(property="validationMethod", reason=reason)
    if isinstance(name, str) and (not account.matches(NAME, name) or name.endswith(".")):
        yield Failure(property="domainName", reason=f'expected a domain name without a dot at its end, got "{name}"')
    if isinstance(method, str) and method not in METHODS:
        yield Failure(property="validationMethod", reason=f"expected one of {', '.join(METHODS)}, got {method}")
    if isinstance(key, str) and key not in KEYS:
        yield Failure(property="keyAlgorithm", reason=f"expected one of {', '.join(KEYS)}, got {key}")


def _proof(call: Call) -> dict[str, str]:
    """The record that proves a domain: the same for every certificate of it in the account, as in AWS."""
    domain = str(call.inputs.get("domainName", "")).removeprefix("*.")
    code = f"{sum(index * ord(letter) for index, letter in enumerate(domain, 1)):032x}"
    return {
        "domainName": str(call.inputs.get("domainName", "")),
        "resourceRecordName": f"_{code}.{domain}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_{code[::-1]}.acm-validations.aws.",
    }


def _outputs(call: Call, id: str) -> dict[str, Any]:
    return {
        **account.shared(call),
        "arn": id,
        "domainValidationOptions": [_proof(call)],
        "notAfter": "",
        "notBefore": "",
        "pendingRenewal": False,
        "renewalEligibility": "INELIGIBLE",
        "renewalSummaries": [],
        "status": "PENDING_VALIDATION",
        "type": "AMAZON_ISSUED",
        "validationEmails": [],
        **account.given(call, keyAlgorithm="RSA_2048", subjectAlternativeNames=[call.inputs.get("domainName", "")]),
    }


def _refuse_validation(call: Call) -> None:
    """The provider waits until the certificate is issued: without its record that never happens."""
    (proof,) = account.properties(call, CERTIFICATE, call.inputs["certificateArn"])["domainValidationOptions"]
    wanted = zones.plain(proof["resourceRecordName"])
    given = [zones.plain(name) for name in call.inputs.get("validationRecordFqdns") or [wanted]]
    if wanted not in given:
        raise CloudRefusal(f"missing {proof['domainName']} DNS validation record: {wanted}")
    found = call.world.find(records.RECORD, fqdn=wanted, type=proof["resourceRecordType"])
    values = [zones.plain(value) for value in found.properties.get("records", ())] if found else []
    if zones.plain(proof["resourceRecordValue"]) not in values:
        words = f"timeout while waiting for state to become 'ISSUED' (last state: 'PENDING_VALIDATION', no record {wanted})"
        raise CloudRefusal(f"waiting for ACM Certificate ({call.inputs['certificateArn']}) to be issued: {words}")


def _id(call: Call) -> str:
    digest = call.digest
    uuid = f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"
    return account.arn(call, "acm", f"certificate/{uuid}")


KINDS = (
    Kind(
        token=CERTIFICATE,
        identify=_id,
        outputs=_outputs,
        computed=(
            *account.SHARED,
            *("arn", "domainValidationOptions", "keyAlgorithm", "notAfter", "notBefore", "pendingRenewal", "renewalEligibility"),
            *("renewalSummaries", "status", "subjectAlternativeNames", "type", "validationEmails"),
        ),
        immutable=frozenset(
            {"domainName", "validationMethod", "keyAlgorithm", "subjectAlternativeNames", "certificateAuthorityArn", "region"}
        ),
        check=_check,
    ),
    Kind(
        token=VALIDATION,
        identify=lambda call: f"2026-11-01 12:{int(call.digest[:2], 16) % 60:02}:00 +0000 UTC",
        outputs=account.region_only,
        computed=("region",),
        immutable=frozenset({"certificateArn", "validationRecordFqdns", "region"}),
        references=(certificate("certificateArn", holds=False),),
        refuse=_refuse_validation,
    ),
)
