"""Verifies any placement against its plan and offers. Written apart from the solver: it shares none of its code or figures."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from provisioner.placement.model import PlacedHost, Placement
from provisioner.plan.model import HostGroup, Plan, Workload
from provisioner.prices.offers import Offer


def violations(plan: Plan, offers: Sequence[Offer], placement: Placement, last: Mapping[str, str]) -> list[str]:
    """Everything that is wrong, in words; empty for a right placement."""
    return [
        *_assignments(plan, placement),
        *_groups(plan, placement),
        *_own(plan, placement),
        *(words for host in placement.hosts for words in _machine(plan, offers, host)),
        *(words for host in placement.hosts for words in _room(plan, host)),
        *(words for workload in plan.workloads for words in _wishes(plan, placement, workload)),
        *(words for host in placement.hosts for words in _company(plan, host)),
        *_spread(plan, placement),
        *_together(plan, placement),
        *_on_demand(plan, placement),
        *_survival(plan, placement),
        *_moves(plan, placement, last),
        *_reasons(placement),
        *_bound(placement),
    ]


def _assignments(plan: Plan, placement: Placement) -> Iterator[str]:
    if set(placement.assignments) != {workload.name for workload in plan.workloads}:
        yield "the assignments are not those of the plan's workloads"
    held = [(name, host.name) for host in placement.hosts for name in host.workloads]
    if sorted(held) != sorted(placement.assignments.items()):
        yield "hosts and assignments disagree"
    if len({host.name for host in placement.hosts}) != len(placement.hosts):
        yield "a host is there twice"


def _groups(plan: Plan, placement: Placement) -> Iterator[str]:
    disks = {volume.host for volume in plan.volumes}
    for group in plan.groups:
        numbers = {int(host.name.rsplit("-", 1)[1]) for host in placement.hosts if host.group == group.name}
        if not set(range(1, group.minimum + 1)) <= numbers or max(numbers, default=0) > group.maximum:
            yield f"group {group.name} has hosts {sorted(numbers)}"
    for host in placement.hosts:
        number = int(host.name.rsplit("-", 1)[1])
        if host.zone != plan.target.zones[(number - 1) % len(plan.target.zones)]:
            yield f"{host.name} is in {host.zone}"
        spare = plan.survive is not None or (_group(plan, host).on_demand_percent and not host.spot)
        if not host.workloads and host.name not in disks and number > _group(plan, host).minimum and not spare:
            yield f"{host.name} is paid for nothing"


def _own(plan: Plan, placement: Placement) -> Iterator[str]:
    """Of a machine that is there already there is one, where it is, with the disks that it has."""
    there = [host for host in placement.hosts if host.offer.own]
    if len({host.offer.machine for host in there}) != len(there):
        yield "a machine is there twice"
    for host in there:
        own, group = host.offer.own, _group(plan, host)
        if own and own.zone != host.zone:
            yield f"{host.name} in {host.zone} is on a machine in {own.zone}"
        if own and own.tags and not {group.name, *group.tags} & set(own.tags):
            yield f"{host.name} is on a machine for {own.tags}"
        if own and not {volume.name for volume in plan.volumes if volume.host == host.name} <= {name for name, _ in own.disks}:
            yield f"{host.name} is on a machine without its disks"


def _machine(plan: Plan, offers: Sequence[Offer], host: PlacedHost) -> Iterator[str]:
    group, offer = _group(plan, host), host.offer
    if offer not in offers or (offer.cloud, offer.region) != (plan.target.cloud, plan.target.region):
        yield f"{host.name} has a machine that is not offered here"
    if group.machine not in ("", offer.machine) or group.needs.arch not in ("", offer.arch):
        yield f"{host.name} has machine {offer.machine}"
    if offer.millicpu < group.needs.millicpu or offer.memory_mib < group.needs.memory_mib or offer.gpu < group.needs.gpu:
        yield f"{host.name} has less than its group needs"
    if (
        (host.spot and not group.spot)
        or (group.spot and not host.spot and not group.on_demand_percent)
        or host.tags != group.tags
    ):
        yield f"{host.name} has not its group's tags or spot"


def _room(plan: Plan, host: PlacedHost) -> Iterator[str]:
    here = _workloads(plan, host)
    usable_cpu, usable_memory = _usable(plan, host)
    cpu, memory = sum(one.needs.millicpu for one in here), sum(one.needs.memory_mib for one in here)
    if cpu > usable_cpu and not any(one.affinity.ignore_pressure for one in here):
        yield f"{host.name} gives {cpu} of {usable_cpu} millicpu"
    if memory > usable_memory:
        yield f"{host.name} gives {memory} of {usable_memory} MiB"
    if sum(one.needs.gpu for one in here) > host.offer.gpu:
        yield f"{host.name} gives too many GPUs"
    if here and (host.free_millicpu, host.free_memory_mib) != (usable_cpu - cpu, usable_memory - memory):
        yield f"{host.name} tells a wrong rest"


def _wishes(plan: Plan, placement: Placement, workload: Workload) -> Iterator[str]:
    host = next((host for host in placement.hosts if host.name == placement.assignments.get(workload.name)), None)
    if host is None:
        yield f"{workload.name} is nowhere"
        return
    for volume in plan.volumes:
        if volume.name in workload.volumes and volume.host != host.name:
            yield f"{workload.name} is away from volume {volume.name}"
    if workload.affinity.name:
        if host.name != workload.affinity.name:
            yield f"{workload.name} is not on {workload.affinity.name}"
    elif workload.affinity.tag and workload.affinity.tag not in host.tags:
        yield f"{workload.name} is on a host without its tag"
    if host.spot and not workload.affinity.spot:
        yield f"{workload.name} is on a spot host"
    if workload.needs.arch not in ("", host.offer.arch):
        yield f"{workload.name} is on {host.offer.arch}"


def _company(plan: Plan, host: PlacedHost) -> Iterator[str]:
    here = _workloads(plan, host)
    if any(one.affinity.resident and other.name not in (one.name, *one.affinity.together) for one in here for other in here):
        yield f"{host.name} holds a resident with others"
    ports = [(port.host, port.protocol) for one in here for c in one.containers for port in c.ports if port.host]
    if any(one == other for one, other in combinations(ports, 2)):
        yield f"{host.name} has a port twice"


def _spread(plan: Plan, placement: Placement) -> Iterator[str]:
    zones = {host.name: host.zone for host in placement.hosts}
    for runnable in {workload.runnable for workload in plan.workloads}:
        replicas = [workload for workload in plan.workloads if workload.runnable == runnable]
        on_hosts = Counter(placement.assignments[replica.name] for replica in replicas)
        in_zones = Counter(zones.get(placement.assignments[replica.name], "") for replica in replicas)
        if sorted(replica.replica for replica in replicas) != list(range(1, replicas[0].replicas + 1)):
            yield f"{runnable} has not its replicas"
        yield from (f"{host} has {count} of {runnable}" for host, count in on_hosts.items() if count > replicas[0].max_per_host)
        yield from (
            f"zone {zone} has {count} of {runnable}" for zone, count in in_zones.items() if count > replicas[0].max_per_zone
        )


def _together(plan: Plan, placement: Placement) -> Iterator[str]:
    for workload in plan.workloads:
        for other in workload.affinity.together:
            if placement.assignments[workload.name] != placement.assignments[other]:
                yield f"{workload.name} is away from {other}"


def _on_demand(plan: Plan, placement: Placement) -> Iterator[str]:
    for group in plan.groups:
        spot = [host.spot for host in placement.hosts if host.group == group.name]
        if group.spot and spot and spot.count(False) / len(spot) < group.on_demand_percent / 100:
            yield f"group {group.name} has {spot.count(False)} of {len(spot)} hosts on demand"


def _survival(plan: Plan, placement: Placement) -> Iterator[str]:
    """Follows the proof: everything that was on the lost host is told a place, and the places together have the room."""
    if plan.survive is None:
        return
    if placement.survival is None or placement.survival.level != plan.survive:
        yield "it does not prove what it survives"
        return
    for loss in placement.survival.losses:
        gone = {host.name for host in placement.hosts if loss.name == (host.name if plan.survive == "host" else host.zone)}
        lost = {name for name, host in placement.assignments.items() if host in gone}
        told = {*loss.moves, *loss.spared}
        if not gone or lost != told or set(loss.moves.values()) & gone:
            yield f"losing {loss.name} is told wrongly"
        spared = {one.name for one in plan.workloads if not one.must_run or one.replicas > 1}
        yield from (f"{name} must run after losing {loss.name}" for name in loss.spared if name not in spared)
        for host in placement.hosts:
            if host.name not in gone:
                arrived = tuple(name for name, target in loss.moves.items() if target == host.name)
                yield from (f"after losing {loss.name}: {words}" for words in _crowded(plan, host, arrived))
    if {loss.name for loss in placement.survival.losses} != {
        host.name if plan.survive == "host" else host.zone for host in placement.hosts
    }:
        yield "it does not lose every one"


def _crowded(plan: Plan, host: PlacedHost, arrived: tuple[str, ...]) -> Iterator[str]:
    cpu, memory = (
        have - want for have, want in zip(_usable(plan, host), _wanted(plan, (*host.workloads, *arrived)), strict=True)
    )
    pressed = any(one.affinity.ignore_pressure for one in plan.workloads if one.name in (*host.workloads, *arrived))
    if (cpu < 0 and not pressed) or memory < 0:
        yield f"{host.name} lacks room"


def _usable(plan: Plan, host: PlacedHost) -> tuple[int, int]:
    """A tenth of a CPU, 5 % of memory and 256 MiB are the host's own; then the group's headroom."""
    share = 100 - _group(plan, host).headroom_percent
    return (host.offer.millicpu - 100) * share // 100, (int(host.offer.memory_mib * 0.95) - 256) * share // 100


def _wanted(plan: Plan, names: tuple[str, ...]) -> tuple[int, int]:
    here = [one.needs for one in plan.workloads if one.name in names]
    return sum(needs.millicpu for needs in here), sum(needs.memory_mib for needs in here)


def _moves(plan: Plan, placement: Placement, last: Mapping[str, str]) -> Iterator[str]:
    moved = {name for name, host in placement.assignments.items() if name in last and last[name] != host}
    if moved != set(placement.moved) or len(placement.moved) != len(moved):
        yield f"it says that {placement.moved} moved, and {sorted(moved)} did"


def _reasons(placement: Placement) -> Iterator[str]:
    hosts = [host.name for host in placement.hosts]
    for name, chosen in placement.assignments.items():
        reasons = placement.reasons.get(name, ())
        if [reason.host for reason in reasons] != hosts or not all(reason.words for reason in reasons):
            yield f"{name} is not explained for every host"
        if [reason.host for reason in reasons if reason.words.startswith(("chosen", "kept"))] != [chosen]:
            yield f"{name} is explained for another host than its own"


def _bound(placement: Placement) -> Iterator[str]:
    if placement.bound.nano > sum(host.hourly.nano for host in placement.hosts):
        yield "it costs less than what is proven least"


def _group(plan: Plan, host: PlacedHost) -> HostGroup:
    return next(group for group in plan.groups if group.name == host.group)


def _workloads(plan: Plan, host: PlacedHost) -> list[Workload]:
    return [workload for workload in plan.workloads if workload.name in host.workloads]
