"""What this cloud's components choose where the plan is silent, with the reason or the source of each."""

from collections.abc import Mapping
from typing import Final

from provisioner.plan.model import VolumeKind

IMAGE_PROJECT: Final = "debian-cloud"
IMAGE_FAMILIES: Final = {"amd64": "debian-13", "arm64": "debian-13-arm64"}

SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"
"""The one access scope: what a host may do is said by the roles of its service account, and it starts with none."""

EVERYWHERE: Final = "0.0.0.0/0"

PASSTHROUGH_PROBES: Final = ("35.191.0.0/16", "209.85.152.0/22", "209.85.204.0/22")
"""Where the health checks of external passthrough balancers come from (cloud.google.com/load-balancing/docs/firewall-rules)."""

PROXY_PROBES: Final = ("35.191.0.0/16", "130.211.0.0/22")
"""Where the health checks of proxying balancers come from, and the requests of global ones (the same page)."""

HTTP_PORT: Final = 80
HTTPS_PORT: Final = 443
"""Where an https balancer listens: Google's redirects change the scheme and no port."""

PROXY_CONNECTIONS: Final = 1000
"""Per host, for a proxying balancer: how it weighs hosts, never a hard limit. The mode asks for a number."""

PROXY_REQUESTS: Final = 1000
"""A second and host, for a balancer that reads HTTP: as above, no hard limit."""

SOFT_DELETE_SECONDS: Final = 7 * 24 * 3600
"""How long a bucket keeps deleted objects: the service's own default, written out because it is billed."""

DISK_TYPES: Final[Mapping[VolumeKind, str]] = {"SSD": "pd-balanced", "HDD": "pd-standard"}
"""Of root disks and volumes alike. `machines.csv` lists only series that take Persistent Disk."""

FLOW_LOG_DAYS: Final = 30
"""How long the project's log bucket `_Default` keeps them (cloud.google.com/logging/quotas, "Logs retention periods")."""

SNAPSHOT_START: Final = "03:00"
"""When the day's snapshot starts, within an hour, in UTC. Google takes full hours only."""
