"""The inventory of a stack: machines that are there already, how each is reached and what it has. Typed data, no secrets.

Keys are named by their paths; whoever runs `pulumi up` has them.
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from provisioner.errors import NOWHERE, Place, Problems
from provisioner.plan import names
from provisioner.plan.fields import Section, plain
from provisioner.plan.hosts import ARCHITECTURES
from provisioner.plan.readers import UnreadableError, absolute_path, boolean, choice, cpu, found, integer, memory_mib, money, text
from provisioner.plan.readers import size_gib as disk_size
from provisioner.units import Money

_KEYS: Final = (
    "address", "private-address", "user", "port", "key", "jump", "host-key", "arch", "cpu", "memory", "gpu", "zone", "tags",
    "disks", "monthly", "install",
)  # fmt: skip
_HOST_NAME: Final = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*")
_HOST_KEY: Final = re.compile(r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+=*")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDisk:
    """What a machine has for a volume: a block device, `/dev/…`, or a folder. `size_gib` 0: nobody states it."""

    path: str
    size_gib: int = 0
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMachine:
    """One machine. `user`, `port`, `key` and `jump` are "" or 0 where the stack's `ssh` says them."""

    name: str
    address: str
    """Where SSH connects to; with `network: {egress: direct}` also where hosts on other clouds find it."""
    private_address: str
    """Where the other machines find it."""
    millicpu: int
    memory_mib: int
    arch: str = "amd64"
    gpu: int = 0
    user: str = ""
    port: int = 0
    key: str = ""
    jump: str = ""
    host_key: str = ""
    """Its public SSH key; "" pins the one that it shows at first contact."""
    zone: str = ""
    tags: tuple[str, ...] = ()
    """Host groups that it is for, by name or tag; none: any."""
    disks: Mapping[str, OwnDisk] = field(default_factory=dict[str, OwnDisk])
    """By the volume that each is for."""
    monthly: Money | None = None
    installs: bool = True
    """Whether packages that it lacks may be installed."""
    place: Place = NOWHERE


Inventory = Mapping[str, OwnMachine]
"""By name."""

NO_MACHINES: Final[Inventory] = {}


def read(written: Mapping[str, object], place: Place, problems: Problems) -> Inventory:
    """From plain data, as a stack's configuration has it; every mistake goes into `problems` with its place."""
    section = Section(field=plain(dict(written), place), problems=problems)
    machines = tuple(_machine(name, machine) for name, machine in section.sections())
    for one in machines:
        names.check(one.name, one.place, problems)
    _check_alike(machines, problems)
    return {one.name: one for one in sorted(machines, key=lambda one: one.name)}


def _machine(name: str, section: Section) -> OwnMachine:
    section.only(*_KEYS)
    section.require("address", "cpu", "memory")
    address = section.read("address", _address, default="")
    return OwnMachine(
        name=name,
        address=address,
        private_address=section.read("private-address", _address, default=address),
        millicpu=section.read("cpu", cpu, default=0),
        memory_mib=section.read("memory", memory_mib, default=0),
        arch=ARCHITECTURES[section.read("arch", choice(tuple(ARCHITECTURES)), default="amd64")],
        gpu=section.read("gpu", integer("a number of GPUs", 0, 64), default=0),
        user=section.read("user", text, default=""),
        port=section.read("port", integer("a port number", 1, 65535), default=0),
        key=section.read("key", _key_path, default=""),
        jump=section.read("jump", text, default=""),
        host_key=section.read("host-key", _host_key, default=""),
        zone=section.read("zone", text, default=""),
        tags=section.read_list("tags", text),
        disks=dict(_disks(section.section("disks"))),
        monthly=section.read("monthly", money, default=None),
        installs=section.read("install", boolean, default=True),
        place=section.place,
    )


def _disks(section: Section) -> Iterator[tuple[str, OwnDisk]]:
    """`pgdata: /dev/disk/by-id/…`, or `{path: …, size: 100GiB}`."""
    for volume, written in section.fields.items():
        if not isinstance(written.value, dict):
            yield volume, OwnDisk(path=section.read(volume, absolute_path, default=""), place=written.place)
            continue
        disk = section.section(volume)
        disk.only("path", "size")
        disk.require("path")
        yield (
            volume,
            OwnDisk(
                path=disk.read("path", absolute_path, default=""),
                size_gib=disk.read("size", disk_size(1, 1 << 20), default=0),
                place=written.place,
            ),
        )


def _address(value: object) -> str:
    written = text(value)
    try:
        return str(ipaddress.IPv4Address(written))
    except ValueError:
        is_number = re.fullmatch(r"[0-9.]+", written)
        if is_number or len(written) > 253 or not _HOST_NAME.fullmatch(written):
            raise UnreadableError(f"expected an IPv4 address or a host name, found {found(value)}") from None
        return written


def _key_path(value: object) -> str:
    """A key itself would stand in configuration and state, where others read it."""
    written = text(value)
    if "PRIVATE KEY" in written or "\n" in written or written.startswith("ssh-"):
        raise UnreadableError("expected the path of a private key, found a key", hint="key: ~/.ssh/id_ed25519")
    return written


def _host_key(value: object) -> str:
    words = " ".join(text(value).split()[:2])
    if not _HOST_KEY.fullmatch(words):
        hint = "ssh-keyscan -t ed25519 ADDRESS prints it"
        raise UnreadableError(f"expected a public key such as `ssh-ed25519 AAAA…`, found {found(value)}", hint=hint)
    return words


def _check_alike(machines: tuple[OwnMachine, ...], problems: Problems) -> None:
    """Two names of one machine would be two hosts that undo each other; zones are everybody's or nobody's."""
    where: dict[tuple[str, int, str], str] = {}
    for one in machines:
        other = where.setdefault((one.address, one.port, one.jump), one.name)
        if one.address and other != one.name:
            problems.error("conflict", one.place, f"{one.name} and {other} are one machine: both are at {one.address}")
        paths = [disk.path for disk in one.disks.values() if disk.path]
        for path in sorted({path for path in paths if paths.count(path) > 1}):
            problems.error("conflict", one.place, f"{path} is for {paths.count(path)} volumes: one disk holds one volume")
        if not one.zone and any(another.zone for another in machines):
            problems.error("missing-key", one.place, "zone is missing: other machines state theirs", hint="state zone here")
