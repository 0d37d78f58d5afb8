# ruff: noqa: S311 - drawn for tests
"""The numeric core: everything is held, nothing over capacity, never below the bound, order decides nothing, updates are calm."""

from dataclasses import replace
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.placement.fleet import calm, spread
from provisioner.placement.fleet.model import FREE, Demand, Ints, Machines
from provisioner.placement.fleet.solve import Solution, solve
from provisioner.placement.fleet.state import Containers, Fleet, apart

SHAPES = tuple(product((1, 2, 4, 8, 16), (2, 4, 8, 16, 32, 64)))
PRICES = sorted((0.02 * cpu + 0.003 * memory + 0.007, cpu, memory) for cpu, memory in SHAPES)
MACHINES = Machines(
    room=np.array([(cpu * 1000 - 100, int(memory * 1024 * 0.95) - 256) for _, cpu, memory in PRICES], np.int64),
    price=np.array([round(price * 1e9) for price, _, _ in PRICES], np.int64),
)
SIZES = st.tuples(st.sampled_from([50, 100, 250, 500, 1000, 2000]), st.sampled_from([64, 128, 256, 512, 1024, 4096]))


def demand(sizes: list[tuple[int, int]]) -> Demand:
    found, counts = np.unique(np.array(sizes, np.int64), axis=0, return_counts=True)
    many = np.full(len(found), len(sizes))
    free = np.full(len(found), FREE)
    anywhere = np.ones((len(found), len(PRICES)), np.bool_)
    return Demand(sizes=found, counts=counts.astype(np.int64), most=many, allowed=anywhere, rivals=free)


def wrong(asked: Demand, found: Solution, machines: Machines = MACHINES) -> list[str]:
    """Apart from the solver: plain sums in Python."""
    problems: list[str] = []
    for machine, counts in zip(found.filled.machines.tolist(), found.filled.counts.tolist(), strict=True):
        for resource in (0, 1):
            taken = sum(count * size[resource] for count, size in zip(counts, asked.sizes.tolist(), strict=True))
            if taken > machines.room[machine][resource]:
                problems.append(f"machine {machine} gives {taken}")
    if [sum(column) for column in zip(*found.filled.counts.tolist(), strict=True)] != asked.counts.tolist():
        problems.append("not every container once")
    if sum(int(machines.price[machine]) for machine in found.filled.machines) != found.cost or found.cost < found.bound:
        problems.append("a wrong cost, or one below the bound")
    return problems


@settings(max_examples=5, deadline=None)
@given(st.lists(SIZES, min_size=1, max_size=60))
def test_everything_is_held_and_never_below_the_bound(sizes: list[tuple[int, int]]) -> None:
    asked = demand(sizes)
    assert wrong(asked, solve(asked, MACHINES)) == []


@pytest.mark.parametrize(("count", "most"), [(100, 0.08), (1_000, 0.01)])
def test_large_demands_are_near_the_bound(count: int, most: float) -> None:
    random = Random(count)
    cpus, ratios = [50, 100, 200, 250, 500, 1000, 2000, 4000], [0.5, 1, 2, 4]
    sizes = [
        (cpu, max(64, int(cpu * random.choice(ratios) * 1.024)))
        for cpu in random.choices(cpus, [9, 9, 8, 8, 6, 4, 2, 1], k=count)
    ]
    asked = demand(sizes)
    found = solve(asked, MACHINES)
    assert wrong(asked, found) == []
    assert found.gap <= most
    assert solve(demand(random.sample(sizes, count)), MACHINES).filled.counts.tolist() == found.filled.counts.tolist()


@settings(max_examples=5, deadline=None)
@given(st.lists(SIZES, min_size=1, max_size=7))
def test_few_are_placed_at_the_optimum(sizes: list[tuple[int, int]]) -> None:
    """Against every partition of the containers, each part on its cheapest machine."""
    asked = demand(sizes)
    found = solve(asked, MACHINES)
    assert found.optimal
    assert found.cost == _least(tuple(sorted(sizes)))


@settings(max_examples=5, deadline=None)
@given(st.lists(SIZES, min_size=1, max_size=20), st.integers(1, 40), st.integers(1, 40), st.integers(1, 80))
def test_a_machine_type_more_never_costs_more(sizes: list[tuple[int, int]], cpu: int, memory: int, cents: int) -> None:
    asked = demand(sizes)
    room = np.concatenate([MACHINES.room, [[cpu * 500, memory * 512]]])
    more = Machines(room=room, price=np.append(MACHINES.price, cents * 10_000_000))
    wider = replace(asked, allowed=np.ones((len(asked.sizes), len(room)), np.bool_))
    first, second = solve(asked, MACHINES), solve(wider, more)
    if first.optimal and second.optimal:
        assert second.cost <= first.cost


def services(random: Random, count: int) -> Containers:
    sizes: list[tuple[int, int]] = []
    service: list[int] = []
    while len(sizes) < count:
        replicas = random.choice([1, 1, 2, 3, 5, 9])
        sizes += [(random.choice([100, 250, 500, 1000]), random.choice([128, 512, 1024]))] * replicas
        service += [max(service, default=-1) + 1] * replicas
    return apart(np.array(sizes, np.int64), np.array(service, np.int64), 3)


def broken(containers: Containers, fleet: Fleet) -> list[str]:
    """Capacity, and replicas: a third a host, an equal share a zone of three."""
    problems: list[str] = []
    for host, machine in enumerate(fleet.machines.tolist()):
        held = [index for index, at in enumerate(fleet.host.tolist()) if at == host]
        if not held or any(sum(int(containers.sizes[index][r]) for index in held) > MACHINES.room[machine][r] for r in (0, 1)):
            problems.append(f"host {host}")
    for number in set(containers.service.tolist()):
        hosts = [at for at, one in zip(fleet.host.tolist(), containers.service.tolist(), strict=True) if one == number]
        zones = [int(fleet.zones[host]) for host in hosts]
        share = -(-len(hosts) // min(3, len(hosts)))
        if max(map(hosts.count, hosts)) > share or max(map(zones.count, zones)) > share:
            problems.append(f"service {number} on hosts {hosts} in zones {zones}")
    return problems


@pytest.mark.parametrize("count", [12, 60])
def test_replicas_are_apart(count: int) -> None:
    containers = services(Random(count), count)
    assert broken(containers, spread.first(containers, MACHINES, 3)[0]) == []


def test_unchanged_input_is_left_alone() -> None:
    containers = services(Random(1), 80)
    fleet, _ = spread.first(containers, MACHINES, 3)
    assert calm.update(containers, MACHINES, fleet, 3, budget=200, gone=False).fleet is fleet


@pytest.mark.parametrize("budget", [0, 4, 200])
def test_an_update_moves_within_its_budget(budget: int) -> None:
    random = Random(2)
    containers = services(random, 80)
    fleet, _ = spread.first(containers, MACHINES, 3)
    kept: Ints = np.array(sorted(random.sample(range(80), 75)), np.int64)
    new = services(random, 5)
    changed = apart(
        np.concatenate([containers.sizes[kept], new.sizes]),
        np.unique(np.concatenate([containers.service[kept], new.service + 1000]), return_inverse=True)[1],
        3,
    )
    last = Fleet(machines=fleet.machines, zones=fleet.zones, host=np.append(fleet.host[kept], np.full(len(new), -1)))
    done = calm.update(changed, MACHINES, last, 3, budget=budget, gone=True)
    together = {tuple(np.flatnonzero(last.host == host)) for host in range(len(last.machines))}
    assert done.forced == ()
    assert len(done.voluntary) <= budget
    assert _over_capacity(changed, done.fleet) == []
    if budget == 0:
        now = [set(np.flatnonzero(done.fleet.host == host)) for host in range(len(done.fleet.machines))]
        assert all(any(set(held) <= host for host in now) for held in together)


def _over_capacity(containers: Containers, fleet: Fleet) -> list[str]:
    return [words for words in broken(containers, fleet) if words.startswith("host")]


def _least(sizes: tuple[tuple[int, int], ...]) -> int:
    """Every part that holds the first container, then the least of the rest."""
    known: dict[tuple[tuple[int, int], ...], int] = {(): 0}

    def cost(part: list[tuple[int, int]]) -> int:
        taken = np.array(part).sum(axis=0)
        fits = (taken <= MACHINES.room).all(axis=1)
        return int(MACHINES.price[fits].min()) if fits.any() else 1 << 60

    def least(left: tuple[tuple[int, int], ...]) -> int:
        if left not in known:
            rest = left[1:]
            options = product((True, False), repeat=len(rest))
            known[left] = min(
                cost([left[0], *(one for one, taken in zip(rest, chosen, strict=True) if taken)])
                + least(tuple(one for one, taken in zip(rest, chosen, strict=True) if not taken))
                for chosen in options
            )
        return known[left]

    return least(sizes)
