"""What this cloud's components choose where the plan is silent, with the reason or the source of each."""

from typing import Final

from provisioner.errors import Place, Problems
from provisioner.plan.model import VolumeKind

IMAGE_PROJECT: Final = "debian-cloud"
IMAGE_FAMILIES: Final = {"amd64": "debian-13", "arm64": "debian-13-arm64"}

SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"
"""The one access scope: what a host may do is said by the roles of its service account, and it starts with none."""

EVERYWHERE: Final = "0.0.0.0/0"

PASSTHROUGH_PROBES: Final = ("35.191.0.0/16", "209.85.152.0/22", "209.85.204.0/22")
"""Where the health checks of external passthrough balancers come from (cloud.google.com/load-balancing/docs/firewall-rules)."""

PROXY_PROBES: Final = ("35.191.0.0/16", "130.211.0.0/22")
"""Where the health checks of Envoy-based balancers come from (the same page)."""

PROXY_PREFIXES: Final = (23, 24, 25, 26)
"""Sizes of a proxy-only subnet, the recommended one first; /26 is the smallest allowed."""

PROXY_CONNECTIONS: Final = 1000
"""Per host, for a proxying balancer: how it weighs hosts, never a hard limit. The mode asks for a number."""

SOFT_DELETE_SECONDS: Final = 7 * 24 * 3600
"""How long a bucket keeps deleted objects: the service's own default, written out because it is billed."""

HYPERDISK_ONLY: Final = frozenset({"a4", "a4x", "c4", "c4a", "c4d", "c4n", "g4", "h4d", "m4", "n4", "n4a", "n4d", "x4", "z4d"})
"""Machine series that take no Persistent Disk (cloud.google.com/compute/docs/disks/hyperdisks)."""


def disk_type(kind: VolumeKind, machine: str, place: Place, problems: Problems) -> str:
    """The disk type for a kind on a machine: balanced SSD, or standard HDD, which the newest series do not take."""
    series = machine.split("-", maxsplit=1)[0]
    if series not in HYPERDISK_ONLY:
        return "pd-balanced" if kind == "SSD" else "pd-standard"
    if kind == "HDD":
        message = f"kind: machine type {machine} takes no HDD disks on Google Cloud"
        problems.error("disk-kind", place, message, hint="use kind: SSD, or a machine of series e2, n2, n2d or t2d")
    return "hyperdisk-balanced"
