"""What runs on the hosts of a stack, asked of all of them at once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

from provisioner.deploy.hosts.connect import connect
from provisioner.deploy.hosts.inspect import HostState, containers, inspect, remarks
from provisioner.deploy.operate.sites import Site
from provisioner.errors import HostError
from provisioner.host.model import Bundle, Gate
from provisioner.host.status import ContainerStatus

AT_ONCE: Final = 32
"""Hosts that are asked side by side."""

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A host's containers. `trouble` says why it does not answer, or what is out of order there."""

    site: Site
    containers: tuple[ContainerStatus, ...]
    answers: bool = True
    trouble: tuple[str, ...] = ()


def survey(sites: Sequence[Site]) -> list[Found]:
    """What each host runs, in the order of `sites`. The containers of one that does not answer are in the state `unknown`."""
    return [_silent(site, got) if isinstance(got, HostError) else got for site, got in zip(sites, each(sites, _ask), strict=True)]


def each(hosts: Sequence[Asked], ask: Callable[[Asked], Answered]) -> list[Answered | HostError]:
    """Ask hosts side by side; the error where one does not answer, so that the others' answers are not lost."""

    def attempt(host: Asked) -> Answered | HostError:
        try:
            return ask(host)
        except HostError as error:
            return error

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return list(pool.map(attempt, hosts))


def as_found(state: HostState, bundle: Bundle) -> tuple[ContainerStatus, ...]:
    """What runs, and in the state `absent` what should and is not there."""
    running = containers(state, bundle)
    there = {status.name for status in running}
    return (*running, *(_status(gate, "absent") for gate in bundle.gates if f"{gate.workload}/{gate.container}" not in there))


def _ask(site: Site) -> Found:
    state = inspect(connect(site.machine.reach))
    return Found(site=site, containers=as_found(state, site.bundle), trouble=tuple(_trouble(state)))


def _trouble(state: HostState) -> Iterator[str]:
    if state.generation:
        yield from remarks(state)
    else:
        yield "nothing was brought here: `pulumi up` does"


def _silent(site: Site, error: HostError) -> Found:
    unknown = tuple(_status(gate, "unknown") for gate in site.bundle.gates)
    return Found(site=site, containers=unknown, answers=False, trouble=(f"does not answer: {error}",))


def _status(gate: Gate, state: str) -> ContainerStatus:
    return ContainerStatus(workload=gate.workload, container=gate.container, image=gate.image, state=state, health="", ports=())
