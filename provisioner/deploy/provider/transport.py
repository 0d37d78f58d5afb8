"""How a bundle gets to its host. Each transport is one module; `ssh` and `local` join when real hosts do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from provisioner.host.delivery import Delivery
from provisioner.host.status import Running


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where a host is: the cloud's id and its private address."""

    id: str
    address: str = ""


class Transport(Protocol):
    """Talks to one kind of host. Raises `HostError` where a host refuses or cannot be reached."""

    def apply(self, machine: Machine, delivery: Delivery) -> Running:
        """Bring the delivery in place of the previous one, whole or not at all, and wait until it runs."""
        ...

    def read(self, machine: Machine) -> Running | None:
        """What runs there; None where there is no bundle or no host any more."""
        ...

    def remove(self, machine: Machine) -> None:
        """Take the bundle away. A host that is gone is no error."""
        ...


def _sandbox() -> Transport:
    from provisioner.deploy.provider.sandbox import SandboxTransport

    return SandboxTransport()


TRANSPORTS: Final[Mapping[str, Callable[[], Transport]]] = {"sandbox": _sandbox}
"""By the word of the input `transport`."""
