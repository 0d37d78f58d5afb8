"""What others do, for comparison: one machine type filled first-fit-decreasing, and Karpenter's rule re-implemented."""

import heapq

import numpy as np

from provisioner.placement.fleet.model import Bools, Demand, Ints, Machines


def best_single_type(demand: Demand, machines: Machines) -> int:
    """Nano-USD an hour of the best machine type filled first-fit-decreasing (by the larger share). Equal sizes go in at once."""
    costs = [
        int(machines.price[machine]) * _hosts(demand, machines.room[machine])
        for machine in range(len(machines.price))
        if (demand.sizes <= machines.room[machine]).all()
    ]
    return min(costs)


def karpenter(demand: Demand, machines: Machines) -> int:
    """Pods by CPU, then memory, decreasing; the open node with fewest pods first; a node is open while some type still fits.

    The cheapest fitting type is chosen at the end, at on-demand prices.
    """
    most = int(demand.counts.sum())
    used, pods, nodes = np.zeros((most, demand.sizes.shape[1]), np.int64), np.zeros(most, np.int64), 0
    rooms = machines.room
    for one in np.lexsort((-demand.sizes[:, 1], -demand.sizes[:, 0])).tolist():
        size, left = demand.sizes[one], int(demand.counts[one])
        able = np.flatnonzero(_fits(used[:nodes] + size, rooms))
        waiting = [(int(pods[node]), node) for node in able.tolist()]
        heapq.heapify(waiting)
        while left:
            node = waiting[0][1] if waiting else nodes
            nodes = max(nodes, node + 1)
            used[node] += size
            pods[node] += 1
            left -= 1
            open_still = bool(((used[node] + size)[None] <= rooms).all(axis=1).any())
            if waiting:
                heapq.heapreplace(waiting, (int(pods[node]), node)) if open_still else heapq.heappop(waiting)
            elif open_still:
                heapq.heappush(waiting, (int(pods[node]), node))
    prices = np.where((used[:nodes, None] <= rooms[None]).all(axis=2), machines.price[None], np.iinfo(np.int64).max)
    return int(prices.min(axis=1).sum())


def _hosts(demand: Demand, room: Ints) -> int:
    rest = np.zeros((int(demand.counts.sum()), len(room)), np.int64)
    used = 0
    for one in np.argsort(-(demand.sizes / room).max(axis=1), kind="stable").tolist():
        size, left = demand.sizes[one], int(demand.counts[one])
        fits = (rest[:used] // size).min(axis=1)
        taken = np.clip(left - (np.cumsum(fits) - fits), 0, fits)
        rest[:used] -= taken[:, None] * size
        left -= int(taken.sum())
        each = int((room // size).min())
        new = -(-left // each)
        rest[used : used + new] = room - each * size
        if new:
            rest[used + new - 1] = room - (left - (new - 1) * each) * size
        used += new
    return used


def _fits(used: Ints, rooms: Ints) -> Bools:
    return (used[:, None] <= rooms[None]).all(axis=2).any(axis=1)
