"""Machines that were there before: first contact does what first boot does elsewhere, and giving them back undoes it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from provisioner.deploy.hosts.scripts import script
from provisioner.deploy.hosts.shell import Answer, Shell
from provisioner.errors import HostError

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


def adopt(shell: Shell, adoption: Adoption, tell: Callable[[str], None]) -> None:
    """Make a machine a host: again is fine. What it lacks is installed, where that may be.

    Raises `HostError` where the login cannot act as root, the machine is another stack's, or something cannot be had.
    """
    _check_root(shell)
    tell("adopting")
    wanted = [f"{program}={package}" for program, package in PROGRAMS.items()]
    installs = "yes" if adoption.installs else "no"
    answer = shell.run(script("adopt", adoption.owner, adoption.host, installs, *wanted), seconds=ADOPT_SECONDS)
    if not answer.ok:
        raise HostError(f"the machine cannot be adopted: {_words(answer)}")
    for line in answer.text.splitlines():
        tell(line)


def check_facts(adoption: Adoption, facts: Mapping[str, str]) -> None:
    """Refuse a machine that is less than its inventory says: what was placed on it would not fit."""
    wrong = list(_less(adoption, facts))
    if wrong:
        raise HostError(f"the machine is not what the inventory says: {'; '.join(wrong)}")


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


def _less(adoption: Adoption, facts: Mapping[str, str]) -> Iterator[str]:
    arch = {"x86_64": "amd64", "aarch64": "arm64"}.get(facts["architecture"], facts["architecture"])
    if arch != adoption.arch:
        yield f"expected {adoption.arch}, found {arch}"
    cpus = int(facts["cpus"])
    if cpus * 1000 < adoption.millicpu:
        yield f"expected {adoption.millicpu / 1000:g} CPUs, found {cpus}"
    memory = int(facts["memory-kib"]) // 1024
    if memory * 100 < adoption.memory_mib * _LEAST_MEMORY_PERCENT:
        yield f"expected {adoption.memory_mib} MiB of memory, found {memory}"


def _words(answer: Answer) -> str:
    text = answer.errors.decode(errors="replace").strip() or answer.text
    return re.sub(r"\s*\n\s*", "; ", text) or f"status {answer.status}"
