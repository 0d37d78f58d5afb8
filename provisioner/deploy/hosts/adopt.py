"""Machines that were there before: first contact does what first boot does elsewhere, and giving them back undoes it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from provisioner.deploy.hosts.scripts import script
from provisioner.deploy.hosts.shell import Answer, Shell
from provisioner.errors import HostError
from provisioner.plan.hosts import ARCHITECTURES

CONTACT_SECONDS: Final = 20
"""How long a machine that is there may take to answer; one that was just made boots first."""

PROGRAMS: Final = {
    "podman": "podman",
    "mkfs.ext4": "e2fsprogs",
    "nft": "nftables",
    "conntrack": "conntrack",
    "wg": "wireguard-tools",
    "wireguard-go": "wireguard-go",
    "dnsmasq": "dnsmasq-base",
    "ip": "iproute2",
    "curl": "curl",
    "haproxy": "haproxy",
}
"""What must be there, by the package that brings it: those of the first-boot document."""

_NEW: Final = "adopted"
ADOPT_SECONDS: Final = 900
RELEASE_SECONDS: Final = 300
_LEAST_MEMORY_PERCENT: Final = 85
"""Of the stated memory: the kernel keeps a part that a machine's maker counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """Whose a machine is, as which host of the plan, and what its inventory says of it."""

    owner: str
    """`project/stack`."""
    host: str
    installs: bool
    arch: str
    millicpu: int
    memory_mib: int


def adopt(shell: Shell, adoption: Adoption, tell: Callable[[str], None]) -> bool:
    """Make a machine a host: again is fine. What it lacks is installed, where that may be. Whether it was nobody's before.

    Raises `HostError` where the login cannot act as root, the machine is less than its inventory says or is another stack's, or
    something cannot be had. A machine that is refused is as it was, but for packages.
    """
    _check_root(shell)
    _check_size(shell, adoption)
    tell("adopting")
    wanted = [f"{program}={package}" for program, package in PROGRAMS.items()]
    installs = "yes" if adoption.installs else "no"
    answer = shell.run(script("adopt", adoption.owner, adoption.host, installs, *wanted), seconds=ADOPT_SECONDS)
    if not answer.ok:
        raise HostError(f"the machine cannot be adopted: {_words(answer)}")
    lines = answer.text.splitlines()
    for line in lines:
        tell(line)
    return _NEW in lines


def release(shell: Shell, host: str, tell: Callable[[str], None]) -> None:
    """Take everything of ours off a machine but packages and the data of volumes. Where it is another host's, nothing happens."""
    answer = shell.run(script("release", host), seconds=RELEASE_SECONDS)
    if not answer.ok:
        raise HostError(f"the machine cannot be given back: {_words(answer)}")
    for line in answer.text.splitlines():
        tell(line)


def _check_root(shell: Shell) -> None:
    answer = shell.run("true")
    if not answer.ok:
        install = f"apt-get install {' '.join(PROGRAMS.values())}"
        ways = "log in as root, or let the user do so: USER ALL=(ALL) NOPASSWD:ALL in /etc/sudoers.d"
        raise HostError(f"the login may not act as root ({_words(answer)}): {ways}. What hosts need: {install}")


def _check_size(shell: Shell, adoption: Adoption) -> None:
    """What was placed on a machine that is less than its inventory says would not fit."""
    answer = shell.run("uname -m; nproc; sed -n 's/^MemTotal: *//p' /proc/meminfo")
    machine, cpus, memory = answer.text.splitlines()
    wrong = list(_less(adoption, ARCHITECTURES.get(machine, machine), int(cpus), int(memory.removesuffix(" kB")) // 1024))
    if wrong:
        raise HostError(f"the machine is not what the inventory says: {'; '.join(wrong)}")


def _less(adoption: Adoption, arch: str, cpus: int, memory_mib: int) -> Iterator[str]:
    if arch != adoption.arch:
        yield f"expected {adoption.arch}, found {arch}"
    if cpus * 1000 < adoption.millicpu:
        yield f"expected {adoption.millicpu / 1000:g} CPUs, found {cpus}"
    if memory_mib * 100 < adoption.memory_mib * _LEAST_MEMORY_PERCENT:
        yield f"expected {adoption.memory_mib} MiB of memory, found {memory_mib}"


def _words(answer: Answer) -> str:
    text = answer.errors.decode(errors="replace").strip() or answer.text
    return re.sub(r"\s*\n\s*", "; ", text) or f"status {answer.status}"
