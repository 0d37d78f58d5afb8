"""Route 53: hosted zones, and the function that finds one."""

from collections.abc import Iterator, Mapping
from typing import Any

from provisioner.sandbox.aws import account
from provisioner.sandbox.kinds import Call, CloudRefusal, Failure, Kind, Properties, World

ZONE = "aws:route53/zone:Zone"
DOMAIN = r"(?=.{1,255}$)([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.)+[a-zA-Z0-9-]{1,63}\.?"
MOST = 500
"""Hosted zones of an account (Route 53 developer guide, "Quotas")."""


def plain(name: object) -> str:
    """A domain name as it is compared: lower case, without a dot at its end."""
    return str(name).rstrip(".").lower()


def is_domain(value: str) -> bool:
    return account.matches(DOMAIN, value)


def _check(call: Call) -> Iterator[Failure]:
    name, comment = call.inputs.get("name"), call.inputs.get("comment")
    if isinstance(name, str) and not is_domain(name):
        yield Failure(property="name", reason=f'expected a domain name, got "{name}"')
    if isinstance(comment, str) and len(comment) > 256:
        yield Failure(property="comment", reason=f"expected length of comment to be in the range (0 - 256), got {len(comment)}")


def _refuse(call: Call) -> None:
    if sum(1 for _ in call.world.all(ZONE)) >= MOST:
        raise CloudRefusal("TooManyHostedZones: Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER")


def _id(call: Call) -> str:
    return f"Z0{call.digest[:19].upper()}"


def _outputs(call: Call, id: str) -> dict[str, Any]:
    servers = name_servers(call)
    return {
        "tagsAll": call.inputs.get("tags", {}),
        "arn": f"arn:{account.partition(call)}:route53:::hostedzone/{id}",
        "name": plain(call.inputs.get("name") or call.name),
        "nameServers": servers,
        "primaryNameServer": servers[0],
        "zoneId": id,
    }


def name_servers(call: Call) -> list[str]:
    """Four, one of each top-level domain that Route 53 uses."""
    numbers = [int(call.digest[start : start + 4], 16) % 512 for start in (0, 4, 8, 12)]
    ends = (("com", 0), ("net", 512), ("org", 1024), ("co.uk", 1536))
    return [f"ns-{number + base}.awsdns-{number % 64:02}.{end}" for number, (end, base) in zip(numbers, ends, strict=True)]


def get_zone(arguments: Mapping[str, Any], config: Mapping[str, str], world: World) -> Properties:
    """A public zone by its name or its id."""
    del config
    name, identity = arguments.get("name"), arguments.get("zoneId")
    if (name is None) == (identity is None):
        raise CloudRefusal("one of name and zone_id must be set")
    found = [zone for zone in world.all(ZONE) if identity == zone.id or (name and plain(name) == zone.properties["name"])]
    if not found:
        raise CloudRefusal("no matching Route 53 Hosted Zone found")
    if len(found) > 1:
        raise CloudRefusal("multiple Route 53 Hosted Zones matched; use additional constraints to reduce matches to a single one")
    zone = found[0].properties
    shown = {name: zone[name] for name in ("arn", "name", "nameServers", "primaryNameServer", "zoneId")}
    private = {"privateZone": False, "tags": zone["tagsAll"], "comment": zone.get("comment", "")}
    return {"id": found[0].id, "callerReference": found[0].id.lower(), "resourceRecordSetCount": 2, **shown, **private}


KINDS = (
    Kind(
        token=ZONE,
        identify=_id,
        outputs=_outputs,
        computed=("tagsAll", "arn", "name", "nameServers", "primaryNameServer", "zoneId"),
        defaults={"comment": "Managed by Pulumi", "forceDestroy": False},
        immutable=frozenset({"name", "delegationSetId"}),
        check=_check,
        refuse=_refuse,
    ),
)
FUNCTIONS = {"aws:route53/getZone:getZone": get_zone}
