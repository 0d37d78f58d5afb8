"""Object storage."""

from provisioner.plan import names
from provisioner.plan.fields import Section
from provisioner.plan.model import Bucket
from provisioner.plan.readers import boolean, integer, text


def build(section: Section) -> tuple[Bucket, ...]:
    return tuple(_bucket(name, bucket) for name, bucket in section.sections())


def _bucket(name: str, bucket: Section) -> Bucket:
    bucket.only("versioned", "expire-days", "readers", "writers")
    names.check(name, bucket.place, bucket.problems)
    return Bucket(
        name=name,
        versioned=bucket.read("versioned", boolean, default=False),
        expire_days=bucket.read("expire-days", integer("a number of days", 1, 36500), default=0),
        readers=bucket.read_list("readers", text),
        writers=bucket.read_list("writers", text),
        place=bucket.place,
    )
