"""The benches' containers and machines: what people write into requests, and a price list.

Machines come from the tables that the reference figures were measured on. A catalogue request is one of ten CPU values
and one of six ratios of memory to CPU; a service has 1 to 50 replicas of one size.
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from random import Random

TABLES = Path("/work/shared/placement")
CPUS = ((50, 10), (100, 20), (200, 12), (250, 16), (500, 18), (1000, 15), (1500, 4), (2000, 6), (4000, 2.5), (8000, 1.2))
RATIOS = ((0.5, 10), (1, 20), (2, 32), (3, 12), (4, 20), (8, 6))
"""GiB per vCPU, and how often."""
REPLICAS = ((1, 40), (2, 25), (3, 20), (5, 8), (10, 5), (20, 1.5), (50, 0.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    name: str
    service: str
    millicpu: int
    memory_mib: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    name: str
    millicpu: int
    """What is left for workloads."""
    memory_mib: int
    price: int
    """Nano-USD an hour, disk and address of the host included."""


def containers(count: int, seed: int = 7) -> list[Container]:
    random = Random(seed)  # noqa: S311 - a generator of test data
    made: list[Container] = []
    service = 0
    while len(made) < count:
        made += _service(f"s{service}", random)
        service += 1
    return made[:count]


def machines(table: str) -> list[Machine]:
    """`le16`: up to 16 vCPU; `all`: up to 384."""
    path = TABLES / f"placement-bins-aws-x86-{table}.csv"
    with path.open(newline="") as file:
        return [_machine(row) for row in csv.DictReader(file)]


def _service(name: str, random: Random) -> list[Container]:
    cpu = random.choices([cpu for cpu, _ in CPUS], [weight for _, weight in CPUS])[0]
    ratio = random.choices([ratio for ratio, _ in RATIOS], [weight for _, weight in RATIOS])[0]
    replicas = random.choices([number for number, _ in REPLICAS], [weight for _, weight in REPLICAS])[0]
    memory = max(64, -(-int(cpu * ratio * 1.024) // 64) * 64)
    return [Container(name=f"{name}-{n}", service=name, millicpu=cpu, memory_mib=memory) for n in range(1, replicas + 1)]


def _machine(row: dict[str, str]) -> Machine:
    return Machine(
        name=row["type"],
        millicpu=int(row["alloc_cpu_milli"]),
        memory_mib=int(row["alloc_mem_mib"]),
        price=round(float(row["price_incl_fixed"]) * 1e9),
    )
