"""Updates: what can stay stays, what is new takes free room, and few containers move where it saves enough."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from provisioner.placement.fleet.consolidate import consolidate
from provisioner.placement.fleet.model import Ints, Machines
from provisioner.placement.fleet.spread import settle
from provisioner.placement.fleet.state import Containers, Fleet, State

SQUEEZED: Final = 5
"""Part of the budget that may make room for what is new before a host is opened; closing hosts needs the rest."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Update:
    fleet: Fleet
    """Hosts that stay come first, in their order, without those that are closed; see `kept`."""
    kept: tuple[int, ...]
    """The numbers that those hosts had in the last fleet."""
    forced: tuple[int, ...]
    """Containers that had a host and could not stay."""
    voluntary: tuple[int, ...]
    """Containers moved to save."""


def update(containers: Containers, machines: Machines, last: Fleet, zones: int, *, budget: int, gone: bool) -> Update:
    """The next fleet. `last.host` is -1 for new containers; `gone` says whether any left.

    Voluntary moves, `budget` containers at most, are made only when something came, went or had to move: unchanged input
    stays as it is.
    """
    state = State(containers, machines, zones, last.machines, last.zones, last.host.copy())
    forced = [*_overfull(state), *_too_near(state)]
    waiting = np.flatnonzero(state.host < 0)
    if len(waiting) == 0 and not gone:
        return Update(fleet=last, kept=tuple(range(len(last.machines))), forced=(), voluntary=())
    for host in np.flatnonzero(state.held() == 0).tolist():
        state.close(host)
    running = np.ones(len(containers), np.bool_)
    running[waiting] = False
    voluntary = settle(state, waiting, running, budget // SQUEEZED)
    voluntary += consolidate(state, ~running, budget - len(voluntary))
    kept = tuple(np.flatnonzero(state.held()[: len(last.machines)]).tolist())
    return Update(fleet=state.finished(), kept=kept, forced=tuple(forced), voluntary=tuple(sorted(voluntary)))


def _overfull(state: State) -> list[int]:
    """Take what no longer fits off its host, the largest first, until the rest fits."""
    forced: list[int] = []
    for host in np.flatnonzero((state.free < 0).any(axis=1)).tolist():
        held = np.flatnonzero(state.host == host)
        for container in held[np.lexsort((held, -state.containers.sizes[held].sum(axis=1)))].tolist():
            if (state.free[host] >= 0).all():
                break
            state.take(container)
            forced.append(container)
    return forced


def _too_near(state: State) -> list[int]:
    """Take off what is more of a service than a host or a zone may hold by now, the last ones first."""
    forced: list[int] = []
    for service in _crowded(state):
        for container in state.members[service][::-1].tolist():
            host = int(state.host[container])
            if host >= 0 and _is_too_near(state, service, state.host[state.members[service]], host):
                state.take(container)
                forced.append(container)
    return forced


def _crowded(state: State) -> list[int]:
    """The services of which a host or a zone holds too many."""
    placed = np.flatnonzero(state.host >= 0)
    service, host = state.containers.service[placed], state.host[placed]
    crowded: list[Ints] = []
    for where, count, most in (
        (host, len(state.machines), state.containers.per_host),
        (state.zones[host], state.zone_count, state.containers.per_zone),
    ):
        pairs, together = np.unique(service * count + where, return_counts=True)
        crowded.append(pairs[together > most[pairs // count]] // count)
    return sorted(set(np.concatenate(crowded).tolist()))


def _is_too_near(state: State, service: int, hosts: Ints, host: int) -> bool:
    here, zones = hosts == host, state.zones[hosts[hosts >= 0]]
    limits = state.containers
    return bool(here.sum() > limits.per_host[service] or (zones == state.zones[host]).sum() > limits.per_zone[service])
