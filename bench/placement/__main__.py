"""Run every bench of placement and print what was reached: `python -m bench.placement [le16|all] [--figures FILE]`.

The file gets what `bench/placement/chart.py` draws.

`solve` chooses machines without spreading; `place` does that and spreads, from containers to hosts. Times are CPU seconds
of this process, memory is the peak of the whole run.
"""

import argparse
import json
import resource
import time
from pathlib import Path

import numpy as np

from bench.placement import generate, rules
from provisioner.placement.fleet import calm, spread
from provisioner.placement.fleet.model import Machines
from provisioner.placement.fleet.state import Containers, Fleet, apart

ZONES = 3
SIZES = (100, 1_000, 10_000, 100_000)
UPDATES = 30


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("table", nargs="?", default="le16", choices=("le16", "all"))
    arguments.add_argument("--figures", type=Path)
    asked = arguments.parse_args()
    table = asked.table
    machines = catalogue(table)
    _sized(containers(20), machines)  # imports scipy
    print(f"machines: {table}, {len(machines.price)} types; services spread over hosts and {ZONES} zones")
    print("containers  hosts  over bound  placed over bound  single-type FFD  Karpenter-like  solve s  place s  again s  MB")
    sizes = [figures for count in SIZES if (figures := _sized(containers(count), machines, count))]
    for count, seed in ((5, 1), (10, 2), (20, 3), (30, 4), (30, 5)):
        started = time.process_time()
        solution = spread.solve(spread.demand_of(containers(count, seed), machines)[0], machines)
        print(f"exact {count}: optimal {solution.optimal}, {time.process_time() - started:.2f} s")
    updates = churn(1_000, machines)
    if asked.figures:
        asked.figures.write_text(json.dumps({"sizes": sizes, "updates": updates}, indent=1) + "\n")


def containers(count: int, seed: int = 7) -> Containers:
    return arrays(generate.containers(count, seed))


def arrays(made: list[generate.Container]) -> Containers:
    """In the order of names, so that nothing hangs on the generator's."""
    made = sorted(made, key=lambda one: one.name)
    services = {name: number for number, name in enumerate(sorted({one.service for one in made}))}
    return apart(
        np.array([(one.millicpu, one.memory_mib) for one in made], np.int64),
        np.array([services[one.service] for one in made], np.int64),
        ZONES,
    )


def catalogue(table: str) -> Machines:
    found = sorted(generate.machines(table), key=lambda one: (one.price, one.name))
    return Machines(
        room=np.array([(one.millicpu, one.memory_mib) for one in found], np.int64),
        price=np.array([one.price for one in found], np.int64),
    )


def _sized(made: Containers, machines: Machines, shown: int = 0) -> dict[str, float] | None:
    demand, _ = spread.demand_of(made, machines)
    started = time.process_time()
    solution = spread.solve(demand, machines)
    solved = time.process_time() - started
    started = time.process_time()
    fleet, _ = spread.first(made, machines, ZONES)
    placed = time.process_time() - started
    if not shown:
        return None
    started = time.process_time()
    again = calm.update(made, machines, fleet, ZONES, budget=len(made) // 50, gone=False)
    replanned = time.process_time() - started
    if again.fleet is not fleet:
        raise SystemExit("unchanged input moved something")
    over = [cost / solution.bound - 1 for cost in (solution.cost, fleet.cost(machines))]
    others = [rule(demand, machines) / solution.bound - 1 for rule in (rules.best_single_type, rules.karpenter)]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    figures = " ".join(f"{share:13.2%}" for share in (*over, *others))
    print(f"{shown:10,} {len(fleet.machines):6} {figures} {solved:8.2f} {placed:8.2f} {replanned:8.3f} {memory:5}", flush=True)
    return dict(zip(("containers", "alone", "spread", "single type", "Karpenter-like"), (shown, *over, *others), strict=True))


def churn(count: int, machines: Machines) -> list[dict[str, float]]:
    """5 % of the containers go and as many come, thirty times; moves are allowed for 2 %. Cost over the bound, and what moved."""
    random = np.random.default_rng(5)
    drawn = generate.containers(count * 4, seed=11)
    pool = [drawn[index] for index in random.permutation(len(drawn)).tolist()]
    live, coming = pool[:count], pool[count:]
    made = arrays(live)
    fleet, _ = spread.first(made, machines, ZONES)
    shares: list[float] = []
    found: list[dict[str, float]] = []
    for number in range(1, UPDATES + 1):
        gone = set(random.choice(count, count // 20, replace=False).tolist())
        names = [one.name for one in sorted(live, key=lambda one: one.name)]
        at = dict(zip(names, fleet.host.tolist(), strict=True))
        live = [one for index, one in enumerate(live) if index not in gone] + coming[: len(gone)]
        coming = coming[len(gone) :]
        made = arrays(live)
        held = np.array([at.get(one.name, -1) for one in sorted(live, key=lambda one: one.name)], np.int64)
        last = Fleet(machines=fleet.machines, zones=fleet.zones, host=held)
        done = calm.update(made, machines, last, ZONES, budget=count // 50, gone=True)
        fleet = done.fleet
        shares.append(len(done.voluntary) / count)
        bound = spread.solve(spread.demand_of(made, machines)[0], machines).bound
        over = fleet.cost(machines) / bound - 1
        found.append({"over": over, "moved": shares[-1]})
        if number in (1, 5, 10, 20, 30):
            moved = f"moved {np.mean(shares):.2%} mean, {max(shares):.2%} most"
            print(f"churn {count:,} after {number}: {over:.2%} over the bound, {moved} an update", flush=True)
    return found


if __name__ == "__main__":
    main()
