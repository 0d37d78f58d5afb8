"""A bundle: everything one host runs, as data. Named by the digest of its canonical JSON.

Nothing here holds a secret's value: a `SecretSlot` says from which named secrets, and which text between them, the
provider composes a Podman secret when it applies the bundle.
"""

from dataclasses import dataclass

from provisioner.resolve.model import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit file: Quadlet's, such as `demo-web-app.container`, or systemd's own, such as `provisioner-firewall.service`."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFile:
    """A file on the host, for containers that mount it or services of the host that read it. `path` is absolute."""

    path: str
    contents: str
    mode: int
    template: bool = False
    """Its contents hold slots, which `host.delivery` fills, and every other `%` in them is doubled. Users' files hold none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretSlot:
    """A Podman secret `name`, composed on apply from text and secrets."""

    name: str
    value: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskMount:
    """A volume of the plan on this host: its device comes from the cloud, its path from the plan."""

    volume: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostService:
    """A systemd service of the host itself, whose unit is among the bundle's.

    Those of a bundle are enabled and started in their order before any container. `files` are the paths of the bundle's
    files that it reads: where only those changed it is reloaded, where its unit changed it is restarted.
    """

    name: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One of the two places in which a container without state may run, so that the next version starts beside the last.

    `rules` is the path of the bundle's nftables file that leads new connections to this slot.
    """

    name: str
    service: str
    rules: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Start `service` (a systemd service name) and wait until healthy, at most `timeout` seconds.

    With `slots` there is no such service but one for each slot: the one that does not serve is started, then connections
    are led to it, then the other is stopped once its own connections have ended, at most `drain` seconds later.
    """

    workload: str
    container: str
    service: str
    image: str
    timeout: float
    slots: tuple[Slot, ...] = ()
    drain: float = 0

    @property
    def units(self) -> tuple[str, ...]:
        """Names of the container's units: one, or one for each slot, which differ by name and address alone."""
        services = [slot.service for slot in self.slots] or [self.service]
        return tuple(f"{service.removesuffix('.service')}.container" for service in services)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCheck:
    """A readiness check that whoever applies the bundle evaluates once `container`, the workload's last, runs.

    Times are in seconds. `asked` is JSON, `{answers: {question: value}, containers: {name: Podman's name},
    ports: {port: container}}`: all that the evaluation needs besides the host.
    """

    workload: str
    container: str
    service: str
    code: str
    asked: str
    period: float
    initial_delay: float
    attempts: int
    timeout: float

    @property
    def label(self) -> str:
        return f"{self.workload}/{self.container}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    host: str
    units: tuple[Unit, ...] = ()
    files: tuple[HostFile, ...] = ()
    secrets: tuple[SecretSlot, ...] = ()
    disks: tuple[DiskMount, ...] = ()
    services: tuple[HostService, ...] = ()
    """In start order."""
    gates: tuple[Gate, ...] = ()
    """In start order."""
    checks: tuple[LiveCheck, ...] = ()
    digest: str = ""
