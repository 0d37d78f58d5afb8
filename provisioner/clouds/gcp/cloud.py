"""Google Cloud: its regions, what is supported there today, and its limits.

`machines.csv` holds the families that take Persistent Disk; the newest ones (N4, C4, C4A) take Hyperdisk only.
"""

from pathlib import Path
from typing import Final

from provisioner.clouds.contract import Cloud, Region, by_name
from provisioner.clouds.gcp import limits
from provisioner.clouds.gcp.charges import charges


def _region(name: str, zones: str, continent: str, label: str) -> Region:
    return Region(name=name, label=label, continent=continent, zones=tuple(f"{name}-{letter}" for letter in zones))


CLOUD: Final = Cloud(
    name="gcp",
    label="Google Cloud",
    package="gcp",
    region_config=("gcp:region",),
    regions=by_name(
        _region("us-central1", "abcf", "North America", "Iowa"),
        _region("us-east1", "bcd", "North America", "South Carolina"),
        _region("us-west1", "abc", "North America", "Oregon"),
        _region("northamerica-northeast1", "abc", "North America", "Montreal"),
        _region("europe-west1", "bcd", "Europe", "Belgium"),
        _region("europe-west2", "abc", "Europe", "London"),
        _region("europe-west3", "abc", "Europe", "Frankfurt"),
        _region("europe-west4", "abc", "Europe", "Netherlands"),
        _region("europe-north1", "abc", "Europe", "Finland"),
        _region("asia-southeast1", "abc", "Asia", "Singapore"),
        _region("asia-northeast1", "abc", "Asia", "Tokyo"),
        _region("australia-southeast1", "abc", "Oceania", "Sydney"),
    ),
    default_region="europe-west1",
    capabilities=frozenset(
        {
            "egress-nat",
            "egress-direct",
            "egress-none",
            "flow-logs",
            "spot",
            "gpu",
            "volume-ssd",
            "volume-hdd",
            "volume-backup",
            "bucket",
            "bucket-access",
            "secret-store",
            "address",
            "balancer-tcp",
            "balancer-udp",
            "balancer-http",
            "balancer-https",
            "record",
            "zone",
        }
    ),
    user_data_limit=262_144,
    charges=charges,
    retypes_volumes=False,
    limits=limits.check,
    data=Path(__file__).parent,
)
