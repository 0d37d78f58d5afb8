"""Load and resolve many packages, against parsing the same text bare. Every figure is a ratio of two times of one run.

    uv run --no-sync python bench/language/load.py [PACKAGES] [ROUNDS]

The rounds alternate between what is compared, and the best of each counts: the time that passes, and processor time. `check` uses
every processor for packages by the thousand, the bare parse one. `bare parse` is `yaml.load(text, yaml.CSafeLoader)` of every
YAML file, texts in memory. `load` is discovery, reading and nodes; `load and resolve` is all that `provisioner check --no-cache`
does: inheritance, variables, expressions and validation too. `again` is the same answer from the cache: discovery, reading and
hashing of every file.
"""

# ruff: noqa: INP001 - a script beside its generator

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from generate import generate

from provisioner.cli.checked import checked
from provisioner.cli.memory import Memory
from provisioner.package.catalog import load


def main(packages: int = 5000, rounds: int = 3) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = generate(Path(name, "packages"), packages)
        texts = [file.read_text("utf-8") for file in sorted(folder.glob("*/app.yaml"))]
        memory = Memory(Path(name, "cache"))
        best: dict[str, tuple[float, float]] = {}

        def timed(what: str, work: Callable[[], Any]) -> Any:
            gc.collect()
            begun, start = _processor_time(), time.perf_counter()
            result = work()
            passed, used = time.perf_counter() - start, _processor_time() - begun
            least = best.get(what, (passed, used))
            best[what] = min(passed, least[0]), min(used, least[1])
            return result

        for _ in range(rounds):
            timed("bare parse", lambda: [yaml.load(text, yaml.CSafeLoader) for text in texts])
            timed("load", lambda: load([folder]))
            found = timed("load and resolve", lambda: checked([folder], [folder]))
            if found.problems or len(found.definitions) != 4 * packages:
                sys.exit(f"expected {4 * packages} definitions and no problem, found {found.problems[:1]}")
        checked([folder], [folder], memory)
        for _ in range(rounds):
            timed("again", lambda: checked([folder], [folder], memory))
        _report(best, packages, sum(map(len, texts)))


def _processor_time() -> float:
    """Seconds of all processors, those of processes that have ended included."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _report(best: dict[str, tuple[float, float]], packages: int, size: int) -> None:
    print(f"{packages} packages, {4 * packages} definitions, {size / 2**20:.1f} MiB, {len(os.sched_getaffinity(0))} processors")
    print(f"{'':<17} {'passed':>9} {'processor':>9}   times the bare parse: passed, processor")
    bare, bare_used = best["bare parse"]
    for what, (passed, used) in best.items():
        print(f"{what:<17} {passed:7.2f} s {used:7.2f} s   {passed / bare:5.2f} {used / bare_used:5.2f}")
    print(f"the second run is {best['load and resolve'][0] / best['again'][0]:.1f} times faster")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
