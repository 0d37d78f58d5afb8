"""Import texts in the clouds' formats into a folder of tables, and print what they became."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from price_server import Naps, Server, serving

from provisioner.prices.importers.plain import MachineRow
from provisioner.prices.importers.run import Imported, Input, Job, import_public
from provisioner.prices.store import TABLES, Prices
from provisioner.prices.tariff import AmbiguousPrice, Tariff

EMPTY = "region,kind,item,unit,tier_start,tier_end,usd,source,date\n"
CAPACITIES = "machine,vcpu,memory_mib,arch,gpu\n"
NOW = "2026-11-22T10:00:00.000+00:00"


def machine(name: str, millicpu: int, memory_mib: int, gpu: int = 0) -> MachineRow:
    return MachineRow(machine=name, millicpu=millicpu, memory_mib=memory_mib, arch="amd64", gpu=gpu)


MACHINES: Mapping[str, Mapping[str, MachineRow]] = {
    "azure": {one.machine: one for one in (machine("Standard_D2s_v3", 2000, 8192), machine("Standard_E32-8as_v5", 8000, 262144))},
    "gcp": {
        one.machine: one
        for one in (
            machine("e2-micro", 250, 1024),
            machine("e2-medium", 1000, 4096),
            machine("n1-standard-4", 4000, 15360),
            machine("n2-standard-8", 8000, 32768),
            machine("n2-highmem-2", 2000, 16384),
            machine("g2-standard-4", 4000, 16384, 1),
        )
    },
}

Importer = Callable[..., Imported]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def importer(cache: Path, tmp_path: Path) -> Importer:
    """`importer("text of a file", …, name="t")` imports the texts as one table."""

    def run(*texts: str | bytes, name: str = "t", now: str = NOW) -> Imported:
        inputs = list[Input]()
        for number, text in enumerate(texts):
            path = tmp_path / f"{name}-{number}"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            inputs.append(Input(path=path, address=f"https://prices.example/{name}/{number}", date="2026-11-20"))
        return import_public(Job(inputs=inputs, folder=cache / TABLES, name=name, now=now, machines=MACHINES), lambda _: None)

    return run


@pytest.fixture
def opened(cache: Path, tmp_path: Path) -> Callable[[], Prices]:
    """The tables over an empty snapshot of a cloud `acme`."""
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "machines.csv").write_text(CAPACITIES)
    (folder / "prices.csv").write_text(EMPTY)
    return lambda: Prices.open({"acme": folder}, cache)


def printed(tariff: Tariff) -> str:
    """`eu-west-1 disk gp3 | GiB-month | 0.088`, tiers as `0-100 0, 100- 0.09`."""
    tiers = tariff.tiers
    alone = len(tiers) == 1 and tiers[0].end is None
    words = (f"{tier.price.decimal.normalize():f}" for tier in tiers)
    if not alone:
        words = (f"{tier.start}-{'' if tier.end is None else tier.end} {tier.price.decimal.normalize():f}" for tier in tiers)
    return f"{tariff.region} {tariff.kind} {tariff.item} | {tariff.unit} | {', '.join(words)}"


@pytest.fixture
def everything(opened: Callable[[], Prices]) -> Callable[[], list[str]]:
    """Every price of the tables, printed; what cannot be chosen says so."""

    def run() -> list[str]:
        found = list[str]()
        with opened() as prices:
            for key in prices.keys(""):
                try:
                    found.append(printed(prices.tariff(*key)))
                except AmbiguousPrice:
                    found.append(f"{' '.join(key[1:])} | several prices")
        return found

    return run


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as site:
        yield site


@pytest.fixture
def naps() -> Naps:
    return Naps()
