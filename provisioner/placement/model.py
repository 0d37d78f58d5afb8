"""What placement decides: which machines there are, and which of them runs what, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from provisioner.prices.offers import Offer
from provisioner.units import ZERO, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedHost:
    """One machine to create. `free_*` is what is left after the host's own reserve and what it runs."""

    name: str
    group: str
    zone: str
    offer: Offer
    spot: bool
    tags: tuple[str, ...]
    workloads: tuple[str, ...]
    """In start order."""
    free_millicpu: int
    free_memory_mib: int

    @property
    def hourly(self) -> Money:
        return self.offer.spot if self.spot and self.offer.spot is not None else self.offer.hourly


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a host was, or was not, chosen for a workload."""

    host: str
    fits: bool
    words: str
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    hosts: tuple[PlacedHost, ...]
    assignments: Mapping[str, str]
    """Workload name to host name."""
    reasons: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict[str, tuple[Reason, ...]])
    moved: tuple[str, ...] = ()
    """Workloads whose host differs from the last placement's."""
    bound: Money = ZERO
    """Proven: no machines that hold everything cost less an hour."""

    @property
    def cost(self) -> Money:
        """All hosts, an hour."""
        return sum((host.hourly for host in self.hosts), ZERO)

    @property
    def gap(self) -> float:
        """The cost over the bound, as a share of the bound: 0.0 is proven least."""
        return self.cost.nano / self.bound.nano - 1 if self.bound.nano else 0.0

    def host(self, name: str) -> PlacedHost:
        return next(host for host in self.hosts if host.name == name)
