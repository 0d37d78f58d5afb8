"""A tariff: what one billed thing costs in a region, tier by tier, and what goes wrong when there is none, or two."""

from dataclasses import dataclass
from typing import Protocol

from provisioner.errors import ProvisionerError
from provisioner.units import Money


class MissingPrice(ProvisionerError):  # noqa: N818  the word that users read
    """The tables hold no price for what was asked. It is never taken as free, nor from another region."""


class AmbiguousPrice(ProvisionerError):  # noqa: N818
    """Several prices match: a mistake in the tables, never a choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """`price` per unit for the use from `start` up to `end`, both in units a month; `end` None: without limit."""

    start: int
    end: int | None
    price: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """`tiers` are in order and without gap or overlap; the first starts at 0."""

    cloud: str
    region: str
    kind: str
    item: str
    unit: str
    tiers: tuple[Tier, ...]
    source: str
    date: str

    def __str__(self) -> str:
        return f"{self.cloud} {self.region} {self.kind} {self.item}"


def check_tiers(tariff: Tariff) -> Tariff:
    """The tariff itself, or `AmbiguousPrice` where its tiers overlap and `MissingPrice` where they leave a gap."""
    expected: int | None = 0
    for tier in tariff.tiers:
        if expected is None or tier.start < expected:
            raise AmbiguousPrice(f"{tariff}: several prices for the use from {tier.start} {tariff.unit}")
        if tier.start > expected:
            raise MissingPrice(f"{tariff}: no price for the use from {expected} to {tier.start} {tariff.unit}")
        expected = tier.end
    return tariff


class Tariffs(Protocol):
    """Whatever prices can be looked up in: the store, or a table in a test."""

    def tariff(self, cloud: str, region: str, kind: str, item: str) -> Tariff: ...
