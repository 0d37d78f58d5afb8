"""The price store: what it finds, what it refuses, and that its cache is safe."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from provisioner.errors import InputError
from provisioner.prices.store import Prices
from provisioner.prices.tariff import AmbiguousPrice, MissingPrice
from provisioner.units import Money

CASES = yaml.safe_load((Path(__file__).parent.parent / "cases/prices/plain.yaml").read_text())

MACHINES = """machine,vcpu,memory_mib,arch,gpu
small,0.5,1024,amd64,0
medium,2,4096,arm64,1
"""
PRICES = """region,kind,item,unit,tier_start,tier_end,usd,source,date
north,machine,medium,hour,,,0.2,https://prices.example/vm,2026-11-01
north,machine,small,hour,,,0.05,https://prices.example/vm,2026-11-01
north,spot,medium,hour,,,0.06,https://prices.example/spot,2026-10-01
north,egress,internet,GB,100,,0.09,https://prices.example/net,2026-10-02
north,egress,internet,GB,,100,0,https://prices.example/free,2026-10-03
north,disk,gap,GB,,10,1,https://prices.example/net,2026-11-01
north,disk,gap,GB,20,,1,https://prices.example/net,2026-11-01
north,disk,twice,GB,,,1,https://prices.example/net,2026-11-01
north,disk,twice,GB,,,2,https://prices.example/net,2026-11-01
south,machine,small,hour,,,0.07,https://prices.example/vm,2026-11-01
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "cloud", MACHINES, PRICES)


@pytest.fixture
def prices(folder: Path, tmp_path: Path) -> Prices:
    return Prices.open({"acme": folder}, tmp_path / "cache")


def written(folder: Path, machines: str, prices: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "machines.csv").write_text(machines)
    (folder / "prices.csv").write_text(prices)
    return folder


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_mistakes_in_a_file_are_reported_with_their_place(case: dict[str, object], tmp_path: Path) -> None:
    machines = str(case.get("machines", "machine,vcpu,memory_mib,arch,gpu\n"))
    folder = written(tmp_path / "cloud", machines, str(case["prices"]))
    said = list[str]()
    try:
        Prices.open({"acme": folder}, tmp_path / "cache").close()
    except InputError as error:
        said = [str(problem).removeprefix(f"{folder}/") for problem in error.problems]
    assert said == case["says"]


def test_nothing_is_left_of_a_database_that_could_not_be_built(tmp_path: Path) -> None:
    folder = written(tmp_path / "cloud", MACHINES, "nonsense")
    with pytest.raises(InputError):
        Prices.open({"acme": folder}, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"machines\.csv: expected a readable CSV file"):
        Prices.open({"acme": tmp_path}, tmp_path / "cache")


def test_offers_are_those_of_the_region_cheapest_first(prices: Prices) -> None:
    small, medium = prices.offers("acme", "north")
    assert (small.machine, small.millicpu, small.memory_mib, small.arch, small.gpu) == ("small", 500, 1024, "amd64", 0)
    assert (small.hourly, small.spot) == (Money.parse("0.05"), None)
    assert (medium.machine, medium.hourly, medium.spot) == ("medium", Money.parse("0.2"), Money.parse("0.06"))
    assert (medium.source, medium.date) == ("https://prices.example/vm", "2026-11-01")
    assert [offer.machine for offer in prices.offers("acme", "south")] == ["small"]


@pytest.mark.parametrize(("cloud", "region"), [("acme", "east"), ("other", "north"), ("acme", "")])
def test_an_unknown_region_has_no_offers_and_borrows_none(prices: Prices, cloud: str, region: str) -> None:
    assert prices.offers(cloud, region) == ()


def test_a_machine_with_two_prices_is_refused(tmp_path: Path) -> None:
    again = "north,machine,small,hour,,,0.06,https://prices.example/vm,2026-11-01\n"
    folder = written(tmp_path / "cloud", MACHINES, PRICES + again)
    opened = Prices.open({"acme": folder}, tmp_path / "cache")
    with pytest.raises(AmbiguousPrice, match="acme north machine small"):
        opened.offers("acme", "north")


def test_tiers_come_in_order_with_every_source_and_the_oldest_date(prices: Prices) -> None:
    tariff = prices.tariff("acme", "north", "egress", "internet")
    assert [(tier.start, tier.end, tier.price) for tier in tariff.tiers] == [
        (0, 100, Money(0)),
        (100, None, Money.parse("0.09")),
    ]
    assert tariff.unit == "GB"
    assert tariff.source == "https://prices.example/free; https://prices.example/net"
    assert tariff.date == "2026-10-02"


@pytest.mark.parametrize(
    ("region", "kind", "item"),
    [("south", "egress", "internet"), ("north", "egress", "intranet"), ("north", "spot", "small"), ("north", "disk", "gap")],
)
def test_a_missing_price_is_never_zero_and_never_anothers(prices: Prices, region: str, kind: str, item: str) -> None:
    with pytest.raises(MissingPrice) as raised:
        prices.tariff("acme", region, kind, item)
    assert all(word in str(raised.value) for word in ("acme", region, item))


def test_two_matching_prices_are_an_error(prices: Prices) -> None:
    with pytest.raises(AmbiguousPrice, match="acme north disk twice"):
        prices.tariff("acme", "north", "disk", "twice")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("south", ["acme south machine small"]),
        ("north spot", ["acme north spot medium"]),
        ("SMALL", ["acme north machine small", "acme south machine small"]),
        ("machine north", []),
        ("100%", []),
        ("_", []),
    ],
)
def test_find(prices: Prices, pattern: str, found: list[str]) -> None:
    assert [str(tariff) for tariff in prices.find(pattern)] == found


def test_every_source_is_recorded_with_the_digest_of_its_file(prices: Prices) -> None:
    sources = prices.sources()
    assert ("https://prices.example/spot", "2026-10-01") in {(address, date) for address, date, _ in sources}
    assert {len(digest) for _, _, digest in sources} == {64}


def test_changed_data_is_another_database_and_the_same_data_the_same(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    Prices.open({"acme": folder}, cache).close()
    first = {path: path.stat().st_mtime_ns for path in cache.iterdir()}
    Prices.open({"acme": folder}, cache).close()
    assert {path: path.stat().st_mtime_ns for path in cache.iterdir()} == first

    written(folder, MACHINES, PRICES.replace("0.07", "0.08"))
    with Prices.open({"acme": folder}, cache) as prices:
        assert prices.offers("acme", "south")[0].hourly == Money.parse("0.08")


def test_several_processes_may_build_it_at_once(folder: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from provisioner.prices.store import Prices\n"
        "print(len(Prices.open({'acme': Path(sys.argv[1])}, Path(sys.argv[2])).offers('acme', 'north')))"
    )
    command = [sys.executable, "-c", program, str(folder), str(tmp_path / "cache")]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate(timeout=60)[0].strip() for process in started] == ["2"] * 4
    assert len(list((tmp_path / "cache").iterdir())) == 1
