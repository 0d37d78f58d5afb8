"""DNS records, and the zones that are created or found for them."""

import ipaddress
import re
from collections.abc import Callable
from typing import Final

from provisioner.plan import names
from provisioner.plan.fields import Section
from provisioner.plan.model import Record, Zone
from provisioner.plan.names import domain_name
from provisioner.plan.readers import boolean, choice, text, whole_seconds

TYPES: Final = ("A", "AAAA", "CNAME", "TXT", "MX")
LONGEST_TXT: Final = 4000
"""Characters of a text record: the least that any cloud takes."""

_LABEL: Final = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_DOMAIN: Final = re.compile(rf"(?=.{{1,253}}$)({_LABEL}\.)*{_LABEL}", re.IGNORECASE)


def build(section: Section) -> tuple[Record, ...]:
    return tuple(_record(name, record) for name, record in section.sections())


def zones(section: Section) -> tuple[Zone, ...]:
    return tuple(_zone(name, zone) for name, zone in section.sections())


def _zone(name: str, zone: Section) -> Zone:
    zone.only("create", "group")
    bare = name.rstrip(".")
    if not is_domain(bare) or "." not in bare:
        zone.problems.error("bad-name", zone.place, f'expected a domain name such as example.com, found "{name}"')
    create, group = zone.read("create", boolean, default=False), zone.read("group", text, default="")
    if create and group:
        message = "a zone that is created lies with the rest of the deployment: group is for one that exists"
        zone.problems.error("conflict", zone.place_of("group"), message, hint="leave group out, or create")
    return Zone(name=bare, create=create, group=group, place=zone.place)


def _record(name: str, record: Section) -> Record:
    record.only("zone", "name", "type", "values", "ttl")
    record.require("zone", "type", "values")
    names.check(name, record.place, record.problems)
    values = record.read_list("values", text)
    kind = record.read("type", choice(TYPES), default="")
    zone = record.read("zone", text, default="").rstrip(".")
    own = record.read("name", text, default=name)
    if is_domain(zone) and not is_domain(domain_name(own, zone).removeprefix("*.")):
        message = f'expected a name in the zone {zone}, found "{own}"'
        hint = "labels are 63 letters, digits, hyphens and underscores at most; `*` can be the first"
        record.problems.error("bad-name", record.place_of("name"), message, hint=hint)
    if kind == "CNAME" and len(values) > 1:
        message = f"expected one value for a CNAME, found {len(values)}"
        record.problems.error("out-of-range", record.place_of("values"), message)
    if kind == "CNAME" and zone and domain_name(own, zone) == zone:
        message = f"a CNAME cannot stand for {zone} itself: the zone's own records are there"
        record.problems.error("conflict", record.place, message, hint="use type: A, or a name within the zone")
    for value in values:
        _check_value(kind, value, record)
    return Record(
        name=own,
        zone=zone,
        type=kind,
        values=values,
        ttl=record.read("ttl", whole_seconds(1, 2**31 - 1), default=300),
        key=name,
        place=record.place,
    )


def is_domain(text: str) -> bool:
    """Whether a text is a domain name, with or without a dot at its end."""
    return _DOMAIN.fullmatch(text.removesuffix(".")) is not None


def _check_value(kind: str, value: str, record: Section) -> None:
    wanted, fits = _FORMS.get(kind, ("", _anything))
    if not fits(value):
        record.problems.error("out-of-range", record.place_of("values"), f'expected {wanted}, found "{value}"')


def _anything(_: str) -> bool:
    return True


def _is_ipv4(value: str) -> bool:
    try:
        ipaddress.IPv4Address(value)
    except ValueError:
        return False
    return True


def _is_ipv6(value: str) -> bool:
    try:
        ipaddress.IPv6Address(value)
    except ValueError:
        return False
    return True


def _is_mail_exchange(value: str) -> bool:
    preference, _, host = value.partition(" ")
    return preference.isdigit() and int(preference) <= 65535 and is_domain(host)


def _is_text(value: str) -> bool:
    return 0 < len(value) <= LONGEST_TXT and value.isascii() and value.isprintable() and '"' not in value and "\\" not in value


_FORMS: Final[dict[str, tuple[str, Callable[[str], bool]]]] = {
    "A": ("an IPv4 address", _is_ipv4),
    "AAAA": ("an IPv6 address", _is_ipv6),
    "CNAME": ("a domain name", is_domain),
    "MX": ("a preference and a host, such as `10 mail.example.com`", _is_mail_exchange),
    "TXT": (f"1 to {LONGEST_TXT} printable characters of ASCII without quotes and backslashes", _is_text),
}
