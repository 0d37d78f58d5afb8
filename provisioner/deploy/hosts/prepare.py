"""First contact with a machine: is it one that containers can be brought to? It makes its own keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from provisioner.deploy.hosts.scripts import script
from provisioner.deploy.hosts.shell import Shell
from provisioner.errors import HostError

MINIMUM_PODMAN: Final = (5, 0)
"""The first with every unit key that is written here; Debian 13 has 5.4."""

PREPARE_SECONDS: Final = 60
CLOUD_INIT_SECONDS: Final = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """`overlay_key` is the public half of the host's WireGuard key, "" where the host has no WireGuard."""

    overlay_key: str
    facts: Mapping[str, str] = field(default_factory=dict[str, str])
    """podman, systemd, quadlet, kernel, architecture, cpus, memory-kib."""


def prepare(shell: Shell, *, boots: bool = True) -> Prepared:
    """Wait for the work of a machine that `boots` for the first time, check it and make its keys.

    Raises `HostError` with all that is missing.
    """
    waiting = "command -v cloud-init >/dev/null || exit 0; cloud-init status --wait >/dev/null 2>&1 || [ $? -eq 2 ]"
    if boots and not shell.run(waiting, seconds=CLOUD_INIT_SECONDS).ok:
        raise HostError("cloud-init failed on the machine: see /var/log/cloud-init-output.log there")
    answer = shell.run(script("prepare"), seconds=PREPARE_SECONDS)
    if not answer.ok:
        words = answer.errors.decode(errors="replace").strip()
        raise HostError(f"the machine cannot be prepared: {words or f'status {answer.status}'}")
    facts = dict(line.split(" ", 1) for line in answer.text.splitlines() if " " in line)
    missing = [*_missing(facts)]
    if missing:
        raise HostError("the machine cannot run containers: " + "; ".join(missing))
    return Prepared(overlay_key=facts.pop("overlay-key", ""), facts=facts)


def _missing(facts: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    if facts.get("init") != "systemd":
        found.append(f"expected systemd as process 1, found {facts.get('init') or 'nothing'}")
    version = facts.get("podman", "")
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers < MINIMUM_PODMAN:
        found.append(
            f"expected Podman from {'.'.join(map(str, MINIMUM_PODMAN))} on, found {version or 'none'} (apt install podman)"
        )
    elif not facts.get("quadlet"):
        found.append("expected Quadlet beside Podman, found none")
    return found
