"""What every part of a bundle is computed from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network

from provisioner.errors import Place, Problems
from provisioner.host.addresses import Addresses, host_range, key
from provisioner.host.delivery import slotted_addresses
from provisioner.host.quadlet import line, word
from provisioner.host.traffic import Traffic
from provisioner.placement.model import Placement
from provisioner.plan.model import Plan, Volume, Workload
from provisioner.resolve.model import Container


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One host of a placed plan. Problems found on the way are collected in `problems`."""

    plan: Plan
    placement: Placement
    addresses: Addresses
    traffic: Traffic
    host: str
    problems: Problems

    @property
    def workloads(self) -> tuple[Workload, ...]:
        """What runs on this host, in start order."""
        return self.traffic.here.get(self.host, ())

    def is_here(self, workload: Workload) -> bool:
        return self.placement.assignments.get(workload.name) == self.host

    @property
    def range(self) -> IPv4Network:
        """The addresses of this host's containers."""
        return host_range(self.plan, self.addresses.hosts[self.host])

    @property
    def bridge_address(self) -> str:
        """The bridge's own, over which everything of the containers goes."""
        return str(self.range[1])

    @property
    def host_address(self) -> str:
        """The host's own on the overlay, at which it answers names."""
        return self.address_of(self.host)

    def address_of(self, host: str) -> str:
        """Any host's own on the overlay."""
        return str(host_range(self.plan, self.addresses.hosts[host])[254])

    def address(self, workload: Workload, container: Container, slot: str = "") -> str:
        """A container's address, on whichever host it is: its stable one, or that of one of its slots."""
        return self.addresses.containers[key(workload, container, slot)]

    @property
    def volumes(self) -> tuple[Volume, ...]:
        return tuple(volume for volume in self.plan.volumes if volume.host == self.host)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One container of a workload on the scene's host."""

    scene: Scene
    workload: Workload
    container: Container

    @property
    def place(self) -> Place:
        return self.container.place

    def error(self, code: str, message: str, *, hint: str = "") -> None:
        self.scene.problems.error(code, self.place, f"{self.workload.name}/{self.container.name}: {message}", hint=hint)

    def word(self, what: str, text: str) -> str:
        """`text` as one word of a unit file; what cannot be written is a problem of `what`."""
        return self._written(what, text, word)

    def line(self, what: str, text: str) -> str:
        """`text` as a single value of a unit file; what cannot be written is a problem of `what`."""
        return self._written(what, text, line)

    def words(self, what: str, texts: Iterable[str]) -> str:
        return " ".join(self.word(what, text) for text in texts)

    def _written(self, what: str, text: str, write: Callable[[str], str]) -> str:
        try:
            return slotted_addresses(write(text))
        except ValueError as error:
            self.error("unwritable-value", f"{what}: {error}")
            return ""
