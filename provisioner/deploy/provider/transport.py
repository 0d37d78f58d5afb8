"""How a bundle gets to its host. Simulated hosts have a way of their own; real ones are reached over a shell, SSH or local."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from provisioner.deploy.hosts.adopt import Adoption
from provisioner.deploy.hosts.images import Archives
from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.hosts.shell import Reach
from provisioner.host.delivery import Delivery
from provisioner.host.status import Running


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where a host is: its name in the plan, the cloud's id, and how it is reached."""

    host: str
    id: str
    reach: Reach
    adoption: Adoption | None = None
    """For one that was there before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What first contact with a machine found. Both keys are public halves."""

    host_key: str
    overlay_key: str
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What runs on a host, and how that differs from what was brought. `running` is None where the host does not answer."""

    running: Running | None
    drift: tuple[str, ...]


class Transport(Protocol):
    """Talks to one kind of host. Raises `HostError` where a host refuses or cannot be reached."""

    def contact(self, machine: Machine, progress: Progress) -> Contact:
        """Wait until a machine answers, and make it ready for bundles. Again is fine, and finds the same keys."""
        ...

    def apply(self, machine: Machine, delivery: Delivery, progress: Progress, archives: Archives) -> Running:
        """Bring the delivery in place of the previous one, whole or not at all, and wait until it runs.

        `archives` maps images that no registry has to files here.
        """
        ...

    def read(self, machine: Machine, delivery: Delivery) -> Reading | None:
        """What runs there; None where there is no bundle or no host any more."""
        ...

    def remove(self, machine: Machine, progress: Progress) -> None:
        """Take the bundle away. A host that is gone is no error."""
        ...

    def release(self, machine: Machine, progress: Progress) -> None:
        """Take away what first contact left on a machine that was there before. One that is gone is no error."""
        ...

    def unmount(self, machine: Machine, volume: str, progress: Progress) -> None:
        """Stop what uses a volume and unmount it, before its disk is taken away. A host that is gone is no error."""
        ...
