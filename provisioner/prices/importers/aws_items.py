"""What a product of the AWS price list is in our tables: by its attributes, exactly, or by its usage type."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from provisioner.prices.importers.amounts import Unit
from provisioner.prices.importers.aws_locations import LOCATIONS
from provisioner.prices.importers.plain import MachineRow

Attributes = Mapping[str, str]
Item = tuple[str, str]
"""Kind and item."""

PRICED: Final = (
    "machine",
    "metal",
    "machine-windows",
    "disk",
    "disk-iops",
    "disk-throughput",
    "snapshot",
    "address",
    "nat",
    "balancer",
    "bucket",
    "kubernetes",
    "postgresql",
)
"""Kinds that cost something everywhere."""

_MILLION: Final = Decimal(1_000_000)
UNITS: Final[Mapping[str, Unit]] = {
    **dict.fromkeys(("Hrs", "Hours", "hours", "Hour"), Unit(name="hour")),
    **dict.fromkeys(("GB-Mo", "GB-month", "GB-Month", "GB-mo"), Unit(name="GiB-month")),
    **dict.fromkeys(("LCU-Hrs", "LCU-hours"), Unit(name="LCU-hour")),
    "IOPS-Mo": Unit(name="IOPS-month"),
    "MiBps-mo": Unit(name="MiBps-month"),
    "GiBps-mo": Unit(name="MiBps-month", factor=Decimal(1) / 1024),
    "IOs": Unit(name="million IOs", factor=_MILLION),
    "Requests": Unit(name="million requests", factor=_MILLION),
    "Request": Unit(name="million requests", factor=_MILLION),
    "API Requests": Unit(name="million requests", factor=_MILLION),
    "Lambda-GB-Second": Unit(name="million GB-seconds", factor=_MILLION),
    "Queries": Unit(name="million queries", factor=_MILLION),
}
"""Theirs to ours. A unit that is not here keeps its name."""

_SIZE: Final = re.compile(r"([\d,.]+) GiB")
_PREFIX: Final = re.compile(r"^[A-Z]{2,4}\d{0,2}-")
"""`EUW1-` before a usage type; us-east-1 has none, or `USE1-`."""

_USAGES: Final[Mapping[str, Item]] = {
    "EBS:SnapshotUsage": ("snapshot", "ebs"),
    "EBS:SnapshotArchiveStorage": ("snapshot", "ebs-archive"),
    "NatGateway-Hours": ("nat", "gateway"),
    "NatGateway-Bytes": ("nat", "data"),
    "PublicIPv4:InUseAddress": ("address", "public-ipv4"),
    "PublicIPv4:IdleAddress": ("address", "public-ipv4-idle"),
    "TimedStorage-ByteHrs": ("bucket", "s3-standard"),
    "TimedStorage-SIA-ByteHrs": ("bucket", "s3-standard-ia"),
    "TimedStorage-ZIA-ByteHrs": ("bucket", "s3-onezone-ia"),
    "TimedStorage-GIR-ByteHrs": ("bucket", "s3-glacier-ir"),
    "Requests-Tier1": ("bucket-requests", "s3-standard-write"),
    "Requests-Tier2": ("bucket-requests", "s3-standard-read"),
    "AmazonEKS-Hours:perCluster": ("kubernetes", "eks"),
}
_BALANCERS: Final[Mapping[tuple[str, str], Item]] = {
    ("LoadBalancing:Network", "LoadBalancerUsage"): ("balancer", "nlb"),
    ("LoadBalancing:Network", "LCUUsage"): ("balancer", "nlb-lcu"),
    ("LoadBalancing:Application", "LoadBalancerUsage"): ("balancer", "alb"),
    ("LoadBalancing:Application", "LCUUsage"): ("balancer", "alb-lcu"),
    ("LoadBalancing:Gateway", "LoadBalancerUsage"): ("balancer", "gwlb"),
    ("LoadBalancing:Gateway", "LCUUsage"): ("balancer", "gwlb-lcu"),
    ("LoadBalancing", "LoadBalancerUsage"): ("balancer", "clb"),
    ("LoadBalancing", "DataProcessing-Bytes"): ("balancer", "clb-data"),
}
IOPS_TIERS: Final[Mapping[str, tuple[int, int | None]]] = {
    "EBS:VolumeP-IOPS.io2": (0, 32_000),
    "EBS:VolumeP-IOPS.io2.tier2": (32_000, 64_000),
    "EBS:VolumeP-IOPS.io2.tier3": (64_000, None),
}
"""io2 has a SKU for each tier: their bounds stand in the name only. Source: https://aws.amazon.com/ebs/pricing/."""


def region(attributes: Attributes) -> str:
    """The region's code; "" where the place is not known; `global` where there is none."""
    code = attributes.get("regionCode") or attributes.get("fromRegionCode", "")
    place = attributes.get("location") or attributes.get("fromLocation", "")
    if code:
        return code
    return LOCATIONS.get(place, "") if place and place != "Any" else "global"


def usage(attributes: Attributes) -> str:
    """The usage type without the region before it."""
    return _PREFIX.sub("", attributes.get("usagetype", ""))


def classify(family: str, attributes: Attributes) -> Item | None:
    """Kind and item of what our estimates ask for; None for everything else."""
    if attributes.get("locationType", "AWS Region") not in ("AWS Region", ""):
        return None
    return next((item for find in _FINDERS if (item := find(family, attributes))), None)


def generic(service: str, sku: str, family: str, attributes: Attributes) -> Item:
    """Under the service's own code, by usage type and SKU: findable, and never taken for something else."""
    words = (attributes.get("usagetype", family), attributes.get("operation", ""), sku)
    return service or attributes.get("servicecode", "aws"), " ".join(word for word in words if word)


def machine(attributes: Attributes) -> MachineRow | None:
    """What a machine type holds; None where the list does not say."""
    size = _SIZE.fullmatch(attributes.get("memory", ""))
    cpus = attributes.get("vcpu", "")
    if not size or not cpus.isdigit():
        return None
    graviton = "Graviton" in attributes.get("physicalProcessor", "")
    gpus = attributes.get("gpu", "")
    return MachineRow(
        machine=attributes["instanceType"],
        millicpu=int(cpus) * 1000,
        memory_mib=int(Decimal(size[1].replace(",", "")) * 1024),
        arch="arm64" if graviton or "arm" in attributes.get("processorArchitecture", "").lower() else "amd64",
        gpu=int(gpus) if gpus.isdigit() else 0,
    )


def _machine(family: str, attributes: Attributes) -> Item | None:
    """Linux (or Windows with its licence) on shared hardware, nothing installed, in use and not a reservation's."""
    if not family.startswith("Compute Instance") or attributes.get("marketoption", "") not in ("OnDemand", ""):
        return None
    plain = (attributes.get("tenancy"), attributes.get("preInstalledSw"), attributes.get("capacitystatus"))
    if plain != ("Shared", "NA", "Used"):
        return None
    name, system = attributes.get("instanceType", ""), attributes.get("operatingSystem")
    if system == "Windows" and attributes.get("licenseModel") == "No License required":
        return "machine-windows", name
    if system != "Linux":
        return None
    return ("metal" if ".metal" in name else "machine"), name


def _disk(family: str, attributes: Attributes) -> Item | None:
    volume, used = attributes.get("volumeApiName", ""), usage(attributes)
    if not volume:
        return None
    if family == "Storage" and used.startswith("EBS:VolumeUsage"):
        return "disk", volume
    if used.startswith("EBS:VolumeP-IOPS"):
        return "disk-iops", volume
    return ("disk-throughput", volume) if used.startswith("EBS:VolumeP-Throughput") else None


def _used(_: str, attributes: Attributes) -> Item | None:
    return _USAGES.get(usage(attributes))


def _balancer(family: str, attributes: Attributes) -> Item | None:
    return _BALANCERS.get((attributes.get("operation", ""), usage(attributes))) if "Load Balancer" in family else None


def _egress(_: str, attributes: Attributes) -> Item | None:
    outbound = attributes.get("transferType") == "AWS Outbound" and attributes.get("toLocation") == "External"
    return ("egress", "internet") if outbound and usage(attributes) == "DataTransfer-Out-Bytes" else None


def _postgresql(family: str, attributes: Attributes) -> Item | None:
    """Amazon RDS for PostgreSQL in one zone; `db.t4g.medium multi-az` in two."""
    if family != "Database Instance" or attributes.get("databaseEngine") != "PostgreSQL":
        return None
    zones = {"Single-AZ": "", "Multi-AZ": " multi-az"}.get(attributes.get("deploymentOption", ""))
    return None if zones is None else ("postgresql", attributes.get("instanceType", "") + zones)


_FINDERS: Final[tuple[Callable[[str, Attributes], Item | None], ...]] = (_machine, _disk, _used, _balancer, _egress, _postgresql)
