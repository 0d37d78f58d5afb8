"""DNS zones and their record sets."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from provisioner.sandbox import dns
from provisioner.sandbox.azure import arm
from provisioner.sandbox.kinds import Call, Failure, Kind, Properties, Reference, World

ZONE = "azure-native:dns:Zone"
RECORD = "azure-native:dns:RecordSet"
VERSION = "2023-07-01-preview"
NAME = r"([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)+[A-Za-z0-9][A-Za-z0-9-]{0,62}"
"""At least two labels (naming rules of Azure resources, Microsoft.Network/dnsZones)."""
HELD = {
    "A": "aRecords",
    "AAAA": "aaaaRecords",
    "CAA": "caaRecords",
    "CNAME": "cnameRecord",
    "MX": "mxRecords",
    "NS": "nsRecords",
    "PTR": "ptrRecords",
    "SOA": "soaRecord",
    "SRV": "srvRecords",
    "TXT": "txtRecords",
}
"""The property in which each record type has its values."""


def _outputs(call: Call, _: str) -> dict[str, Any]:
    return {
        **arm.standard("Microsoft.Network/dnszones", VERSION, call.inputs["zoneName"]),
        "etag": arm.uuid(call, "etag"),
        "maxNumberOfRecordSets": 10_000,
        "maxNumberOfRecordsPerRecordSet": 20,
        "nameServers": [f"ns{number}-0{int(call.digest[0], 16) % 9 + 1}.azure-dns.{end}." for number, end in enumerate(_ENDS, 1)],
        "numberOfRecordSets": 2,
    }


_ENDS = ("com", "net", "org", "info")


def _refuse(call: Call) -> None:
    if call.inputs.get("location") != "global":
        message = (
            f"The provided location '{call.inputs.get('location')}' is not available for resource type "
            "'Microsoft.Network/dnszones'. List of available regions for the resource type is 'global'."
        )
        raise arm.refusal("LocationNotAvailableForResourceType", message)
    arm.refuse_tags(call.inputs.get("tags") or {})


_identify = arm.identify("Microsoft.Network/dnszones", "zoneName")


def _record_id(call: Call) -> str:
    zone = f"{arm.group_id(call)}/providers/Microsoft.Network/dnszones/{call.inputs['zoneName']}"
    return f"{zone}/{call.inputs['recordType']}/{call.inputs['relativeRecordSetName']}"


def _check_record(call: Call) -> Iterator[Failure]:
    ttl, kind = call.inputs.get("ttl"), call.inputs.get("recordType")
    if isinstance(ttl, int | float) and not 1 <= ttl <= 2**31 - 1:
        yield Failure(property="ttl", reason=f"expected from 1 to 2147483647, found {ttl}")
    if isinstance(kind, str) and kind not in HELD:
        yield Failure(property="recordType", reason=f"expected one of {', '.join(HELD)}, found {kind}")


def _refuse_record(call: Call) -> None:
    zone, kind, name = call.inputs["zoneName"], call.inputs["recordType"], call.inputs["relativeRecordSetName"]
    given = [held for held in HELD.values() if call.inputs.get(held)]
    if given != [HELD[kind]]:
        message = f"The request has {', '.join(given) or 'no records'} where a record set of type {kind} has {HELD[kind]}."
        raise arm.refusal("BadRequest", message)
    if name != "@" and not dns.is_owner(name):
        raise arm.refusal("BadRequest", f"The record set name '{name}' is not a valid relative name.")
    if kind == "CNAME" and name == "@":
        raise arm.refusal(
            "BadRequest", "The CNAME record set '@' cannot be created: a record set of type CNAME is not allowed there."
        )
    for other in call.world.all(RECORD):
        same = other.id.startswith(f"{arm.group_id(call)}/providers/Microsoft.Network/dnszones/{zone}/")
        if same and other.properties["relativeRecordSetName"] == name and "CNAME" in (kind, other.properties["recordType"]):
            message = f"The record set {name} of type {kind} conflicts with another of type {other.properties['recordType']}."
            raise arm.refusal("Conflict", message)
    _refuse_values(call, str(kind), HELD[kind])


def _refuse_values(call: Call, kind: str, held: str) -> None:
    values = arm.items(call.inputs, held) or [arm.part(call.inputs, held)]
    if len(values) > 20:
        raise arm.refusal("BadRequest", f"The record set has {len(values)} records, more than the maximum of 20.")
    for value in values:
        if kind in _FORMS and not _FORMS[kind](value):
            raise arm.refusal("BadRequest", f"The value of a record of type {kind} is not valid: {dict(value)}.")


def _is_domain(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(NAME, value.rstrip(".")) is not None


_FORMS: Mapping[str, Callable[[Properties], bool]] = {
    "A": lambda value: dns.is_address(4)(str(value.get("ipv4Address"))),
    "AAAA": lambda value: dns.is_address(6)(str(value.get("ipv6Address"))),
    "CNAME": lambda value: _is_domain(value.get("cname")),
    "MX": lambda value: _is_domain(value.get("exchange")) and 0 <= value.get("preference", 0) <= 65535,
    "TXT": lambda value: all(len(text) <= 255 for text in value.get("value") or ()),
}


def _record_outputs(call: Call, _: str) -> dict[str, Any]:
    name, zone = call.inputs["relativeRecordSetName"], call.inputs["zoneName"]
    return {
        **arm.standard(f"Microsoft.Network/dnszones/{call.inputs['recordType']}", VERSION, name),
        "etag": arm.uuid(call, "etag"),
        "fqdn": f"{zone}." if name == "@" else f"{name}.{zone}.",
        "provisioningState": "Succeeded",
    }


def get_zone(arguments: Mapping[str, Any], config: Mapping[str, str], world: World) -> Properties:
    """A zone by its resource group and its name."""
    group, name = arguments["resourceGroupName"], arguments["zoneName"]
    path = f"/subscriptions/{config['subscriptionId']}/resourceGroups/{group}/providers/Microsoft.Network/dnszones/{name}"
    found = world.get(ZONE, path)
    if found is None:
        message = f"The Resource 'Microsoft.Network/dnszones/{name}' under resource group '{group}' was not found."
        raise arm.refusal("ResourceNotFound", message)
    return {"id": found.id, **{key: found.properties[key] for key in _SHOWN}, "location": "global", "zoneType": "Public"}


_SHOWN = ("name", "type", "azureApiVersion", "etag", "nameServers", "numberOfRecordSets", "maxNumberOfRecordSets")
_COMPUTED = (*_SHOWN, "maxNumberOfRecordsPerRecordSet")

KINDS = (
    Kind(
        token=ZONE,
        identify=_identify,
        outputs=_outputs,
        computed=_COMPUTED,
        immutable=frozenset({"zoneName", "resourceGroupName", "location"}),
        references=(arm.IN_GROUP,),
        check=arm.named("zoneName", NAME),
        refuse=_refuse,
    ),
    Kind(
        token=RECORD,
        identify=_record_id,
        outputs=_record_outputs,
        computed=(*arm.STANDARD, "etag", "fqdn", "provisioningState"),
        immutable=frozenset({"zoneName", "resourceGroupName", "recordType", "relativeRecordSetName"}),
        references=(
            arm.IN_GROUP,
            Reference(
                property="zoneName",
                tokens=(ZONE,),
                field="name",
                missing='Code="ParentResourceNotFound" Message="Can not perform requested operation on nested resource. '
                "Parent resource '{value}' not found.\"",
                in_use='Code="Conflict" Message="The zone {id} still holds {dependent}."',
            ),
        ),
        check=_check_record,
        refuse=_refuse_record,
    ),
)
FUNCTIONS = {"azure-native:dns:getZone": get_zone}
