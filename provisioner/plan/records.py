"""DNS records in zones that exist."""

from typing import Final

from provisioner.plan import names
from provisioner.plan.fields import Section
from provisioner.plan.model import Record
from provisioner.plan.readers import choice, integer, text

TYPES: Final = ("A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT")


def build(section: Section) -> tuple[Record, ...]:
    return tuple(_record(name, record) for name, record in section.sections())


def _record(name: str, record: Section) -> Record:
    record.only("zone", "type", "values", "ttl")
    record.require("zone", "type", "values")
    names.check(name, record.place, record.problems)
    values = record.read_list("values", text)
    kind = record.read("type", choice(TYPES), default="")
    if kind == "CNAME" and len(values) > 1:
        message = f"expected one value for a CNAME, found {len(values)}"
        record.problems.error("out-of-range", record.place_of("values"), message)
    return Record(
        name=name,
        zone=record.read("zone", text, default="").rstrip("."),
        type=kind,
        values=values,
        ttl=record.read("ttl", integer("a number of seconds", 1, 2**31 - 1), default=300),
        place=record.place,
    )
