"""Which containers a NAME means: a runnable, one of its replicas, or a container of either."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from provisioner.deploy.operate.sites import Site
from provisioner.errors import UsageError, nearest
from provisioner.host.model import Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One container on one host."""

    site: Site
    gate: Gate

    @property
    def name(self) -> str:
        """`shop/web/app`; of the second replica `shop/web/2/app`."""
        return f"{self.gate.workload}/{self.gate.container}"

    @property
    def containers(self) -> tuple[str, ...]:
        """Podman's names for it: one, or one for each slot."""
        return tuple(unit.removesuffix(".container") for unit in self.gate.units)


def targets(sites: Iterable[Site]) -> tuple[Target, ...]:
    """Every container of a stack, in start order within each host."""
    return tuple(Target(site=site, gate=gate) for site in sites for gate in site.bundle.gates)


def choose(name: str, among: Sequence[Target]) -> tuple[Target, ...]:
    """The containers that `name` means, in order of their replicas.

    `shop/web` is all of a runnable, `shop/web/2` its second replica (`shop/web/1` the first), `shop/web/app` a container of
    every replica, `shop/web/2/app` one container. Raises `UsageError` where nothing has that name.
    """
    known = _index(among)
    if name in known:
        return known[name]
    close = nearest(name, known)
    names = sorted({_runnable(target, _workloads(among))[0] for target in among})
    hint = f'; did you mean "{close}"?' if close else f"; there are {', '.join(names)}" if names else "; nothing runs there"
    raise UsageError(f'no runnable or container "{name}"{hint}')


def one(name: str, among: Sequence[Target]) -> Target:
    """The only container that `name` means; of several replicas, the first's. Raises `UsageError` where it has several."""
    chosen = choose(name, among)
    first = [target for target in chosen if target.gate.workload == chosen[0].gate.workload]
    if len(first) > 1:
        raise UsageError(f'"{name}" has several containers: expected one of {", ".join(target.name for target in first)}')
    return first[0]


def _index(among: Sequence[Target]) -> Mapping[str, tuple[Target, ...]]:
    workloads = _workloads(among)
    found: dict[str, list[Target]] = {}
    for target in sorted(among, key=lambda target: _runnable(target, workloads)):
        for name in dict.fromkeys(_names(target, workloads)):
            found.setdefault(name, []).append(target)
    return {name: tuple(chosen) for name, chosen in found.items()}


def _names(target: Target, workloads: frozenset[str]) -> Iterator[str]:
    runnable, replica = _runnable(target, workloads)
    for name in (runnable, f"{runnable}/{replica}"):
        yield name
        yield f"{name}/{target.gate.container}"


def _workloads(among: Iterable[Target]) -> frozenset[str]:
    return frozenset(target.gate.workload for target in among)


def _runnable(target: Target, workloads: frozenset[str]) -> tuple[str, int]:
    """Runnable and number of replica: the first replica has the runnable's own name, and is always there."""
    before, _, number = target.gate.workload.rpartition("/")
    if number.isdigit() and before in workloads:
        return before, int(number)
    return target.gate.workload, 1
