"""The price store and the importers at a million prices: `python -m bench.prices.bench` (a minute, 2 GB of disk).

Every import runs in a process of its own, whose largest resident memory counts. Exit status 1 where a limit is missed.
"""

import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.prices.files import FILES, HEADER, MACHINES, MILLION, REGIONS, SIZES
from provisioner.prices.importers.plain import MachineRow
from provisioner.prices.importers.run import Input, Job, import_plain, import_public
from provisioner.prices.store import TABLES, Prices

LIMITS = {"point look-up p50": 20.0, "cheapest machine p50": 200.0, "seconds": 60.0, "MB": 300.0}


def capacities() -> dict[str, MachineRow]:
    rows = dict[str, MachineRow]()
    for number, machine in enumerate(MACHINES):
        size = number % SIZES + 1
        memory = size * (4096 if number // SIZES % 3 else 8192)
        rows[machine] = MachineRow(machine=machine, millicpu=size * 2000, memory_mib=memory, arch="amd64", gpu=0)
    return rows


def child(name: str, path: Path, cache: Path) -> None:
    """Import one file and print seconds, MB and the number of prices."""
    started = time.perf_counter()
    inputs = [Input(path=path, address="bench", date="2026-11-01")]
    job = Job(inputs=inputs, folder=cache / TABLES, name="bench", now="2026-11-22", machines={"aws": capacities()})
    found = import_plain(job, "aws", None, lambda _: None) if name == "plain CSV" else import_public(job, lambda _: None)
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([seconds, time.process_time(), memory, found.prices]))


def measure_import(name: str, folder: Path) -> bool:
    path = folder / "file"
    FILES[name](path)
    size = path.stat().st_size / 1e6
    command = [sys.executable, "-m", "bench.prices.bench", name, str(path), str(folder / name.replace(" ", "-"))]
    seconds, busy, memory, prices = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    path.unlink()
    good = seconds < LIMITS["seconds"] and memory < LIMITS["MB"]
    took = f"{seconds:.1f} s ({busy:.1f} s of CPU), {memory:.0f} MB resident {verdict(good=good)}"
    print(f"import {name}: {size:,.0f} MB, {prices:,} prices in {took}")
    return good


def measure_store(folder: Path) -> bool:
    snapshot = folder / "acme"
    snapshot.mkdir()
    (snapshot / "machines.csv").write_text("machine,vcpu,memory_mib,arch,gpu\n")
    (snapshot / "prices.csv").write_text(HEADER)
    cache = folder / "plain-CSV"
    size = sum(path.stat().st_size for path in (cache / TABLES).iterdir()) / 1e6
    print(f"store: {MILLION:,} prices, {size:.0f} MB")
    random.seed(2)
    with Prices.open({"acme": snapshot}, cache) as prices:
        keys = [("aws", random.choice(REGIONS), "machine", random.choice(MACHINES)) for _ in range(20_000)]  # noqa: S311
        points = [timed(lambda key=key: prices.tariff(*key)) for key in keys]
        needs = [(random.choice(REGIONS), random.randrange(1, 28), random.randrange(1, 96)) for _ in range(5_000)]  # noqa: S311
        choices = [
            timed(lambda one=one: prices.cheapest("aws", one[0], millicpu=one[1] * 1000, memory_mib=one[2] * 1024))
            for one in needs
        ]
    good = report("point look-up", points)
    return report("cheapest machine", choices) and good


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - started) / 1000


def report(what: str, found: list[float]) -> bool:
    middle, high = statistics.median(found), statistics.quantiles(found, n=100)[98]
    good = middle < LIMITS[f"{what} p50"]
    print(f"{what}: p50 {middle:.1f} µs, p99 {high:.1f} µs {verdict(good=good)}")
    return good


def verdict(*, good: bool) -> str:
    return "(within the limit)" if good else "(OVER THE LIMIT)"


def main() -> None:
    if len(sys.argv) > 1:
        child(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        good = [measure_import(one, folder) for one in FILES]
        good.append(measure_store(folder))
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
