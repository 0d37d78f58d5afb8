"""Plans and offers from short tables: `app: {count: 2, needs: [2000, 4096]}`, `small 2000 4096 0.04 spot=0.01`.

An offer with a zone is a machine that is there already: `rack-1 4000 8192 0 zone=a disks=pgdata:100`.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from provisioner.errors import Place
from provisioner.plan.model import HostGroup, Network, Plan, Target, Volume, Workload
from provisioner.prices.offers import Offer, Own
from provisioner.resolve.model import Affinity, Container, Needs, Port
from provisioner.units import Money

CASES = Path(__file__).parent.parent / "cases" / "placement"
TARGET = Target(cloud="aws", region="eu-west-1", zones=("a", "b"))

OFFERS = """
    micro   1000   1024  0.010  spot=0.003
    small   2000   2048  0.020  spot=0.006
    medium  2000   4096  0.040  spot=0.012
    large   2000   8192  0.080  spot=0.024
    xlarge  4000  16384  0.160  spot=0.048
    compute 4000   8192  0.130
    arm     2000   4096  0.030  arch=arm64
    gpu     4000  16384  0.500  gpu=1
"""


def cases(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((CASES / name).read_text())


def offers(table: str = OFFERS) -> tuple[Offer, ...]:
    return tuple(_offer(line.split()) for line in table.strip().splitlines())


def plan(case: dict[str, Any]) -> Plan:
    zones = tuple(case.get("zones", TARGET.zones))
    return Plan(
        name="shop/platform",
        target=replace(TARGET, zones=zones),
        network=Network(cidr="10.0.0.0/16", subnets=(), egress="nat"),
        groups=tuple(_group(name, written) for name, written in case["groups"].items()),
        volumes=tuple(
            Volume(name=name, kind="SSD", size_gib=10, host=host, zone="a", path=f"/srv/{name}")
            for name, host in case.get("volumes", {}).items()
        ),
        workloads=tuple(
            replica for name, written in case.get("workloads", {}).items() for replica in _replicas(name, written or {}, zones)
        ),
        survive=case.get("survive_loss"),
        moves_percent=case.get("moves_percent", 2),
    )


def _offer(words: list[str]) -> Offer:
    more = dict(word.split("=") for word in words[4:])
    return Offer(
        cloud="aws",
        region=more.get("region", TARGET.region),
        machine=words[0],
        millicpu=int(words[1]),
        memory_mib=int(words[2]),
        arch=more.get("arch", "amd64"),
        gpu=int(more.get("gpu", 0)),
        hourly=Money.parse(words[3]),
        spot=Money.parse(more["spot"]) if "spot" in more else None,
        source="",
        date="",
        own=_own(more) if "zone" in more else None,
    )


def _own(more: dict[str, str]) -> Own:
    """`zone=a for=data,app disks=pgdata:100`."""
    disks = (disk.partition(":") for disk in more["disks"].split(",")) if "disks" in more else ()
    sizes = tuple((name, int(size or 0)) for name, _, size in disks)
    return Own(zone=more["zone"], tags=tuple(more["for"].split(",")) if "for" in more else (), disks=sizes)


def _group(name: str, written: dict[str, Any]) -> HostGroup:
    count = written.get("count", 1)
    minimum, maximum = (count, count) if isinstance(count, int) else count
    millicpu, memory_mib = written.get("needs", [0, 0])
    arch = written.get("arch", "" if "machine" in written else "amd64")
    gpu = written.get("gpu", 0)
    stated = "needs" in written or bool(gpu)
    return HostGroup(
        name=name,
        minimum=minimum,
        maximum=maximum,
        needs=Needs(millicpu=millicpu, memory_mib=memory_mib, gpu=gpu, arch=arch, stated=stated),
        machine=written.get("machine", ""),
        spot=written.get("spot", False),
        on_demand_percent=written.get("on_demand", 0),
        headroom_percent=written.get("headroom", 0),
        tags=tuple(written.get("tags", ())),
        place=Place(path=f"hosts/{name}"),
    )


def _replicas(name: str, written: dict[str, Any], zones: tuple[str, ...]) -> Iterator[Workload]:
    """`replicas`, `max_per_host`, `max_per_zone` as the plan would state them; `together` as it names each replica's company."""
    count = written.get("replicas", 1)
    limits = {
        "max_per_host": written.get("max_per_host", -(-count // min(count, 3))),
        "max_per_zone": written.get("max_per_zone", -(-count // min(count, len(zones)))),
    }
    workload = _workload(name, written)
    for number in range(1, count + 1):
        suffix = f"/{number}" if number > 1 else ""
        together = tuple(f"{other}{suffix}" for other in written.get("together", ()))
        affinity = replace(workload.affinity, together=together)
        yield replace(workload, name=f"{name}{suffix}", replica=number, replicas=count, affinity=affinity, **limits)


def _workload(name: str, written: dict[str, Any]) -> Workload:
    millicpu, memory_mib = written.get("needs", [500, 512])
    affinity = {key: written[key] for key in ("name", "tag", "resident", "ignore_pressure", "spot") if key in written}
    ports = tuple(Port(container=port, host=port) for port in written.get("ports", ()))
    return Workload(
        name=name,
        containers=(Container(name="main", image="nginx", ports=ports),),
        needs=Needs(millicpu=millicpu, memory_mib=memory_mib, gpu=written.get("gpu", 0), arch=written.get("arch", "")),
        affinity=Affinity(**affinity),
        volumes=tuple(written.get("volumes", ())),
        must_run=written.get("must_run", True),
        place=Place(path=name),
    )
