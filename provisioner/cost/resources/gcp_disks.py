"""Persistent Disk and Hyperdisk: by the GiB, and by what is provisioned beside the size.

Source: https://cloud.google.com/compute/disks-image-pricing (Hyperdisk and Extreme Persistent Disk bill provisioned IOPS,
Hyperdisk throughput too; the other kinds have what their size has).
"""

from collections.abc import Iterator
from decimal import Decimal

from provisioner.cost.model import Charge
from provisioner.cost.resources.scene import Resource, Scene, Unpriced

BILLED_BY_PERFORMANCE = ("hyperdisk-", "pd-extreme")


def boot(resource: Resource) -> Iterator[Charge]:
    """One that is made with the machine; a `source` is a disk of its own, billed there."""
    if "source" in resource.part(resource.get("bootDisk")).inputs:
        return
    if resource.get("bootDisk/initializeParams/size") is None:
        raise Unpriced("the size of its boot disk is the image's: state bootDisk.initializeParams.size")
    made = resource.part(resource.get("bootDisk/initializeParams"))
    kind = made.text("type", "pd-standard")
    yield resource.bill("disk", kind, made.number("size"))
    yield from _provisioned(resource, made, kind)


def disk(resource: Resource, _: Scene) -> Iterator[Charge]:
    kind = _kind(resource)
    yield resource.bill("disk", kind, resource.number("size"))
    yield from _provisioned(resource, resource, kind)


def regional(resource: Resource, _: Scene) -> Iterator[Charge]:
    yield resource.bill("disk", f"{_kind(resource)}-regional", resource.number("size"))


def _kind(resource: Resource) -> str:
    return resource.text("type", "pd-standard").rpartition("/")[2]


def _provisioned(resource: Resource, described: Resource, kind: str) -> Iterator[Charge]:
    if not kind.startswith(BILLED_BY_PERFORMANCE):
        return
    for path, part in (("provisionedIops", "iops"), ("provisionedThroughput", "throughput")):
        amount = described.number(path, Decimal(0))
        if amount:
            yield resource.bill("disk", f"{kind}-{part}", amount)
