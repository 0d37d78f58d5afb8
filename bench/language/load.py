"""Load and resolve many packages, against parsing the same text bare. Every figure is a ratio of two times of one run.

    uv run --no-sync python bench/language/load.py [PACKAGES] [ROUNDS]

The rounds alternate between what is compared, and the best of each counts, in processor time, so that other work on the machine
weighs little. `bare parse` is `yaml.load(text, yaml.CSafeLoader)` of every YAML file, texts in memory. `load` is discovery,
reading and nodes; `load and resolve` is all that `provisioner check --no-cache` does: inheritance, variables, expressions and
validation too. `again` is the same answer from the cache: discovery, reading and hashing of every file.
"""

# ruff: noqa: INP001 - a script beside its generator

import gc
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
        best: dict[str, float] = {}

        def timed(what: str, work: Callable[[], Any]) -> Any:
            gc.collect()
            start = time.process_time()
            result = work()
            best[what] = min(best.get(what, 1e9), time.process_time() - start)
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


def _report(best: dict[str, float], packages: int, size: int) -> None:
    print(f"{packages} packages, {4 * packages} definitions, {size / 2**20:.1f} MiB")
    for what, seconds in best.items():
        print(f"{what:<17} {seconds:7.2f} s  {seconds / best['bare parse']:5.2f} times the bare parse")
    print(f"the second run is {best['load and resolve'] / best['again']:.1f} times faster")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
