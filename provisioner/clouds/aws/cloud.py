"""Amazon Web Services: its regions, what is supported there today, and its limits.

Regions and zones as `aws ec2 describe-availability-zones` names them; zones open to every account only.
"""

from pathlib import Path
from typing import Final

from provisioner.clouds.aws import limits
from provisioner.clouds.aws.charges import charges
from provisioner.clouds.contract import Cloud, Region, by_name


def _region(name: str, zones: str, continent: str, label: str) -> Region:
    return Region(name=name, label=label, continent=continent, zones=tuple(name + letter for letter in zones))


CLOUD: Final = Cloud(
    name="aws",
    label="AWS",
    package="aws",
    region_config=("aws:region",),
    regions=by_name(
        _region("us-east-1", "abcdef", "North America", "Northern Virginia"),
        _region("us-east-2", "abc", "North America", "Ohio"),
        _region("us-west-2", "abcd", "North America", "Oregon"),
        _region("ca-central-1", "abd", "North America", "Canada, Montreal"),
        _region("eu-west-1", "abc", "Europe", "Ireland"),
        _region("eu-west-2", "abc", "Europe", "London"),
        _region("eu-central-1", "abc", "Europe", "Frankfurt"),
        _region("eu-north-1", "abc", "Europe", "Stockholm"),
        _region("ap-southeast-1", "abc", "Asia", "Singapore"),
        _region("ap-northeast-1", "acd", "Asia", "Tokyo"),
        _region("ap-southeast-2", "abc", "Oceania", "Sydney"),
    ),
    default_region="eu-west-1",
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
    user_data_limit=16_384,
    charges=charges,
    grows_roots=True,
    limits=limits.check,
    data=Path(__file__).parent,
)
