"""DNS records in zones that exist."""

from typing import Final

from provisioner.plan import names
from provisioner.plan.fields import Section
from provisioner.plan.model import Record
from provisioner.plan.readers import choice, text, whole_seconds

TYPES: Final = ("A", "AAAA", "CNAME", "TXT", "MX")


def build(section: Section) -> tuple[Record, ...]:
    return tuple(_record(name, record) for name, record in section.sections())


def _record(name: str, record: Section) -> Record:
    record.only("zone", "name", "type", "values", "ttl")
    record.require("zone", "type", "values")
    names.check(name, record.place, record.problems)
    values = record.read_list("values", text)
    kind = record.read("type", choice(TYPES), default="")
    if kind == "CNAME" and len(values) > 1:
        message = f"expected one value for a CNAME, found {len(values)}"
        record.problems.error("out-of-range", record.place_of("values"), message)
    return Record(
        name=record.read("name", text, default=name),
        zone=record.read("zone", text, default="").rstrip("."),
        type=kind,
        values=values,
        ttl=record.read("ttl", whole_seconds(1, 2**31 - 1), default=300),
        place=record.place,
    )
