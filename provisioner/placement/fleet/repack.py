"""Many small packings at once: the same containers into B sets of bins, each set in an order of its own."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from provisioner.placement.fleet.model import Bools, Floats, Ints
from provisioner.placement.fleet.state import Containers

BALANCE: Final = 2.0
"""How much CPU and memory being left in unequal shares weighs, against how much is left."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """N containers of L services."""

    sizes: Ints
    """(N, D)"""
    service: Ints
    """(N,)"""
    in_zone: Ints
    """(Z, L): replicas outside the pool in each zone."""
    most_per_host: Ints
    """(L,)"""
    most_per_zone: Ints
    """(L,)"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bins:
    """B sets of at most S bins; a machine of -1 is none."""

    machines: Ints
    """(B, S)"""
    zones: Ints
    """(B, S)"""
    room: Ints
    """(B, S, D)"""
    price: Ints
    """(B,)"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packed:
    where: Ints
    """(B, N): the bin of each container, right where the set is `whole`."""
    free: Ints
    """(B, S, D)"""
    whole: Bools
    """(B,): whether the set holds everything."""


def pool_of(containers: Containers, host: Ints, zones: Ints, zone_count: int, taken: Ints) -> tuple[Ints, Pool, Ints]:
    """The containers on the hosts `taken`, as a pool, and how many replicas (H, L) of their services all others hold.

    `host` (N,) is where each container is, and `zones` (H,) where each host is.
    """
    members = np.flatnonzero(np.isin(host, taken))
    services, service = np.unique(containers.service[members], return_inverse=True)
    outside = np.flatnonzero(np.isin(containers.service, services) & ~np.isin(host, taken) & (host >= 0))
    held = np.zeros((len(zones), len(services)), np.int64)
    np.add.at(held, (host[outside], np.searchsorted(services, containers.service[outside])), 1)
    in_zone = np.zeros((zone_count, len(services)), np.int64)
    np.add.at(in_zone, zones, held)
    pool = Pool(
        sizes=containers.sizes[members],
        service=service,
        in_zone=in_zone,
        most_per_host=containers.per_host[services],
        most_per_zone=containers.per_zone[services],
    )
    return members, pool, held


def orders(pool: Pool, largest: Ints, sets: int, each: int, random: np.random.RandomState) -> Ints:
    """(sets, N): the largest first, more or less: size times noise, without noise in the first of every `each`.

    Sizes are shares of `largest` (D,), the room of the largest machines.
    """
    size = (pool.sizes / largest.clip(1)).max(axis=1)
    noise = random.uniform(0.6, 1.4, size=(sets, len(size)))
    noise[::each] = 1.0
    return np.argsort(-size * noise, axis=1, kind="stable")


def pack(pool: Pool, bins: Bins, orders: Ints, held: Ints | None = None) -> Packed:
    """Best fit into each set in its order (B, N); a set is given up at the first container that fits nowhere.

    `held` (H, L) is how many of each service's replicas the first H bins of every set have already.
    """
    state = _State(pool, bins, orders, held)
    for step in range(orders.shape[1]):
        if not state.put(orders[state.sets, step]):
            break
    whole = np.zeros(len(orders), np.bool_)
    whole[state.sets] = True
    free = np.zeros(bins.room.shape, np.int64)
    free[state.sets] = np.stack(state.free, axis=2)
    return Packed(where=state.where, free=free, whole=whole)


class _State:
    """The sets that everything fitted into so far. Resources lie in arrays of their own, (B, S) each: numpy is slow over a
    last axis of two, and this runs hundreds of thousands of times."""

    def __init__(self, pool: Pool, bins: Bins, orders: Ints, held: Ints | None) -> None:
        self.pool, services = pool, len(pool.most_per_host)
        self.sizes = [np.ascontiguousarray(size) for size in pool.sizes.T]
        self.where = np.full(orders.shape, -1)
        self.sets = np.arange(len(orders))
        self.free = [np.ascontiguousarray(bins.room[:, :, one]) for one in range(bins.room.shape[2])]
        self.share: list[Floats] = [1 / free.clip(1) for free in self.free]
        on_host = np.zeros((*bins.machines.shape, services), np.int64)
        if held is not None:
            on_host[:, : len(held)] = held
        self.on_host = on_host.ravel()
        self.host = np.arange(bins.machines.size).reshape(bins.machines.shape) * services
        """Where a bin's counts begin in `on_host`."""
        self.in_zone = np.tile(pool.in_zone.ravel(), len(orders))
        self.zone = (np.arange(len(orders))[:, None] * len(pool.in_zone) + bins.zones) * services

    def put(self, one: Ints) -> bool:
        """One container for each set; those where it fits nowhere are given up. False: no set is left."""
        service = self.pool.service[one]
        here, around = self.host + service[:, None], self.zone + service[:, None]
        fits = self.on_host[here] < self.pool.most_per_host[service][:, None]
        fits &= self.in_zone[around] < self.pool.most_per_zone[service][:, None]
        rest = [free - size[one][:, None] for free, size in zip(self.free, self.sizes, strict=True)]
        for left in rest:
            fits &= left >= 0
        shares: list[Floats] = [left * share for left, share in zip(rest, self.share, strict=True)]
        score: Floats = np.sum(shares, axis=0) + BALANCE * np.abs(shares[0] - shares[1])
        score[~fits] = np.inf
        chosen, rows = score.argmin(axis=1), np.arange(len(one))
        able = fits[rows, chosen]
        if not able.all():
            self._keep(able)
            one, chosen, rows, here, around = one[able], chosen[able], rows[: int(able.sum())], here[able], around[able]
        for free, size in zip(self.free, self.sizes, strict=True):
            free[rows, chosen] -= size[one]
        self.on_host[here[rows, chosen]] += 1
        self.in_zone[around[rows, chosen]] += 1
        self.where[self.sets, one] = chosen
        return len(rows) > 0

    def _keep(self, able: Bools) -> None:
        self.sets, self.host, self.zone = self.sets[able], self.host[able], self.zone[able]
        self.free, self.share = [free[able] for free in self.free], [share[able] for share in self.share]
