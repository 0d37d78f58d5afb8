"""Microsoft Azure: its regions with availability zones, what is supported there today, and its limits."""

from pathlib import Path
from typing import Final

from provisioner.clouds.azure import limits
from provisioner.clouds.azure.charges import charges
from provisioner.clouds.contract import Cloud, Region, by_name


def _region(name: str, continent: str, label: str) -> Region:
    return Region(name=name, label=label, continent=continent, zones=("1", "2", "3"))


CLOUD: Final = Cloud(
    name="azure",
    label="Azure",
    package="azure-native",
    region_config=("azure-native:location",),
    regions=by_name(
        _region("eastus", "North America", "Virginia"),
        _region("eastus2", "North America", "Virginia, second region"),
        _region("westus2", "North America", "Washington"),
        _region("westus3", "North America", "Arizona"),
        _region("canadacentral", "North America", "Toronto"),
        _region("northeurope", "Europe", "Ireland"),
        _region("westeurope", "Europe", "Netherlands"),
        _region("uksouth", "Europe", "London"),
        _region("germanywestcentral", "Europe", "Frankfurt"),
        _region("swedencentral", "Europe", "Gävle"),
        _region("southeastasia", "Asia", "Singapore"),
        _region("japaneast", "Asia", "Tokyo"),
        _region("australiaeast", "Oceania", "Sydney"),
    ),
    default_region="eastus",
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
            "record",
            "zone",
        }
    ),
    user_data_limit=65_535,
    charges=charges,
    attaches_with_hosts=True,
    rules_first=True,
    limits=limits.check,
    data=Path(__file__).parent,
    instead={
        "balancer-https": "Azure has no managed certificates for balancers: type: tcp, with TLS on the host, or http",
    },
)
