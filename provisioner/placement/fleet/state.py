"""A fleet while it is being changed: which host holds which container, what is free, and where replicas may still go."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from provisioner.placement.fleet.model import Bools, Ints, Machines

HOSTS_PER_SERVICE: Final = 3
"""Hosts that a service's replicas are spread over at least, where it has as many replicas."""
NOWHERE: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Containers:
    """N containers, in an order that the caller makes canonical."""

    sizes: Ints
    """(N, D)"""
    service: Ints
    """(N,): numbers from 0; replicas of one service have the same."""
    per_host: Ints
    """(S,): how many replicas of each service one host may hold."""
    per_zone: Ints
    """(S,)"""

    def __len__(self) -> int:
        return len(self.service)


def apart(sizes: Ints, service: Ints, zones: int) -> Containers:
    """Containers of which at most a third of a service's (rounded up) may share a host, and at most an equal share a zone."""
    replicas = np.bincount(service)
    share = -(-replicas // np.clip(replicas, 1, HOSTS_PER_SERVICE))
    return Containers(sizes=sizes, service=service, per_host=share, per_zone=-(-replicas // np.clip(replicas, 1, zones)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fleet:
    """H hosts and where each container is. Cost and places are all that an update needs of the last placement."""

    machines: Ints
    """(H,)"""
    zones: Ints
    """(H,)"""
    host: Ints
    """(N,)"""

    def cost(self, machines: Machines) -> int:
        return int(machines.price[self.machines].sum())


@dataclass(slots=True)
class State:
    """Mutable: hosts are opened and closed, containers put and taken."""

    containers: Containers
    catalogue: Machines
    zone_count: int
    machines: Ints
    zones: Ints
    host: Ints
    free: Ints = field(init=False)
    members: list[Ints] = field(init=False)

    def __post_init__(self) -> None:
        placed = self.host >= 0
        self.free = self.catalogue.room[self.machines].copy()
        np.subtract.at(self.free, self.host[placed], self.containers.sizes[placed])
        order = np.argsort(self.containers.service, kind="stable")
        ends = np.cumsum(np.bincount(self.containers.service)) if len(order) else np.zeros(0, np.int64)
        self.members = np.split(order, ends[:-1]) if len(ends) else []

    def may(self, container: int) -> Bools:
        """(H,): the hosts with room whose share of the service's replicas is not used up."""
        return (self.free >= self.containers.sizes[container]).all(axis=1) & self.apart(container)

    def apart(self, container: int) -> Bools:
        """(H,): the hosts, with room or without, whose share of the service's replicas is not used up."""
        fits = np.ones(len(self.free), np.bool_)
        service = int(self.containers.service[container])
        replicas = self.members[service]
        if len(replicas) > 1:
            held = self.host[replicas]
            here = np.bincount(held[held >= 0], minlength=len(self.free))
            in_zone = np.bincount(self.zones, weights=here, minlength=self.zone_count)
            fits &= here < self.containers.per_host[service]
            fits &= (in_zone < self.containers.per_zone[service])[self.zones]
        return fits

    def tightest(self, container: int, allowed: Bools) -> int:
        """The allowed host that is left with least, `NOWHERE` if there is none."""
        where = np.flatnonzero(allowed)
        if len(where) == 0:
            return NOWHERE
        left = (self.free[where] - self.containers.sizes[container]) / self.catalogue.room[self.machines[where]].clip(1)
        return int(where[np.argmin(left.sum(axis=1))])

    def held(self) -> Ints:
        """(H,): how many containers each host holds."""
        return np.bincount(self.host[self.host >= 0], minlength=len(self.machines))

    def put(self, container: int, host: int) -> None:
        self.host[container] = host
        self.free[host] -= self.containers.sizes[container]

    def take(self, container: int) -> None:
        self.free[self.host[container]] += self.containers.sizes[container]
        self.host[container] = NOWHERE

    def open(self, machine: int, zone: int) -> int:
        self.machines, self.zones = np.append(self.machines, machine), np.append(self.zones, zone)
        self.free = np.concatenate([self.free, self.catalogue.room[machine : machine + 1]])
        return len(self.machines) - 1

    def close(self, host: int) -> None:
        """Nothing goes to an empty host again: it is no longer paid for."""
        self.free[host] = -1

    def finished(self) -> Fleet:
        """Without empty hosts."""
        used = np.bincount(self.host, minlength=len(self.machines)) > 0
        number = np.cumsum(used) - 1
        return Fleet(machines=self.machines[used], zones=self.zones[used], host=number[self.host])
