"""This machine as a cloud: hosts are booted here, on a bridge of their own; they cost nothing that anybody bills."""

from pathlib import Path
from typing import Final

from provisioner.clouds.contract import Cloud, Region, by_name
from provisioner.clouds.local import limits
from provisioner.clouds.local.charges import charges
from provisioner.clouds.local.offers import offers
from provisioner.clouds.local.tools import reason

CLOUD: Final = Cloud(
    name="local",
    label="this machine",
    package="provisioner",
    region_config=(),
    regions=by_name(Region(name="this-machine", label="this machine", continent="", zones=("this-machine",))),
    default_region="this-machine",
    capabilities=frozenset({"egress-nat", "egress-none", "volume-ssd"}),
    user_data_limit=1 << 20,
    charges=charges,
    limits=limits.check,
    data=Path(__file__).parent,
    offers=offers,
    ready=reason,
    transport="local",
    meets_others=False,
    instead={
        "egress-direct": "write egress: nat: hosts reach the world as this machine does",
        "volume-hdd": "write kind: SSD: a volume is a file on this machine's disk, whatever that is",
        "volume-backup": "leave backup out: the volume is one file on this machine, which its own backup covers",
        "balancer-tcp": "publish a port of the container: this machine reaches its hosts at their addresses",
        "balancer-udp": "publish a port of the container: this machine reaches its hosts at their addresses",
        "balancer-http": "publish a port of the container: this machine reaches its hosts at their addresses",
        "balancer-https": "publish a port of the container: this machine reaches its hosts at their addresses",
    },
)
