"""Cloud DNS: managed zones, record sets, and the function that lists zones."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from provisioner.sandbox import dns
from provisioner.sandbox.gcp.common import LABELS, check_name, free, numeric, project, refers, timestamp
from provisioner.sandbox.kinds import Autoname, Call, CloudRefusal, Failure, Function, Kind, Properties, World

ZONE: Final = "gcp:dns/managedZone:ManagedZone"
RECORD: Final = "gcp:dns/recordSet:RecordSet"
DOMAIN: Final = re.compile(r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+")


def _check_zone(call: Call) -> Iterable[Failure]:
    yield from check_name(call)
    name = call.inputs.get("dnsName")
    if isinstance(name, str) and not name.endswith("."):
        yield Failure(property="dnsName", reason=f"expected a domain name that ends with a dot, got {name}")


def _refuse_zone(call: Call) -> None:
    free(_zone_id)(call)
    name = call.inputs["dnsName"]
    if not DOMAIN.fullmatch(name):
        raise CloudRefusal(f"googleapi: Error 400: Invalid value for 'entity.managedZone.dnsName': '{name}', invalid")


def _zone_id(call: Call) -> str:
    return f"projects/{project(call)}/managedZones/{call.inputs['name']}"


def _zone_outputs(call: Call, id: str) -> Properties:
    letter = "abcde"[int(call.digest[0], 16) % 5]
    return {
        "project": project(call),
        "managedZoneId": numeric(call, id),
        "nameServers": [f"ns-cloud-{letter}{index}.googledomains.com." for index in range(1, 5)],
        "creationTime": timestamp(call, id),
        "effectiveLabels": LABELS["effectiveLabels"](call, id),
        "pulumiLabels": LABELS["pulumiLabels"](call, id),
    }


def _record_id(call: Call) -> str:
    zone = _zone(call)
    return f"{zone.id if zone else call.inputs['managedZone']}/rrsets/{call.inputs['name']}/{call.inputs['type']}"


def _zone(call: Call) -> Any:
    given = str(call.inputs["managedZone"])
    return call.world.get(ZONE, given) or call.world.find(ZONE, name=given.rsplit("/", 1)[-1])


def _refuse_record(call: Call) -> None:
    name, kind = call.inputs["name"], call.inputs["type"]
    values: Sequence[object] = call.inputs.get("rrdatas", ())
    apex = _zone(call).properties["dnsName"]
    entity = f"entity.change.additions[{name}][{kind}]"
    if not dns.is_owner(name) or (name != apex and not name.endswith(f".{apex}")):
        raise CloudRefusal(f"googleapi: Error 400: Invalid value for '{entity}.name': '{name}', invalid")
    others = [each for each in call.world.all(RECORD) if each.id.rsplit("/rrsets/", 1)[0] == _zone(call).id]
    types = {each.properties["type"] for each in others if each.properties["name"] == name}
    if kind in types:
        raise CloudRefusal(f"googleapi: Error 409: The resource '{entity}' named '{name} ({kind})' already exists, alreadyExists")
    if (kind == "CNAME" and (name == apex or len(values) > 1 or types)) or "CNAME" in types:
        words = (
            f"is invalid because the DNS name '{name}' may have either one CNAME resource record set or resource record sets of"
        )
        code = "cnameResourceRecordSetConflict"
        raise CloudRefusal(f"googleapi: Error 400: The resource record set '{entity}' {words} other types, but not both., {code}")
    for value in values:
        if kind in _FORMS and not _FORMS[kind](str(value)):
            raise CloudRefusal(f"googleapi: Error 400: Invalid value for '{entity}.rrdata': '{value}', invalid")


def _is_domain(value: str) -> bool:
    return DOMAIN.fullmatch(value.lower()) is not None


def _is_text(value: str) -> bool:
    """One string without spaces, or quoted strings of at most 255 characters."""
    return re.fullmatch(r'[^\s"]{1,255}|"[^"]{0,255}"( "[^"]{0,255}")*', value) is not None


_FORMS: Final[Mapping[str, Callable[[str], bool]]] = {
    "A": dns.is_address(4),
    "AAAA": dns.is_address(6),
    "CNAME": _is_domain,
    "MX": dns.is_exchange(_is_domain),
    "TXT": _is_text,
}


def get_managed_zones(arguments: Mapping[str, Any], config: Mapping[str, str], world: World) -> Properties:
    """Every zone of a project."""
    wanted = arguments.get("project") or config["project"]
    shown = [
        {
            "id": zone.id,
            "name": zone.properties["name"],
            "dnsName": zone.properties["dnsName"],
            "description": zone.properties.get("description", ""),
            "managedZoneId": str(zone.properties["managedZoneId"]),
            "nameServers": zone.properties["nameServers"],
            "visibility": zone.properties.get("visibility", "public"),
            "project": wanted,
        }
        for zone in world.all(ZONE)
        if zone.properties["project"] == wanted
    ]
    return {"id": f"projects/{wanted}/managedZones", "managedZones": shown, "project": wanted}


KINDS: Final = (
    Kind(
        token=ZONE,
        identify=_zone_id,
        outputs=_zone_outputs,
        computed=("project", "managedZoneId", "nameServers", "creationTime", "effectiveLabels", "pulumiLabels"),
        defaults={"description": "Managed by Pulumi", "visibility": "public", "forceDestroy": False},
        immutable=frozenset({"name", "dnsName", "visibility", "project"}),
        autoname=Autoname(property="name", lower=True),
        check=_check_zone,
        refuse=_refuse_zone,
    ),
    Kind(
        token=RECORD,
        identify=_record_id,
        outputs=lambda call, _: {"project": project(call)},
        computed=("project",),
        immutable=frozenset({"managedZone", "name", "type", "project"}),
        references=(refers("managedZone", ZONE),),
        refuse=_refuse_record,
    ),
)
FUNCTIONS: Final[Mapping[str, Function]] = {"gcp:dns/getManagedZones:getManagedZones": get_managed_zones}
