"""Where a workload may be, as far as the plan alone says: by the name and tag of its affinity, and by its volumes."""

from collections.abc import Iterator, Sequence

from provisioner.plan import hosts
from provisioner.plan.model import HostGroup, Volume, Workload
from provisioner.resolve.model import Affinity


def hosts_by_affinity(affinity: Affinity, groups: Sequence[HostGroup]) -> Iterator[tuple[str, int]]:
    """Group and number of each host that an affinity allows. A name wins over a tag; without either, all hosts."""
    for group in groups:
        if not _allows(affinity, group):
            continue
        for number, host in enumerate(hosts.host_names(group), start=1):
            if affinity.name in ("", host):
                yield group.name, number


def pinned_hosts(workload: Workload, volumes: Sequence[Volume]) -> tuple[str, ...]:
    """The hosts that hold the workload's volumes, else the one its affinity names. None: it may move."""
    held = tuple(dict.fromkeys(volume.host for volume in volumes if volume.name in workload.volumes))
    return held or ((workload.affinity.name,) if workload.affinity.name else ())


def groups_for(workload: Workload, groups: Sequence[HostGroup], volumes: Sequence[Volume]) -> tuple[HostGroup, ...]:
    """The groups whose hosts may run the workload."""
    pinned = pinned_hosts(workload, volumes)
    return tuple(
        group
        for group in groups
        if _allows(workload.affinity, group) and (not pinned or any(hosts.has_host(group, host) for host in pinned))
    )


def _allows(affinity: Affinity, group: HostGroup) -> bool:
    """Whether an affinity allows any host of the group."""
    if affinity.name:
        return hosts.has_host(group, affinity.name)
    return group.maximum > 0 and affinity.tag in ("", *group.tags)
