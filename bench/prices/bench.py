"""The price store and the importers at a million prices: `python -m bench.prices.bench` (a minute, 2 GB of disk).

Every import runs in a process of its own, whose largest resident memory counts. Exit status 1 where a limit is missed.
"""

import itertools
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from provisioner.prices.importers.plain import MachineRow
from provisioner.prices.importers.run import Input, Job, import_plain, import_public
from provisioner.prices.store import TABLES, Prices

MILLION = 1_000_000
TERMS = 11
REGIONS = [f"region-{number}" for number in range(36)]
FAMILIES = 60
SIZES = 14
MACHINES = [f"m{family}.{size}x" for family in range(FAMILIES) for size in range(1, SIZES + 1)]
LIMITS = {"point look-up p50": 20.0, "cheapest machine p50": 200.0, "seconds": 60.0, "MB": 300.0}
HEADER = "region,kind,item,unit,tier_start,tier_end,usd,source,date\n"
COLUMNS = "SKU,OfferTermCode,RateCode,TermType,StartingRange,EndingRange,Unit,PricePerUnit,Currency,LeaseContractLength,\
PurchaseOption,OfferingClass,Product Family,serviceCode,Location,Location Type,Region Code,Instance Type,vCPU,Memory,GPU,\
Physical Processor,Processor Architecture,Operating System,License Model,Tenancy,Pre Installed S/W,CapacityStatus,MarketOption,\
Volume API Name,usageType,operation"


def plain(path: Path) -> None:
    """Machines by demand and spot in 36 regions, and disks, until it is a million."""
    random.seed(1)
    with path.open("w") as file:
        file.write(HEADER)
        rows = _plain_rows()
        for _ in range(MILLION):
            file.write(next(rows))


def _plain_rows() -> Iterator[str]:
    for kind in ("machine", "spot"):
        for region in REGIONS:
            for number, machine in enumerate(MACHINES):
                price = (number % SIZES + 1) * random.uniform(0.02, 0.2)  # noqa: S311  no secret
                yield f"{region},{kind},{machine},hour,,,{price:.6f},https://prices.example/{kind},2026-11-01\n"
    for number in range(MILLION):
        yield f"{REGIONS[number % 36]},service,item-{number},hour,,,0.{number % 9 + 1},https://prices.example,2026-11-01\n"


def terms() -> list[tuple[str, str, str]]:
    """Eleven: on demand, and ten reservations (lease, purchase, class)."""
    found = itertools.product(("1yr", "3yr"), ("No Upfront", "Partial Upfront", "All Upfront"), ("standard", "convertible"))
    return [("", "", ""), *found][:TERMS]


def offer_csv(path: Path) -> None:
    """An offer of one region as AWS writes it: 90,910 machine types, each on demand and with ten reservations."""
    common = '"64-bit","Linux","No License required","Shared","NA","Used","OnDemand",""'
    with path.open("w") as file:
        for line in ('"FormatVersion","v1.0"', '"Publication Date","2026-11-01T00:00:00Z"', '"OfferCode","AmazonEC2"', COLUMNS):
            file.write(line + "\n")
        for number in range(MILLION // TERMS + 1):
            sku = f"SKU{number:013}"
            product = f'"Compute Instance","AmazonEC2","EU (Ireland)","AWS Region","eu-west-1","m{number}.large","4","16 GiB"'
            for index, (lease, purchase, offering) in enumerate(terms()):
                kind = "Reserved" if index else "OnDemand"
                price = f'"0","Inf","Hrs","0.{(number + index) % 899 + 100}0000000","USD","{lease}","{purchase}","{offering}"'
                file.write(f'"{sku}","T{index}","{sku}.T{index}.R","{kind}",{price},{product},"","Intel Xeon",{common},')
                file.write(f'"EU-BoxUsage:m{number}.large","RunInstances"\n')


def offer_json(path: Path) -> None:
    """The same as JSON."""
    attributes = {
        "servicecode": "AmazonEC2", "location": "EU (Ireland)", "locationType": "AWS Region", "regionCode": "eu-west-1",
        "currentGeneration": "Yes", "instanceFamily": "General purpose", "vcpu": "4", "memory": "16 GiB", "tenancy": "Shared",
        "physicalProcessor": "Intel Xeon Platinum 8175", "clockSpeed": "2.5 GHz", "storage": "EBS only", "capacitystatus": "Used",
        "networkPerformance": "Up to 10 Gigabit", "processorArchitecture": "64-bit", "preInstalledSw": "NA",
        "marketoption": "OnDemand", "enhancedNetworkingSupported": "Yes", "licenseModel": "No License required",
        "operatingSystem": "Linux", "operation": "RunInstances",
    }  # fmt: skip
    count = MILLION // TERMS + 1
    with path.open("w") as file:
        file.write('{"offerCode": "AmazonEC2", "publicationDate": "2026-11-01T00:00:00Z", "products": {\n')
        for number in range(count):
            own = {"instanceType": f"m{number}.large", "usagetype": f"EU-BoxUsage:m{number}.large"}
            product = {"sku": f"SKU{number:013}", "productFamily": "Compute Instance", "attributes": {**attributes, **own}}
            file.write(("," if number else "") + f'"SKU{number:013}": {json.dumps(product, indent=1)}\n')
        file.write('}, "terms": {"OnDemand": {')
        file.write(",\n".join(_terms(number, 0, 1) for number in range(count)))
        file.write('}, "Reserved": {')
        for number in range(count):
            file.write(("," if number else "") + _terms(number, 1, TERMS))
        file.write("}}}")


def _terms(number: int, first: int, last: int) -> str:
    sku, found = f"SKU{number:013}", dict[str, object]()
    for index, (lease, purchase, offering) in list(enumerate(terms()))[first:last]:
        dollars = {"USD": f"0.{(number + index) % 899 + 100}0000000"}
        price = {"unit": "Hrs", "beginRange": "0", "endRange": "Inf", "pricePerUnit": dollars}
        words = {"LeaseContractLength": lease, "PurchaseOption": purchase, "OfferingClass": offering} if index else {}
        found[f"{sku}.T{index}"] = {"sku": sku, "priceDimensions": {f"{sku}.T{index}.R": price}, "termAttributes": words}
    return f'"{sku}": {json.dumps(found, indent=1)}'


FILES: dict[str, Callable[[Path], None]] = {"plain CSV": plain, "AWS offer CSV": offer_csv, "AWS offer JSON": offer_json}


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
    command = [sys.executable, __file__, name, str(path), str(folder / name.replace(" ", "-"))]
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
