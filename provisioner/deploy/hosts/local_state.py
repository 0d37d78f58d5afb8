"""What is known of the hosts that run on this machine: one folder each, found again by name."""

import fcntl
import json
import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final, Self

from provisioner.errors import HostError

STATE: Final = Path("/var/lib/provisioner-local")
"""Root's, as the hosts are: they outlive the project folder and the process that started them."""

NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
"""What a host, its folder and its network namespace can be called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A host on this machine. It may run or not; what it is does not change while it lives."""

    name: str
    number: int
    """The last part of its address, from 2 to 254; no other host has it."""
    address: str
    root: str
    """The root file system that it is laid over."""
    disks: Mapping[str, str] = field(default_factory=dict[str, str])
    """Name of an attached disk to the file that backs it."""
    stem: str = ""
    """What its stack calls it: its name without what tells it from its predecessors."""
    hostname: str = ""
    """What it calls itself; "": its name."""
    reaches_out: bool = True
    """Whether this machine passes its connections on to the world, as from itself."""

    @property
    def folder(self) -> Path:
        return STATE / "machines" / self.name

    @property
    def mount(self) -> Path:
        """Where its root file system is mounted while it runs."""
        return self.folder / "root"

    @property
    def network(self) -> str:
        """Name of its network namespace."""
        return f"provisioner-{self.name}"

    def with_disks(self, disks: Mapping[str, str]) -> Self:
        return replace(self, disks=disks)


def find(name: str) -> Machine | None:
    """The host of that name, running or not; None where there is none."""
    path = STATE / "machines" / checked(name) / "machine.json"
    try:
        return Machine(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def machines() -> Iterator[Machine]:
    """Every host on this machine, by name."""
    for path in sorted((STATE / "machines").glob("*/machine.json")):
        machine = find(path.parent.name)
        if machine is not None:
            yield machine


def save(machine: Machine) -> None:
    machine.folder.mkdir(parents=True, exist_ok=True)
    path = machine.folder / "machine.json"
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(asdict(machine), indent=1) + "\n", encoding="utf-8")
    partial.replace(path)


def checked(name: str) -> str:
    """The name, if it can be a host name, a folder and a namespace."""
    if not NAME.fullmatch(name):
        raise HostError(f'"{name}" is no name for a local host: expected small letters, digits and hyphens, at most 63')
    return name


@contextmanager
def locked() -> Generator[None]:
    """Changes of the table of hosts happen one after the other, over all processes."""
    STATE.mkdir(parents=True, exist_ok=True)
    with (STATE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
