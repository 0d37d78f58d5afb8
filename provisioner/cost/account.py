"""What one account pays instead of list prices: prices of its own, and discounts on the list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Final

from provisioner.cost.tiers import plain
from provisioner.prices.offers import Offer
from provisioner.prices.options import ON_DEMAND
from provisioner.prices.tariff import AmbiguousPrice, Tariff, Tariffs, Tier
from provisioner.units import Money

Key = tuple[str, str, str, str]
"""Cloud, region, kind, item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """`percent` off every list price that the four patterns match (`*` and `?` as in file names)."""

    percent: Decimal
    source: str
    cloud: str = "*"
    region: str = "*"
    kind: str = "*"
    item: str = "*"

    def matches(self, key: Key) -> bool:
        return _match(key, (self.cloud, self.region, self.kind, self.item))


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """Machines that the patterns match are paid by a promise of one or three years: `reserved-1y-no-upfront`."""

    option: str
    """One of `prices.options.COMMITMENTS`: the kind of their prices in the tables."""
    cloud: str = "*"
    region: str = "*"
    item: str = "*"

    def matches(self, key: Key) -> bool:
        return key[2] == ON_DEMAND and _match(key, (self.cloud, self.region, "*", self.item))


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Own prices come before the list and are not discounted. Discounts that match the same price multiply."""

    prices: Mapping[Key, Tariff] = field(default_factory=dict[Key, Tariff])
    discounts: tuple[Discount, ...] = ()
    commitments: tuple[Commitment, ...] = ()

    def off(self, key: Key) -> tuple[Discount, ...]:
        return tuple(discount for discount in self.discounts if discount.matches(key))


LIST: Final = Account()
"""List prices, as published."""


def with_prices(account: Account, stated: Iterable[Tariff]) -> Account:
    """With prices that are stated elsewhere; the account's own come before them."""
    more = {(one.cloud, one.region, one.kind, one.item): one for one in stated}
    return replace(account, prices={**more, **account.prices}) if more else account


@dataclass(frozen=True, slots=True)
class AccountTariffs:
    """Prices as `account` pays them; what neither it nor the list has is missing."""

    account: Account
    listed: Tariffs

    def tariff(self, cloud: str, region: str, kind: str, item: str) -> Tariff:
        key = (cloud, region, kind, item)
        committed = [one.option for one in self.account.commitments if one.matches(key)]
        if len(committed) > 1:
            raise AmbiguousPrice(f"several commitments for {item} in {cloud} {region}: {', '.join(committed)}")
        if committed:
            found = self.tariff(cloud, region, committed[0], item)
            return replace(found, source=f"{found.source}; {committed[0]}")
        own = self.account.prices.get(key)
        return own if own is not None else discounted(self.listed.tariff(*key), self.account.off(key))


def _match(key: Key, patterns: Key) -> bool:
    return all(pattern == "*" or fnmatchcase(word, pattern) for word, pattern in zip(key, patterns, strict=True))


def offers(account: Account, listed: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """The offers at the account's prices and discounts, cheapest first: the choice of machines follows what is paid."""
    if account == LIST:
        return listed
    found = (_offer(account, offer) for offer in listed)
    return tuple(sorted(found, key=lambda offer: (offer.hourly, offer.machine)))


def discounted(tariff: Tariff, discounts: tuple[Discount, ...]) -> Tariff:
    """Every tier at what the discounts leave, rounded to a nano-dollar; the source names each of them."""
    if not discounts:
        return tariff
    words = "; ".join(f"less {plain(discount.percent)} % ({discount.source})" for discount in discounts)
    tiers = tuple(Tier(start=tier.start, end=tier.end, price=_less(tier.price, discounts)) for tier in tariff.tiers)
    return replace(tariff, tiers=tiers, source=f"{tariff.source}; {words}")


def _less(price: Money, discounts: tuple[Discount, ...]) -> Money:
    left = Decimal(1)
    for discount in discounts:
        left *= (100 - discount.percent) / 100
    return price.times(left)


def _offer(account: Account, offer: Offer) -> Offer:
    hourly = _paid(account, offer, "machine", offer.hourly)
    return replace(offer, hourly=hourly or offer.hourly, spot=_paid(account, offer, "spot", offer.spot))


def _paid(account: Account, offer: Offer, kind: str, listed: Money | None) -> Money | None:
    key = (offer.cloud, offer.region, kind, offer.machine)
    own = account.prices.get(key)
    if own is not None:
        return own.tiers[0].price
    return None if listed is None else _less(listed, account.off(key))
