"""What must hold of every resource and every curated price: more use never costs less, and parts sum to the whole."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_resources import CASES, priced

from provisioner.clouds.discovery import clouds
from provisioner.cost.model import Quantity, Range
from provisioner.cost.tiers import price
from provisioner.cost.usage import DEFAULT, FIELDS, Usage
from provisioner.prices.store import Prices
from provisioner.prices.tariff import MissingPrice, Tariff
from provisioner.units import ZERO


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Tariff]]:
    with Prices.open({name: cloud.data for name, cloud in clouds().items()}, tmp_path_factory.mktemp("cache")) as opened:
        yield [tariff for name in clouds() for tariff in opened.find(name)]


amounts = st.integers(0, 10**7)


def usage(stated: dict[str, int]) -> Usage:
    fixed = {name: Quantity.fixed(min(amount, 730) if name == "host_hours" else amount) for name, amount in stated.items()}
    return replace(DEFAULT, **fixed)  # pyright: ignore[reportArgumentType]


@settings(max_examples=300, deadline=None)
@given(
    case=st.sampled_from(CASES),
    less=st.fixed_dictionaries(dict.fromkeys(FIELDS.values(), amounts)),
    more=st.fixed_dictionaries(dict.fromkeys(FIELDS.values(), amounts)),
)
def test_more_use_of_any_resource_never_costs_less(
    case: tuple[str, dict[str, object]], less: dict[str, int], more: dict[str, int]
) -> None:
    grown = {name: amount + more[name] for name, amount in less.items()}
    before, after = (priced(*case, usage(stated)).estimate for stated in (less, grown))
    for estimate in (before, after):
        assert estimate.monthly == sum((item.monthly for item in estimate.items), Range())
        assert all(item.monthly.typical >= ZERO for item in estimate.items)
    if not after.missing:
        assert before.monthly.typical <= after.monthly.typical


@settings(max_examples=300, deadline=None)
@given(data=st.data(), less=st.integers(0, 10**12), more=st.integers(0, 10**12), cut=st.integers(1, 10**12))
def test_every_curated_price_in_tiers(curated: list[Tariff], data: st.DataObject, less: int, more: int, cut: int) -> None:
    """More never costs less, and a tier that is cut in two says the same."""
    tariff = data.draw(st.sampled_from([one for one in curated if len(one.tiers) > 1]))
    last = tariff.tiers[-1].end
    amounts = [Decimal(amount if last is None else min(amount, last)) for amount in (less, less + more)]
    before, after = (price(tariff, amount) for amount in amounts)
    assert before <= after
    tiers = [
        part
        for tier in tariff.tiers
        for part in (
            (replace(tier, end=cut), replace(tier, start=cut))
            if tier.start < cut and (tier.end is None or cut < tier.end)
            else (tier,)
        )
    ]
    assert [price(replace(tariff, tiers=tuple(tiers)), amount) for amount in amounts] == [before, after]


def test_above_the_last_price_nothing_is_guessed(curated: list[Tariff]) -> None:
    ending = [one for one in curated if one.tiers[-1].end is not None]
    assert ending
    for tariff in ending:
        with pytest.raises(MissingPrice):
            price(tariff, Decimal(tariff.tiers[-1].end or 0) + 1)
