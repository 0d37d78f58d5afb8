"""What an estimate is made of. Amounts are exact; every line can be recomputed by hand from its own fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from provisioner.plan.model import VolumeKind
from provisioner.prices.offers import Offer
from provisioner.units import ZERO, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A host as billing sees it: its offer, its root disk, and the share of it that each workload asked for (0 to 1)."""

    name: str
    offer: Offer
    spot: bool
    disk_gib: int
    disk_kind: VolumeKind
    shares: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])
    """Per workload the larger of its shares of CPU and of memory; what is left over is idle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """Monthly use in the charge's unit: equal thrice where it follows from the plan alone."""

    low: Decimal
    typical: Decimal
    high: Decimal

    @classmethod
    def fixed(cls, amount: Decimal | int) -> "Quantity":
        value = Decimal(amount)
        return cls(low=value, typical=value, high=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Use up to `end`, in the charge's unit, costs `factor` of the list price."""

    end: Decimal
    factor: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One thing that a cloud bills, not priced yet. (`kind`, `item`) name its rows in the price table of `region`."""

    name: str
    """The thing in the plan it is for: `host app-1`, `volume pgdata`."""
    kind: str
    """The family: `machine`, `spot`, `disk`, `address`, `nat`, `balancer`, `bucket`, `egress`, `snapshot`."""
    item: str
    """The cloud's own name of what is billed: `t3.medium`, `gp3-gib`, `P10`."""
    region: str
    quantity: Quantity
    workload: str = ""
    """The host whose workloads share it (`app-1`), or "" for what is nobody's share."""
    steps: tuple["Step", ...] = ()
    """What of the list price is left as use grows, as sustained use has it; none: the list price throughout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    low: Money = ZERO
    typical: Money = ZERO
    high: Money = ZERO

    def __add__(self, other: "Range") -> "Range":
        return Range(low=self.low + other.low, typical=self.typical + other.typical, high=self.high + other.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A priced charge. `unit_price` is the first tier's; `formula` writes the arithmetic out where tiers differ."""

    name: str
    kind: str
    item: str
    cloud: str
    region: str
    quantity: Decimal
    unit: str
    unit_price: Money
    monthly: Range
    formula: str
    source: str
    price_date: str

    @property
    def billed_as(self) -> str:
        """For people, who see many lines of one thing: `nat gateway`, `machine t3.medium`."""
        return f"{self.kind} {self.item}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Something that has no price here. It is never counted as free."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    cloud: str
    region: str
    monthly: Range
    items: tuple[Item, ...]
    missing: tuple[Missing, ...]
    by_workload: Mapping[str, Money]
    """Typical month per workload, with `(idle)` for paid capacity that nothing asked for."""
