"""Imported tables over the curated snapshot: which price stands, and that nothing else moves."""

from collections.abc import Callable
from pathlib import Path

import pytest

from provisioner.errors import InputError, Problems, UsageError
from provisioner.prices.importers.plain import read_machines
from provisioner.prices.importers.run import Imported, Input, Job, import_plain
from provisioner.prices.store import TABLES, Prices
from provisioner.prices.tables import list_tables, remove_table
from provisioner.prices.tariff import AmbiguousPrice, MissingPrice
from provisioner.units import Money

HEADER = "region,kind,item,unit,tier_start,tier_end,usd,source,date\n"
MACHINES = "machine,vcpu,memory_mib,arch,gpu\nsmall,1,2048,amd64,0\nmedium,2,4096,amd64,0\nlarge,4,8192,amd64,0\n"
CURATED = {
    ("north", "machine", "small"): "0.1",
    ("north", "machine", "medium"): "0.2",
    ("north", "machine", "large"): "0.4",
    ("north", "spot", "medium"): "0.08",
    ("north", "disk", "ssd"): "0.11",
    ("south", "machine", "small"): "0.12",
}
Rows = dict[tuple[str, str, str], str]


def text(rows: Rows, source: str = "https://prices.example") -> str:
    return HEADER + "".join(f"{','.join(key)},hour,,,{usd},{source},2026-11-01\n" for key, usd in rows.items())


@pytest.fixture
def store(tmp_path: Path) -> Callable[[], Prices]:
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "machines.csv").write_text(MACHINES)
    (folder / "prices.csv").write_text(text(CURATED))
    return lambda: Prices.open({"acme": folder}, tmp_path / "cache")


@pytest.fixture
def own(tmp_path: Path) -> Callable[..., Imported]:
    """Import own prices of the cloud `acme`."""
    (tmp_path / "known.csv").write_text(MACHINES)
    known = {row.machine: row for row in read_machines(tmp_path / "known.csv", Problems())}

    def run(rows: Rows | str, *, name: str = "own", now: str = "2026-11-22T10:00:00", machines: str = "") -> Imported:
        path = tmp_path / f"{name}.csv"
        path.write_text(rows if isinstance(rows, str) else text(rows, f"https://own.example/{name}"))
        capacities = None
        if machines:
            capacities = tmp_path / "capacities.csv"
            capacities.write_text(machines)
        inputs = [Input(path=path, address=str(path), date="2026-11-22")]
        job = Job(inputs=inputs, folder=tmp_path / "cache" / TABLES, name=name, now=now, machines={"acme": known})
        return import_plain(job, "acme", capacities, lambda _: None)

    return run


def hourly(prices: Prices, region: str = "north") -> dict[str, str]:
    return {offer.machine: f"{offer.hourly.decimal.normalize():f}" for offer in prices.offers("acme", region)}


def test_an_imported_price_overrides_the_same_item_and_no_other(
    store: Callable[[], Prices], own: Callable[..., Imported]
) -> None:
    own({("north", "machine", "medium"): "0.15", ("north", "disk", "ssd"): "0.05"})
    with store() as prices:
        assert hourly(prices) == {"small": "0.1", "medium": "0.15", "large": "0.4"}
        assert hourly(prices, "south") == {"small": "0.12"}
        disk = prices.tariff("acme", "north", "disk", "ssd")
        assert (disk.tiers[0].price, disk.source) == (Money.parse("0.05"), "https://own.example/own")
        medium = prices.offers("acme", "north")[1]
        assert (medium.spot, medium.source) == (Money.parse("0.08"), "https://own.example/own")


def test_own_prices_stand_over_a_clouds_and_a_later_import_over_an_earlier(
    store: Callable[[], Prices], own: Callable[..., Imported], tmp_path: Path
) -> None:
    for name, now, usd in (("first", "2026-11-20", "0.5"), ("second", "2026-11-22", "0.6"), ("third", "2026-11-21", "0.7")):
        own({("north", "disk", "ssd"): usd}, name=name, now=now)
    with store() as prices:
        assert prices.tariff("acme", "north", "disk", "ssd").tiers[0].price == Money.parse("0.6")
    assert [table.name for table in list_tables(tmp_path / "cache" / TABLES)] == ["second", "third", "first"]
    remove_table(tmp_path / "cache" / TABLES, "second")
    with store() as prices:
        assert prices.tariff("acme", "north", "disk", "ssd").tiers[0].price == Money.parse("0.7")


def test_a_table_may_speak_of_a_region_that_the_snapshot_lacks(store: Callable[[], Prices], own: Callable[..., Imported]) -> None:
    own({("west", "machine", "small"): "0.09"})
    with store() as prices:
        assert hourly(prices, "west") == {"small": "0.09"}
        with pytest.raises(MissingPrice):
            prices.tariff("acme", "west", "disk", "ssd")


def test_the_cheapest_machine_is_the_first_offer_that_fits(store: Callable[[], Prices], own: Callable[..., Imported]) -> None:
    """`cheapest` reads an index of each table, `offers` everything: they must agree whatever overrides what."""
    for changed in ({}, {"small": "0.9"}, {"large": "0.01"}, {"small": "0.3", "medium": "0.35", "large": "0.35"}):
        if changed:
            own({("north", "machine", name): usd for name, usd in changed.items()})
        with store() as prices:
            for millicpu in (500, 1500, 3000, 5000):
                fitting = [one.machine for one in prices.offers("acme", "north") if one.millicpu >= millicpu]
                found = prices.cheapest("acme", "north", millicpu=millicpu, memory_mib=100)
                assert found == next(iter(fitting), None)
            assert prices.cheapest("acme", "north", millicpu=1, memory_mib=1, arch="arm64") is None
            assert prices.cheapest("acme", "north", millicpu=1, memory_mib=1, gpu=1) is None
            assert prices.cheapest("acme", "nowhere", millicpu=1, memory_mib=1) is None


def test_an_ambiguous_price_of_a_table_does_not_fall_through(store: Callable[[], Prices], own: Callable[..., Imported]) -> None:
    twice = text({("north", "disk", "ssd"): "1"}) + "north,disk,ssd,hour,,,2,https://own.example,2026-11-01\n"
    own(twice)
    with store() as prices, pytest.raises(AmbiguousPrice):
        prices.tariff("acme", "north", "disk", "ssd")


def test_new_machine_types_come_with_what_they_hold(store: Callable[[], Prices], own: Callable[..., Imported]) -> None:
    rows: Rows = {("north", "machine", "huge"): "4"}
    own(rows, machines="machine,vcpu,memory_mib,arch,gpu\nhuge,64,262144,arm64,2\n")
    with store() as prices:
        huge = prices.offers("acme", "north")[-1]
        assert (huge.machine, huge.millicpu, huge.memory_mib, huge.arch, huge.gpu) == ("huge", 64_000, 262_144, "arm64", 2)


def test_options_of_a_machine_come_cheapest_first(store: Callable[[], Prices], own: Callable[..., Imported]) -> None:
    own({("north", "reserved-1y", "medium"): "0.13", ("north", "committed-3y", "medium"): "0.09"})
    with store() as prices:
        found = [(one.kind, one.years, str(one.effective.decimal)) for one in prices.options("acme", "north", "medium")]
    assert found == [("spot", 0, "0.08"), ("committed-3y", 3, "0.09"), ("reserved-1y", 1, "0.13"), ("machine", 0, "0.2")]


def test_a_wrong_file_changes_nothing(store: Callable[[], Prices], own: Callable[..., Imported], tmp_path: Path) -> None:
    own({("north", "disk", "ssd"): "0.05"})
    before = sorted(path.name for path in (tmp_path / "cache" / TABLES).iterdir())
    with pytest.raises(InputError, match="usd: expected an amount"):
        own(HEADER + "north,disk,ssd,hour,,,cheap,https://own.example,2026-11-01\n")
    with pytest.raises(InputError, match="expected at least one price, found none"):
        own(HEADER)
    with pytest.raises(InputError, match="expected huge once, found 2 rows"):
        own(
            {("north", "disk", "ssd"): "1"},
            machines="machine,vcpu,memory_mib,arch,gpu\nhuge,1,1024,amd64,0\nhuge,2,1024,amd64,0\n",
        )
    assert sorted(path.name for path in (tmp_path / "cache" / TABLES).iterdir()) == before
    with store() as prices:
        assert prices.tariff("acme", "north", "disk", "ssd").tiers[0].price == Money.parse("0.05")


def test_a_table_in_use_is_replaced_without_being_disturbed(store: Callable[[], Prices], own: Callable[..., Imported]) -> None:
    own({("north", "disk", "ssd"): "0.05"})
    with store() as before:
        own({("north", "disk", "ssd"): "0.07"})
        assert before.tariff("acme", "north", "disk", "ssd").tiers[0].price == Money.parse("0.05")
    with store() as after:
        assert after.tariff("acme", "north", "disk", "ssd").tiers[0].price == Money.parse("0.07")


def test_a_table_of_another_layout_is_refused_with_what_to_do(
    store: Callable[[], Prices], own: Callable[..., Imported], tmp_path: Path
) -> None:
    import sqlite3
    from contextlib import closing

    own({("north", "disk", "ssd"): "0.05"})
    with closing(sqlite3.connect(tmp_path / "cache" / TABLES / "own.sqlite")) as database, database:
        database.execute("UPDATE meta SET value = '1' WHERE key = 'layout'")
    (tmp_path / "cache" / TABLES / "junk.sqlite").write_bytes(b"x" * 5000)
    with pytest.raises(InputError) as raised:
        store()
    assert [problem.hint for problem in raised.value.problems] == [
        "import it again, or `provisioner prices remove junk`",
        "import it again, or `provisioner prices remove own`",
    ]


@pytest.mark.parametrize("name", ["", "../up", ".hidden", "a b", "a/b", "x" * 81])
def test_a_table_name_is_no_path(name: str) -> None:
    with pytest.raises(UsageError, match="expected a table name"):
        remove_table(Path("tables"), name)


def test_removing_what_is_not_there_names_the_nearest(own: Callable[..., Imported], tmp_path: Path) -> None:
    own({("north", "disk", "ssd"): "1"}, name="azure-eastus")
    with pytest.raises(UsageError, match='no imported table "azure-eastsu"; did you mean "azure-eastus"'):
        remove_table(tmp_path / "cache" / TABLES, "azure-eastsu")
