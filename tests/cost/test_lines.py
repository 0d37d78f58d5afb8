"""Single charges at the curated list prices, ten for each family and cloud, with the arithmetic written out.

`tests/cases/cost/lines/CLOUD.txt`: `CLOUD REGION KIND ITEM: formula = USD`. A price that changes changes its lines here too.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from provisioner.clouds.discovery import clouds
from provisioner.cost.tiers import formula, price
from provisioner.prices.store import Prices

FOLDER = Path(__file__).parent.parent / "cases/cost/lines"
LINES = {cloud: (FOLDER / f"{cloud}.txt").read_text().splitlines() for cloud in clouds()}
TERM = re.compile(r"([\d.]+) \S+ (?:\* ([\d.]+) USD|free)")


@pytest.fixture(scope="module")
def prices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prices]:
    folders = {name: cloud.data for name, cloud in clouds().items()}
    with Prices.open(folders, tmp_path_factory.mktemp("cache")) as opened:
        yield opened


@pytest.mark.parametrize("cloud", list(clouds()))
def test_every_line_is_what_the_estimate_says_and_what_its_arithmetic_gives(cloud: str, prices: Prices) -> None:
    for line in LINES[cloud]:
        key, worked, result = re.split(r": | = ", line)
        terms = [(Decimal(amount), Decimal(usd or 0)) for amount, usd in TERM.findall(worked)]
        quantity = sum((amount for amount, _ in terms), Decimal(0))
        tariff = prices.tariff(*key.split(" ", 3))
        assert f"{key}: {formula(tariff, quantity)} = {price(tariff, quantity).decimal.normalize():f}" == line
        assert sum((amount * usd for amount, usd in terms), Decimal(0)) == Decimal(result), line


@pytest.mark.parametrize("cloud", list(clouds()))
def test_ten_for_each_family_that_has_prices(cloud: str) -> None:
    families = Counter(line.split()[2] for line in LINES[cloud])
    with (clouds()[cloud].data / "prices.csv").open(newline="") as rows:
        assert families.keys() == {row["kind"] for row in csv.DictReader(rows)}
    assert {family: count for family, count in families.items() if count < 10} == {}
