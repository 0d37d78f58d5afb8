"""What placement decides: which machines there are, and which of them runs what, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from provisioner.plan.model import Survive
from provisioner.prices.offers import Offer
from provisioner.units import ZERO, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedHost:
    """One machine to create. `free_*` is what is left after the host's own reserve, its headroom and what it runs."""

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
    runnables: tuple[str, ...] = ()
    """Those whose replicas its workloads are, each once."""

    @property
    def hourly(self) -> Money:
        return self.offer.spot if self.spot and self.offer.spot is not None else self.offer.hourly

    def runs(self, runnable: str) -> bool:
        """Whether a replica of the runnable is here."""
        return runnable in self.runnables or runnable in self.workloads


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a host was, or was not, chosen for a workload."""

    host: str
    fits: bool
    words: str
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One host or zone gone. What it held goes to the hosts that remain, and nothing else moves."""

    name: str
    moves: Mapping[str, str]
    """Workload to the host that would take it: the proof."""
    stranded: Mapping[str, str]
    """Workloads that must run and that no host would take, each with the words why."""
    spared: Mapping[str, str]
    """Workloads that need no place: replicas of which others run on, and what may be down; each with the words why."""
    free_millicpu: int
    """What all hosts that remain would have left, together."""
    free_memory_mib: int
    fullest: float
    """Share of CPU or memory, whichever is greater, taken on the fullest host that remains."""

    @property
    def survived(self) -> bool:
        return not self.stranded


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    level: Survive
    losses: tuple[Loss, ...]

    @property
    def proven(self) -> bool:
        """Every loss leaves room. A placement without hosts survives nothing and loses nothing."""
        return all(loss.survived for loss in self.losses)

    @property
    def tightest(self) -> Loss | None:
        """The loss with most stranded, then the one that leaves the fullest host and the least room; names break ties."""
        return min(
            self.losses,
            key=lambda loss: (-len(loss.stranded), -loss.fullest, loss.free_millicpu, loss.free_memory_mib, loss.name),
            default=None,
        )


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
    proven: Mapping[str, Money] = field(default_factory=dict[str, Money])
    """The bound by what it was proven of, each cloud's own: the next plan need not prove it again."""
    survival: Survival | None = None
    """Where the plan says what it is to survive."""

    @property
    def cost(self) -> Money:
        """All hosts, an hour."""
        return sum((host.hourly for host in self.hosts), ZERO)

    @property
    def gap(self) -> float:
        """The cost over the bound, as a share of the bound: 0.0 is proven least."""
        return self.cost.nano / self.bound.nano - 1 if self.bound.nano else 0.0

    @property
    def optimal(self) -> bool:
        """Whether it is proven that no machines that hold everything cost less."""
        return self.cost == self.bound

    def host(self, name: str) -> PlacedHost:
        return next(host for host in self.hosts if host.name == name)


def joined(placements: Sequence[Placement]) -> Placement:
    """Placements of one deployment's clouds as one. Each cloud survives, or does not, on its own."""
    if len(placements) == 1:
        return placements[0]
    survivals = [one.survival for one in placements if one.survival is not None]
    losses = tuple(loss for survival in survivals for loss in survival.losses)
    return Placement(
        hosts=tuple(host for one in placements for host in one.hosts),
        assignments={name: host for one in placements for name, host in one.assignments.items()},
        reasons={name: reasons for one in placements for name, reasons in one.reasons.items()},
        moved=tuple(name for one in placements for name in one.moved),
        bound=sum((one.bound for one in placements), ZERO),
        proven={claim: bound for one in placements for claim, bound in one.proven.items()},
        survival=Survival(level=survivals[0].level, losses=losses) if survivals else None,
    )
