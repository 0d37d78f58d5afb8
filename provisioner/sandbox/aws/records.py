"""Route 53: record sets."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from provisioner.sandbox import dns
from provisioner.sandbox.aws import account, addresses, zones
from provisioner.sandbox.kinds import Call, CloudRefusal, Failure, Kind, Reference

RECORD = "aws:route53/record:Record"
TYPES = (
    "A",
    "AAAA",
    "CAA",
    "CNAME",
    "DS",
    "HTTPS",
    "MX",
    "NAPTR",
    "NS",
    "PTR",
    "SOA",
    "SPF",
    "SRV",
    "SSHFP",
    "SVCB",
    "TLSA",
    "TXT",
)


def _check(call: Call) -> Iterator[Failure]:
    given = [name for name in ("records", "aliases") if call.inputs.get(name) is not None]
    if len(given) != 1:
        reason = f'one of "aliases,records" must be specified, found {", ".join(given) or "none"}'
        yield Failure(property=given[-1] if given else "records", reason=reason)
    ttl, kind = call.inputs.get("ttl"), call.inputs.get("type")
    if given == ["records"] and ttl is None:
        yield Failure(property="ttl", reason='all of "records,ttl" must be specified')
    if given == ["aliases"] and ttl is not None:
        yield Failure(property="ttl", reason='"ttl" conflicts with aliases')
    if isinstance(ttl, int | float) and not 0 <= ttl <= 2**31 - 1:
        yield Failure(property="ttl", reason=f"expected ttl to be in the range (0 - 2147483647), got {ttl}")
    if isinstance(kind, str) and kind not in TYPES:
        yield Failure(property="type", reason=f"expected type to be one of {', '.join(TYPES)}, got {kind}")


def _zone(call: Call) -> str:
    return str(account.properties(call, zones.ZONE, call.inputs["zoneId"]).get("name", ""))


def full_name(call: Call) -> str:
    """The provider appends the zone's name to a name that does not end with it."""
    name, zone = zones.plain(call.inputs["name"]), _zone(call)
    if not name:
        return zone
    return name if name == zone or name.endswith(f".{zone}") else f"{name}.{zone}"


def _refuse(call: Call) -> None:
    name, kind, zone = full_name(call), call.inputs["type"], _zone(call)
    for label in name.split("."):
        if len(label) > dns.LONGEST_LABEL:
            words = f"DomainLabelTooLong (Domain label is too long) encountered with '{label}'"
            raise CloudRefusal(f"InvalidChangeBatch: FATAL problem: {words}")
    quoted = f"[Tried to create resource record set [name='{name}.', type='{kind}'] but it already exists]"
    same = [each for each in call.world.all(RECORD) if each.properties["zoneId"] == call.inputs["zoneId"]]
    types = {each.properties["type"] for each in same if each.properties["fqdn"] == name}
    if kind in types:
        raise CloudRefusal(f"InvalidChangeBatch: {quoted}")
    if kind == "CNAME" and name == zone:
        raise _invalid(f"RRSet of type CNAME with DNS name {name}. is not permitted at apex in zone {zone}.")
    if types and "CNAME" in {*types, kind}:
        words = "is not permitted as it conflicts with other records with the same DNS name in zone"
        raise _invalid(f"RRSet of type {kind} with DNS name {name}. {words} {zone}.")
    for value in call.inputs.get("records") or ():
        _refuse_value(str(kind), str(value))
    for alias in account.objects(call.inputs.get("aliases") or []):
        _refuse_alias(call, alias)


def _refuse_value(kind: str, value: str) -> None:
    if kind in _FORMS and not _FORMS[kind](value):
        code = {"A": "ARRDATAIllegalIPv4Address", "AAAA": "AAAARRDATAIllegalIPv6Address"}.get(kind, f"{kind}RRDATAInvalid")
        raise CloudRefusal(f"InvalidChangeBatch: [Invalid Resource Record: 'FATAL problem: {code} encountered with '{value}'']")


def _refuse_alias(call: Call, alias: Mapping[str, Any]) -> None:
    target, zone = zones.plain(alias["name"]), alias["zoneId"]
    words = f"Tried to create an alias that targets {target}., type {call.inputs['type']} in zone {zone}, but"
    for balancer in call.world.all(addresses.BALANCER):
        if zones.plain(balancer.properties["dnsName"]) == target:
            if balancer.properties["zoneId"] != zone:
                raise _invalid(f"{words} the alias target name does not lie within the target zone")
            return
    raise _invalid(f"{words} that target was not found")


def _invalid(words: str) -> CloudRefusal:
    return CloudRefusal(f"InvalidChangeBatch: [{words}]")


def _is_text(value: str) -> bool:
    """Strings of at most 255 characters; the provider writes the quotes at both ends."""
    return all(len(part) <= 255 for part in value.strip('"').split('""'))


_FORMS: dict[str, Callable[[str], bool]] = {
    "A": dns.is_address(4),
    "AAAA": dns.is_address(6),
    "CNAME": zones.is_domain,
    "MX": dns.is_exchange(zones.is_domain),
    "TXT": _is_text,
}


def _outputs(call: Call, _: str) -> dict[str, Any]:
    return {"fqdn": full_name(call), **account.given(call, allowOverwrite=False)}


KINDS = (
    Kind(
        token=RECORD,
        identify=lambda call: f"{call.inputs['zoneId']}_{full_name(call)}_{call.inputs['type']}",
        outputs=_outputs,
        computed=("fqdn", "allowOverwrite"),
        immutable=frozenset({"name", "zoneId"}),
        references=(
            Reference(
                property="zoneId",
                tokens=(zones.ZONE,),
                missing="NoSuchHostedZone: No hosted zone found with ID: {value}",
                in_use="HostedZoneNotEmpty: The specified hosted zone contains non-required resource record sets "
                "and so cannot be deleted.",
            ),
        ),
        check=_check,
        refuse=_refuse,
    ),
)
