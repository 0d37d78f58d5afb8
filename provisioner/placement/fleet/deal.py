"""Containers dealt out to the hosts that their classes were counted for: replicas apart, over hosts and over zones."""

from collections import deque
from typing import Final

import numpy as np

from provisioner.placement.fleet.model import Bools, Filled, Floats, Ints
from provisioner.placement.fleet.state import NOWHERE, Containers

STEPS: Final = 600
"""Of moving hosts between zones, at most."""
TABU: Final = 7
LEAST: Final = 1e-9
"""Of what an exchange must gain."""
EXCHANGED: Final = 5_000
"""Containers up to which those without a place change places with others: of more, few are without."""
SWAPPED: Final = 400
"""Hosts up to which zones are exchanged: more hosts are alike without."""


def deal(containers: Containers, classes: Ints, filled: Filled, zones: int) -> tuple[Ints, Ints, Ints]:
    """Machines and zones (H,) of the hosts, and a host (N,) for each container, `NOWHERE` where spreading leaves it none.

    Equal hosts go round the zones. Up to `EXCHANGED` containers, one that has no place changes places with its like.
    """
    order = np.lexsort((*filled.counts.T, filled.machines))
    chosen, counts = filled.machines[order], filled.counts[order]
    zone = _zoned(counts, containers, classes, zones)
    host = np.full(len(containers), NOWHERE)
    slots = _slots(counts, zone, zones)
    for group in _largest_first(containers):
        service = int(containers.service[group[0]])
        limits = int(containers.per_host[service]), int(containers.per_zone[service])
        _deal_service(group, slots[int(classes[group[0]])], host, *limits)
    if len(containers) <= EXCHANGED:
        _Exchange(containers, classes, counts, zone, zones, host).run()
    return chosen, zone, host


def _zoned(counts: Ints, containers: Containers, classes: Ints, zones: int) -> Ints:
    """(H,): a zone for each host, so that zones are alike, and then so that each has places for no more than may be there.

    Classes weigh by size: a large container without a place in its zone costs most.
    """
    size, most = np.zeros(counts.shape[1]), np.zeros(counts.shape[1])
    size[classes] = (containers.sizes / containers.sizes.max(axis=0, initial=1).clip(1)).sum(axis=1)
    services, first = np.unique(containers.service, return_index=True)
    replicas = np.bincount(containers.service)[services]
    np.add.at(most, classes[first], np.minimum(replicas, containers.per_zone[services]))
    zone, loads = np.zeros(len(counts), np.int64), counts * np.sqrt(size)
    held = np.zeros((zones, counts.shape[1]))
    for host in np.argsort(-(loads**2).sum(axis=1), kind="stable").tolist():
        zone[host] = int(np.argmin(held @ loads[host]))
        held[zone[host]] += loads[host]
    if zones > 1 and len(counts) <= SWAPPED:
        return _without_surplus(zone, counts, zones, size, most)
    return zone


def _without_surplus(zone: Ints, counts: Ints, zones: int, size: Floats, most: Floats) -> Ints:
    """Zones of the hosts with least places beyond the `most` (J,) that a zone may have, by `size` (J,): a tabu search.

    Every step moves the host that helps most, or hurts least, to another zone; what moved stays for `TABU` steps.
    """
    zone, hosts = zone.copy(), np.arange(len(counts))
    held = np.zeros((zones, counts.shape[1]), np.int64)
    np.add.at(held, zone, counts)
    until, best, least = np.zeros(len(counts), np.int64), zone.copy(), np.inf
    for step in range(STEPS):
        now = np.maximum(held - most, 0) @ size
        if now.sum() < least - LEAST:
            least, best = float(now.sum()), zone.copy()
        if least <= LEAST:
            break
        left = np.maximum(held[zone] - counts - most, 0) @ size
        gained = np.maximum(held[None] + counts[:, None] - most, 0) @ size
        change = left[:, None] + gained - now[zone][:, None] - now[None]
        change[hosts, zone] = np.inf
        change[(until > step) & (now.sum() + change.min(axis=1) >= least - LEAST)] = np.inf
        host, target = divmod(int(np.argmin(change)), zones)
        held[zone[host]] -= counts[host]
        held[target] += counts[host]
        zone[host], until[host] = target, step + 1 + min(TABU, len(counts) // 2)
    return best


def _largest_first(containers: Containers) -> list[Ints]:
    """Services with replicas that fill zones evenly have the least choice."""
    order = np.argsort(containers.service, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(containers.service[order])) + 1)
    return sorted(groups, key=lambda group: (-len(group), int(group[0])))


Slots = list[deque[list[int]]]
"""Of one class: for each zone the hosts with places for it, as [host, places], taken in turn."""


def _slots(counts: Ints, zone: Ints, zones: int) -> list[Slots]:
    slots: list[Slots] = [[deque() for _ in range(zones)] for _ in range(counts.shape[1])]
    hosts, classes = np.nonzero(counts)
    for host, one, places in zip(hosts.tolist(), classes.tolist(), counts[hosts, classes].tolist(), strict=True):
        slots[one][int(zone[host])].append([host, places])
    return slots


def _deal_service(group: Ints, slots: Slots, host: Ints, per_host: int, per_zone: int) -> None:
    """Each replica to the zone with most hosts left for it, there to the next host. What finds no place stays without."""
    in_zone, on_host = [0] * len(slots), dict[int, int]()
    for container in group.tolist():
        for zone in sorted(range(len(slots)), key=lambda zone: (in_zone[zone], -len(slots[zone]), zone)):
            found = _next(slots[zone], on_host, per_host) if in_zone[zone] < per_zone else NOWHERE
            if found >= 0:
                host[container] = found
                in_zone[zone] += 1
                break


def _next(waiting: deque[list[int]], on_host: dict[int, int], per_host: int) -> int:
    for _ in range(len(waiting)):
        place = waiting[0]
        if on_host.get(place[0], 0) < per_host:
            on_host[place[0]] = on_host.get(place[0], 0) + 1
            place[1] -= 1
            waiting.rotate(-1) if place[1] else waiting.popleft()
            return place[0]
        waiting.rotate(-1)
    return NOWHERE


class _Exchange:
    """Containers of one class are as good as each other for the hosts: who is where is free, but for the limits of services."""

    def __init__(self, containers: Containers, classes: Ints, counts: Ints, zone: Ints, zones: int, host: Ints) -> None:
        self.containers, self.classes, self.zone, self.host = containers, classes, zone, host
        placed = np.flatnonzero(host >= 0)
        self.open = counts.copy()
        np.subtract.at(self.open, (host[placed], classes[placed]), 1)
        self.on_host = np.zeros((len(containers.per_host), len(zone)), np.int64)
        self.in_zone = np.zeros((len(containers.per_host), zones), np.int64)
        np.add.at(self.on_host, (containers.service[placed], host[placed]), 1)
        np.add.at(self.in_zone, (containers.service[placed], zone[host[placed]]), 1)

    def run(self) -> None:
        waiting = np.flatnonzero(self.host < 0)
        size = self.containers.sizes[waiting].sum(axis=1)
        for container in waiting[np.lexsort((waiting, -size))].tolist():
            self._place(container)

    def _place(self, container: int) -> None:
        """To an open place, or to that of another which goes to the open one."""
        kind, service = self.classes[container], self.containers.service[container]
        others = np.flatnonzero((self.classes == kind) & (self.host >= 0) & (self.containers.service != service))
        others = others[self._may(service, self.host[others])]
        for host in np.flatnonzero(self.open[:, kind]).tolist():
            if self._may(service, np.array([host]))[0]:
                self._put(container, host)
                return
            able = np.flatnonzero(self._may_change(others, host))
            if len(able):
                other = int(others[able[0]])
                place = int(self.host[other])
                self._put(other, host)
                self._put(container, place)
                return

    def _may(self, service: Ints, hosts: Ints) -> Bools:
        """Whether one replica more of the service may be on each of the hosts."""
        limits = self.containers
        free = self.on_host[service, hosts] < limits.per_host[service]
        return free & (self.in_zone[service, self.zone[hosts]] < limits.per_zone[service])

    def _may_change(self, others: Ints, host: int) -> Bools:
        """Whether each of the others may be on the host instead of its own."""
        service, limits = self.containers.service[others], self.containers
        near = self.zone[self.host[others]] == self.zone[host]
        free = self.on_host[service, host] < limits.per_host[service]
        return free & (near | (self.in_zone[service, self.zone[host]] < limits.per_zone[service]))

    def _put(self, container: int, host: int) -> None:
        kind, service, last = self.classes[container], self.containers.service[container], int(self.host[container])
        if last >= 0:
            self.open[last, kind] += 1
            self.on_host[service, last] -= 1
            self.in_zone[service, self.zone[last]] -= 1
        self.host[container] = host
        self.open[host, kind] -= 1
        self.on_host[service, host] += 1
        self.in_zone[service, self.zone[host]] += 1
