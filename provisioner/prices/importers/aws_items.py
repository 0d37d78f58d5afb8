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
    *("machine", "metal", "disk", "snapshot", "address", "nat", "balancer", "bucket", "kubernetes", "database", "cache"),
)
"""Kinds that cost something everywhere."""

UNITS: Final[Mapping[str, Unit]] = {
    **dict.fromkeys(("Hrs", "Hours", "hours", "Hour"), Unit(name="hour")),
    **dict.fromkeys(("GB-Mo", "GB-month", "GB-Month", "GB-mo"), Unit(name="GiB-month")),
    **dict.fromkeys(("LCU-Hrs", "LCU-hours"), Unit(name="LCU-hour")),
    **dict.fromkeys(("Requests", "Request", "API Requests"), Unit(name="request")),
    "IOPS-Mo": Unit(name="IOPS-month"),
    "MiBps-mo": Unit(name="MiBps-month"),
    "GiBps-mo": Unit(name="MiBps-month", factor=Decimal(1) / 1024),
    "Lambda-GB-Second": Unit(name="GB-second"),
}
"""Theirs to ours. A unit that is not here keeps its name."""

_ENGINES: Final = {
    "PostgreSQL": "postgres",
    "MySQL": "mysql",
    "MariaDB": "mariadb",
    "Aurora PostgreSQL": "aurora-postgresql",
    "Aurora MySQL": "aurora-mysql",
}
_CACHES: Final = {"Redis": "redis", "Memcached": "memcached", "Valkey": "valkey"}

_SIZE: Final = re.compile(r"([\d,.]+) GiB")
_PREFIX: Final = re.compile(r"^[A-Z]{2,4}\d{0,2}-")
"""`EUW1-` before a usage type; us-east-1 has none, or `USE1-`."""

_USAGES: Final[Mapping[tuple[str, str], Item]] = {
    ("AmazonEC2", "EBS:SnapshotUsage"): ("snapshot", "ebs"),
    ("AmazonEC2", "EBS:SnapshotArchiveStorage"): ("snapshot", "ebs-archive"),
    ("AmazonEC2", "NatGateway-Hours"): ("nat", "gateway"),
    ("AmazonEC2", "NatGateway-Bytes"): ("nat", "data"),
    ("AmazonVPC", "PublicIPv4:InUseAddress"): ("address", "public-ipv4"),
    ("AmazonVPC", "PublicIPv4:IdleAddress"): ("address", "public-ipv4-idle"),
    ("AmazonS3", "TimedStorage-ByteHrs"): ("bucket", "s3-standard"),
    ("AmazonS3", "TimedStorage-SIA-ByteHrs"): ("bucket", "s3-standard-ia"),
    ("AmazonS3", "TimedStorage-ZIA-ByteHrs"): ("bucket", "s3-onezone-ia"),
    ("AmazonS3", "TimedStorage-GIR-ByteHrs"): ("bucket", "s3-glacier-ir"),
    ("AmazonS3", "Requests-Tier1"): ("bucket", "s3-standard-write"),
    ("AmazonS3", "Requests-Tier2"): ("bucket", "s3-standard-read"),
    ("AmazonEKS", "AmazonEKS-Hours:perCluster"): ("kubernetes", "eks"),
    ("AWSLambda", "Request"): ("function", "lambda-requests"),
    ("AWSLambda", "Lambda-GB-Second"): ("function", "lambda-gb-seconds"),
    ("AWSLambda", "Lambda-GB-Second-ARM"): ("function", "lambda-gb-seconds-arm64"),
}
"""By service, and usage type without its region."""

_BALANCERS: Final[Mapping[tuple[str, str], Item]] = {
    ("LoadBalancing:Network", "LoadBalancerUsage"): ("balancer", "nlb"),
    ("LoadBalancing:Network", "LCUUsage"): ("balancer", "nlb-lcu"),
    ("LoadBalancing:Application", "LoadBalancerUsage"): ("balancer", "alb"),
    ("LoadBalancing:Application", "LCUUsage"): ("balancer", "alb-lcu"),
    ("LoadBalancing:Gateway", "LoadBalancerUsage"): ("balancer", "gwlb"),
    ("LoadBalancing:Gateway", "LCUUsage"): ("balancer", "gwlb-lcu"),
    ("LoadBalancing", "LoadBalancerUsage"): ("balancer", "elb"),
    ("LoadBalancing", "DataProcessing-Bytes"): ("balancer", "elb-data"),
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


def classify(service: str, family: str, attributes: Attributes) -> Item | None:
    """Kind and item of what our estimates ask for; None for everything else."""
    if attributes.get("locationType", "AWS Region") not in ("AWS Region", ""):
        return None
    if found := _USAGES.get((attributes.get("servicecode") or service, usage(attributes))):
        return found
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
    """Linux, or Windows with its licence, nothing installed, in use and not a reservation's. Shared, or said so."""
    if not family.startswith("Compute Instance") or attributes.get("marketoption", "") not in ("OnDemand", ""):
        return None
    if (attributes.get("preInstalledSw"), attributes.get("capacitystatus")) != ("NA", "Used"):
        return None
    tenancy = {"Shared": "", "Dedicated": " dedicated"}.get(attributes.get("tenancy", ""))
    system = {"Linux": "", "Windows": " Windows"}.get(attributes.get("operatingSystem", ""))
    own_licence = bool(system) and attributes.get("licenseModel") != "No License required"
    if tenancy is None or system is None or own_licence:
        return None
    name = attributes.get("instanceType", "")
    return ("metal" if ".metal" in name else "machine"), f"{name}{system}{tenancy}"


def _disk(family: str, attributes: Attributes) -> Item | None:
    volume, used = attributes.get("volumeApiName", ""), usage(attributes)
    if not volume:
        return None
    if family == "Storage" and used.startswith("EBS:VolumeUsage"):
        return "disk", volume
    if used.startswith("EBS:VolumeP-IOPS"):
        return "disk", f"{volume}-iops"
    return ("disk", f"{volume}-throughput") if used.startswith("EBS:VolumeP-Throughput") else None


def _balancer(family: str, attributes: Attributes) -> Item | None:
    return _BALANCERS.get((attributes.get("operation", ""), usage(attributes))) if "Load Balancer" in family else None


def _egress(_: str, attributes: Attributes) -> Item | None:
    outbound = attributes.get("transferType") == "AWS Outbound" and attributes.get("toLocation") == "External"
    return ("egress", "internet") if outbound and usage(attributes) == "DataTransfer-Out-Bytes" else None


def _database(family: str, attributes: Attributes) -> Item | None:
    """Amazon RDS with an engine that needs no licence, in one zone; `postgres db.t4g.medium-multi-az` in two."""
    engine = _ENGINES.get(attributes.get("databaseEngine", ""))
    zones = {"Single-AZ": "", "Multi-AZ": "-multi-az"}.get(attributes.get("deploymentOption", ""))
    if family != "Database Instance" or engine is None or zones is None:
        return None
    return "database", f"{engine} {attributes.get('instanceType', '')}{zones}"


def _cache(family: str, attributes: Attributes) -> Item | None:
    engine = _CACHES.get(attributes.get("cacheEngine", ""))
    return ("cache", f"{engine} {attributes.get('instanceType', '')}") if family == "Cache Instance" and engine else None


_FINDERS: Final[tuple[Callable[[str, Attributes], Item | None], ...]] = (
    _machine,
    _disk,
    _balancer,
    _egress,
    _database,
    _cache,
)
