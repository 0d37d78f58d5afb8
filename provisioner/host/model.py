"""A bundle: everything one host runs, as data. Named by the digest of its canonical JSON.

Nothing here holds a secret's value: a `SecretSlot` says from which named secrets, and which text between them, the
provider composes a Podman secret when it applies the bundle.
"""

from dataclasses import dataclass

from provisioner.resolve.model import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A Quadlet or systemd unit file: `demo-web-app.container` and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFile:
    """A file on the host, bind-mounted into containers. `path` is absolute."""

    path: str
    contents: str
    mode: int


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
class Gate:
    """Start `service` (a systemd service name) and wait until healthy, at most `timeout` seconds."""

    workload: str
    container: str
    service: str
    image: str
    timeout: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    host: str
    units: tuple[Unit, ...] = ()
    files: tuple[HostFile, ...] = ()
    secrets: tuple[SecretSlot, ...] = ()
    disks: tuple[DiskMount, ...] = ()
    gates: tuple[Gate, ...] = ()
    """In start order."""
    digest: str = ""
