"""The data itself: each cloud's regions, machine types and curated prices. A mistake here would price every stack wrongly."""

import csv
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from provisioner.clouds.contract import CAPABILITIES, Cloud
from provisioner.clouds.discovery import clouds
from provisioner.prices.offers import Offer
from provisioner.prices.store import Prices
from provisioner.prices.sustained import discounted, full_month
from provisioner.prices.tariff import Tariff
from provisioner.units import ZERO

CLOUDS = list(clouds().values())
REGIONS = [(cloud, region) for cloud in CLOUDS for region in cloud.regions]
PROMISED = ("committed-1y", "committed-3y", "sustained")
KINDS = {
    "machine",
    "spot",
    *PROMISED,
    "disk",
    "snapshot",
    "address",
    "nat",
    "balancer",
    "bucket",
    "egress",
    "kubernetes",
    "endpoint",
}
UNITS = {"hour", "GiB-month", "disk-month", "GB", "GiB", "LCU-hour", "IOPS-month", "MiBps-month"}
TODAY = dt.date(2026, 11, 22)
"""The day the snapshot was made: no figure can have been read later."""


@pytest.fixture(scope="module")
def prices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prices]:
    with Prices.open({cloud.name: cloud.data for cloud in CLOUDS}, tmp_path_factory.mktemp("cache")) as opened:
        yield opened


def rows(cloud: Cloud, file: str) -> list[dict[str, str]]:
    with (cloud.data / file).open(newline="") as lines:
        return list(csv.DictReader(lines))


def named(cloud: Cloud | str) -> str:
    return cloud if isinstance(cloud, str) else cloud.name


def test_the_three_clouds_are_found() -> None:
    assert list(clouds()) == ["aws", "azure", "gcp"]


@pytest.mark.parametrize("cloud", CLOUDS, ids=named)
def test_facts(cloud: Cloud) -> None:
    assert len(cloud.regions) >= 10
    assert cloud.default_region in cloud.regions
    assert cloud.capabilities <= set(CAPABILITIES)
    assert cloud.region_config
    assert all(key.startswith(f"{cloud.package}:") for key in cloud.region_config)
    assert 10_000 < cloud.user_data_limit < 1_000_000
    for name, region in cloud.regions.items():
        assert name == region.name
        assert len(region.zones) == len(set(region.zones)) >= 3
        assert region.continent in {"North America", "Europe", "Asia", "Oceania"}
        assert region.label


@pytest.mark.parametrize("cloud", CLOUDS, ids=named)
def test_machines_are_sane(cloud: Cloud) -> None:
    machines = rows(cloud, "machines.csv")
    assert 50 <= len(machines) <= 80
    assert len({row["machine"] for row in machines}) == len(machines)
    assert {row["arch"] for row in machines} == {"amd64", "arm64"}
    assert any(int(row["gpu"]) for row in machines)
    for row in machines:
        per_cpu = Decimal(row["memory_mib"]) / Decimal(row["vcpu"])
        assert 256 <= per_cpu <= 8192, row


@pytest.mark.parametrize("cloud", CLOUDS, ids=named)
def test_prices_are_stated_in_full(cloud: Cloud) -> None:
    """Known regions, kinds and units; a source that is an address; an ISO date that is not in the future."""
    known = {row["machine"] for row in rows(cloud, "machines.csv")}
    for row in rows(cloud, "prices.csv"):
        assert row["region"] in cloud.regions, row
        assert row["kind"] in KINDS, row
        assert row["unit"] in UNITS, row
        assert re.match(r"https://(aws\.amazon\.com|cloud\.google\.com|azure\.microsoft\.com)/", row["source"]), row
        assert dt.date(2023, 1, 1) <= dt.date.fromisoformat(row["date"]) <= TODAY, row
        assert row["kind"] not in {"machine", "spot", *PROMISED} or row["item"] in known, row


@pytest.mark.parametrize("cloud", CLOUDS, ids=named)
def test_rows_are_unique_and_in_a_stable_order(cloud: Cloud) -> None:
    found = [(row["region"], row["kind"], row["item"], row["tier_start"]) for row in rows(cloud, "prices.csv")]
    assert len(set(found)) == len(found)
    order = list(cloud.regions)
    assert [order.index(region) for region, *_ in found] == sorted(order.index(region) for region, *_ in found)


@pytest.mark.parametrize("cloud", CLOUDS, ids=named)
def test_nothing_is_free_but_the_first_egress(cloud: Cloud) -> None:
    free = [row for row in rows(cloud, "prices.csv") if Decimal(row["usd"]) == 0]
    assert {(row["kind"], row["tier_start"], row["tier_end"]) for row in free} <= {("egress", "", "100")}
    assert bool(free) == (cloud.name in {"aws", "azure"})


@pytest.mark.parametrize(("cloud", "region"), REGIONS, ids=named)
def test_every_region_has_the_current_families(cloud: Cloud, region: str, prices: Prices) -> None:
    """Some types are absent in some regions, which is a fact; most must be there."""
    offers = prices.offers(cloud.name, region)
    assert len(offers) >= 0.8 * len(rows(cloud, "machines.csv"))
    assert {offer.arch for offer in offers} >= {"amd64"}


@pytest.mark.parametrize(("cloud", "region"), REGIONS, ids=named)
def test_spot_is_below_on_demand(cloud: Cloud, region: str, prices: Prices) -> None:
    offers = prices.offers(cloud.name, region)
    assert all(offer.spot is None or ZERO < offer.spot < offer.hourly for offer in offers)
    assert any(offer.spot for offer in offers) == ("spot" in cloud.capabilities)


@pytest.mark.parametrize(("cloud", "region"), REGIONS, ids=named)
def test_a_promise_is_below_on_demand_and_a_longer_one_below_a_shorter(cloud: Cloud, region: str, prices: Prices) -> None:
    for offer in prices.offers(cloud.name, region):
        found = {option.kind: option.effective for option in prices.options(cloud.name, region, offer.machine)}
        promised = [found[kind] for kind in ("committed-3y", "committed-1y", "machine") if kind in found]
        assert promised == sorted(set(promised)), offer
        assert found.get("sustained", ZERO) < offer.hourly, offer


def test_sustained_use_is_what_google_clouds_rule_gives(prices: Prices) -> None:
    """The source's whole months against the rule by family: the same to a thousandth of a cent, and for the same machines."""
    for region in clouds()["gcp"].regions:
        for offer in prices.offers("gcp", region):
            found = {option.kind: option.effective for option in prices.options("gcp", region, offer.machine)}
            assert ("sustained" in found) == discounted(offer.machine), offer
            ruled = full_month(offer.machine, offer.hourly)
            assert abs(found.get("sustained", ruled).nano - ruled.nano) <= 10, offer


@pytest.mark.parametrize(("cloud", "region"), REGIONS, ids=named)
def test_a_larger_machine_of_a_family_costs_more(cloud: Cloud, region: str, prices: Prices) -> None:
    for family in families(prices.offers(cloud.name, region)).values():
        for smaller, larger in pairwise(sorted(family, key=lambda offer: (offer.memory_mib, offer.millicpu))):
            assert smaller.hourly < larger.hourly, (smaller, larger)


@pytest.mark.parametrize(("cloud", "region"), REGIONS, ids=named)
def test_a_family_has_one_price_by_the_vcpu(cloud: Cloud, region: str, prices: Prices) -> None:
    """A Windows or GPU price that slipped into a Linux family stands out: families without GPU are sold by size."""
    for name, family in families(prices.offers(cloud.name, region)).items():
        sold_by_size = [offer for offer in family if not offer.gpu and not re.match(r"B|t[34]|e2$", name)]
        per_cpu = [offer.hourly.decimal / offer.millicpu for offer in sold_by_size]
        if per_cpu:
            assert max(per_cpu) <= min(per_cpu) * Decimal("1.1"), (name, sold_by_size)


def families(offers: tuple[Offer, ...]) -> dict[str, list[Offer]]:
    """By the name without its size: `m7i` of `m7i.large`, `e2-standard` of `e2-standard-4`, `Ds_v5` of `Standard_D4s_v5`."""
    found = defaultdict[str, list[Offer]](list)
    for offer in offers:
        name = offer.machine.split(".")[0].removeprefix("Standard_")
        if offer.cloud == "gcp":
            name = re.sub(r"-(\d+|micro|small|medium)$", "", name)
        if offer.cloud == "azure":
            name = re.sub(r"^([A-Z]+)\d+", r"\1", name)
        found[name].append(offer)
    return found


@pytest.mark.parametrize("cloud", CLOUDS, ids=named)
def test_every_tariff_can_be_looked_up(cloud: Cloud, prices: Prices) -> None:
    """Tiers start at 0 and have neither gap nor overlap, or the look-up refuses; more use costs less each, after the free."""
    found = prices.find(f"{cloud.name} ")
    assert len(found) == len({(row["region"], row["kind"], row["item"]) for row in rows(cloud, "prices.csv")})
    for tariff in found:
        paid = [tier.price for tier in tariff.tiers if tier.price > ZERO]
        assert paid == sorted(paid, reverse=True), tariff


NEEDED = {
    "aws": [
        ("disk", "gp3"),
        ("disk", "st1"),
        ("address", "public-ipv4"),
        ("nat", "gateway"),
        ("nat", "data"),
        ("balancer", "nlb"),
        ("balancer", "nlb-lcu"),
        ("bucket", "s3-standard"),
        ("egress", "internet"),
    ],
    "gcp": [
        ("disk", "pd-balanced"),
        ("disk", "pd-standard"),
        ("address", "in-use"),
        ("address", "idle"),
        ("nat", "vm"),
        ("nat", "data"),
        ("balancer", "rules-first-five"),
        ("balancer", "rule-additional"),
        ("balancer", "data"),
        ("bucket", "standard"),
        ("egress", "internet"),
    ],
    "azure": [
        *(("disk", f"{series}{size}") for series in "PS" for size in (4, 6, 10, 15, 20, 30)),
        ("address", "standard-static"),
        ("nat", "gateway"),
        ("nat", "data"),
        ("balancer", "rules-first-five"),
        ("balancer", "rule-additional"),
        ("balancer", "data"),
        ("bucket", "hot-lrs"),
        ("egress", "internet"),
    ],
}
"""What `charges.py` can ask for."""


@pytest.mark.parametrize("cloud", CLOUDS, ids=named)
def test_the_default_region_is_priced_in_full(cloud: Cloud, prices: Prices) -> None:
    for kind, item in NEEDED[cloud.name]:
        tariff: Tariff = prices.tariff(cloud.name, cloud.default_region, kind, item)
        assert tariff.tiers[-1].end is None


def test_google_cloud_is_priced_in_full_almost_everywhere(prices: Prices) -> None:
    """The source's egress tiers for Tokyo contradict each other (the first below the second), so they are left out."""
    for region in clouds()["gcp"].regions:
        for kind, item in NEEDED["gcp"]:
            if (region, kind) != ("asia-northeast1", "egress"):
                assert prices.tariff("gcp", region, kind, item).date


@pytest.mark.parametrize(
    ("cloud", "region", "kind", "item"),
    [
        ("gcp", "asia-northeast1", "egress", "internet"),
        ("aws", "eu-central-1", "disk", "gp3"),
        ("azure", "westeurope", "disk", "P10"),
        ("azure", "uksouth", "egress", "internet"),
        ("aws", "us-east-1", "disk", "io2-iops"),
        ("aws", "eu-west-1", "kubernetes", "eks"),
        ("aws", "us-east-1", "database", "postgres"),
        ("gcp", "us-central1", "kubernetes", "gke"),
        ("azure", "eastus", "reserved", ""),
    ],
)
def test_what_the_sources_lack_stays_missing(cloud: str, region: str, kind: str, item: str, prices: Prices) -> None:
    """Written down so that a figure copied from another region is noticed; delete a line when its real price is added."""
    assert prices.find(f"{cloud} {region} {kind} {item}") == ()


def test_files_are_plain_text_with_unix_lines() -> None:
    for cloud in CLOUDS:
        for name in ("machines.csv", "prices.csv"):
            assert b"\r" not in Path(cloud.data / name).read_bytes()
