"""What stands where a blueprint says nothing, or where there is none at all.

Every choice is written here; those that decide what is paid for are reported as notes too.

A group or a runnable without a blueprint is planned as if an empty blueprint ran it. The choices, and why:

* network 10.0.0.0/16, one zone;
* egress `direct`: hosts get public addresses with nothing open but what is published. NAT is paid by the hour and by the
  gigabyte on every cloud, so it is used only where asked for;
* machines amd64, since nearly every image is made for it, with 30 GiB of SSD as their own disk;
* flow logs, where they are asked for, kept for a month;
* balancers of type tcp;
* snapshots, where a backup is stated, daily and kept for a week;
* a stated host group without a count is one host;
* without any, one group `host` of 1 to as many hosts as there are workloads, replicas counted, without stated needs: sizing
  then chooses the machine and the count that hold everything for the least money.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from provisioner.errors import Place, Problems
from provisioner.plan.model import BalancerType, Egress, HostGroup, VolumeKind
from provisioner.resolve.model import Needs, Runnable

CIDR: Final = "10.0.0.0/16"
EGRESS: Final[Egress] = "direct"
ARCHITECTURE: Final = "amd64"
DISK_GIB: Final = 30
ROTATION_DAYS: Final = 7
FLOW_LOG_DAYS: Final = 30
DISK_KIND: Final[VolumeKind] = "SSD"
BALANCER: Final[BalancerType] = "tcp"
GROUP: Final = "host"


def group(runnables: Sequence[Runnable], needs: Mapping[str, Needs], place: Place, problems: Problems) -> HostGroup:
    """The group for workloads whose blueprint states no hosts; `needs` by runnable name."""
    architectures = sorted({need.arch for need in needs.values()} - {""})
    if len(architectures) > 1:
        message = f"the workloads need hosts of {' and '.join(architectures)}, and no host groups are stated"
        problems.error("conflict", place, message, hint="write a blueprint with a host group for each architecture")
    tags = sorted({runnable.affinity.tag for runnable in runnables} - {""})
    most = sum(runnable.replicas for runnable in runnables)
    message = f"no hosts are stated: planned one group of 1 to {most} hosts, as few and as cheap as hold all workloads"
    problems.note("default-hosts", place, message)
    return HostGroup(
        name=GROUP,
        minimum=1,
        maximum=most,
        needs=Needs(millicpu=0, memory_mib=0, arch=next(iter(architectures), ARCHITECTURE)),
        disk_gib=DISK_GIB,
        tags=tuple(tags),
        place=place,
    )
