"""Run the benches of cost and print what was reached: `python -m bench.cost`. Exit status 1 where a target is missed.

Times are the best of several runs: wall clock, and processor time, which says more on a machine that others use too. A
cold start is a process of its own that finds its modules compiled, as every installation leaves them.
"""

import compileall
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

RESOURCES = 10_000
RUNS = 5
COLD_SECONDS, PREVIEW_SECONDS = 0.3, 1.0


def main() -> None:
    print("what                                                             target s   wall s   processor s")
    compileall.compile_dir(str(Path(__file__).parents[2] / "provisioner"), quiet=1)
    provisioner = str(Path(sys.executable).parent / "provisioner")
    for words in ("aws --json", "aws --format=markdown", "aws --format=table", "aws,gcp,azure --json"):
        command = [provisioner, "cost", "demo/platform", "--cloud", *words.split()]
        show(f"cost demo/platform --cloud {words}, cold start", COLD_SECONDS, *best(lambda words=command: child(words)))
    document = program(RESOURCES)
    show(f"{RESOURCES:,} resources of a preview, read and priced", PREVIEW_SECONDS, *best(lambda: own(lambda: priced(document))))
    text = json.dumps(document)
    show(
        f"the same from its JSON text ({len(text) >> 20} MiB)",
        PREVIEW_SECONDS,
        *best(lambda: own(lambda: priced(json.loads(text)))),
    )


def program(count: int) -> dict[str, Any]:
    """A program of all three clouds: machines of many types, disks of many sizes, addresses, buckets, types without a charge."""
    return {
        "config": {"aws:region": "eu-west-1", "gcp:region": "europe-west1", "azure-native:location": "eastus"},
        "steps": [step(number) for number in range(count)],
    }


def step(number: int) -> dict[str, Any]:
    sizes = ("medium", "large", "xlarge", "2xlarge")
    disk = {"volumeSize": 8 + number % 97, "volumeType": "gp3"}
    zone = "europe-west1-b"
    params = {"size": 10 + number % 89, "type": "pd-balanced"}
    kinds: tuple[tuple[str, dict[str, Any]], ...] = (
        ("aws:ec2/instance:Instance", {"instanceType": f"t3.{sizes[number % 4]}", "rootBlockDevice": disk}),
        ("aws:ebs/volume:Volume", {"availabilityZone": "eu-west-1a", "type": "gp3", "size": 1 + number % 1009}),
        (
            "gcp:compute/instance:Instance",
            {"machineType": "n2-standard-2", "zone": zone, "bootDisk": {"initializeParams": params}},
        ),
        ("azure-native:compute:Disk", {"location": "eastus", "sku": {"name": "Premium_LRS"}, "diskSizeGB": 32 + number % 480}),
        ("aws:ec2/eip:Eip", {}),
        ("gcp:storage/bucket:Bucket", {"location": "EUROPE-WEST1"}),
        ("aws:ec2/securityGroup:SecurityGroup", {"description": "none"}),
        ("azure-native:network:PublicIPAddress", {"sku": {"name": "Standard"}, "publicIPAllocationMethod": "Static"}),
    )
    kind, inputs = kinds[number % len(kinds)]
    urn = f"urn:pulumi:dev::bench::{kind}::r{number}"
    return {"op": "create", "urn": urn, "newState": {"urn": urn, "type": kind, "custom": True, "inputs": inputs}}


def priced(document: object) -> None:
    from provisioner.cost.account import LIST, AccountTariffs
    from provisioner.cost.preview.document import read
    from provisioner.cost.preview.price import price
    from provisioner.cost.usage import DEFAULT
    from provisioner.deploy.prepare import open_prices

    with open_prices() as prices:
        found = price(read(document).after, DEFAULT, AccountTariffs(LIST, prices))
    if found.estimate.missing or not found.estimate.monthly.typical.nano:
        raise SystemExit(f"expected a price for everything, found none for {found.estimate.missing[:3]}")


def best(run: Callable[[], tuple[float, float]]) -> tuple[float, float]:
    runs = [run() for _ in range(RUNS)]
    return min(wall for wall, _ in runs), min(processor for _, processor in runs)


def child(words: list[str]) -> tuple[float, float]:
    before, started = _children(), time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started, _children() - before


def own(run: Callable[[], None]) -> tuple[float, float]:
    before, started = time.process_time(), time.perf_counter()
    run()
    return time.perf_counter() - started, time.process_time() - before


MISSED = list[str]()


def show(what: str, target: float, wall: float, processor: float) -> None:
    if wall > target:
        MISSED.append(what)
    print(f"{what:<64} {target:8.2f} {wall:8.3f} {processor:13.3f}")


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


main()
if MISSED:
    raise SystemExit(f"over the target: {', '.join(MISSED)}")
