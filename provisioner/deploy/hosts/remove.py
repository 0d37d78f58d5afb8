"""Take a bundle off its host: containers, units, files and secrets go, the data of volumes and disks stays."""

from typing import Final

from provisioner.deploy.hosts.scripts import script
from provisioner.deploy.hosts.shell import Shell
from provisioner.deploy.hosts.switch import LOCK_SECONDS
from provisioner.errors import HostError

REMOVE_SECONDS: Final = 300


def remove(shell: Shell, host: str) -> None:
    """Where there is no bundle, or that of another host than `host` by now, nothing happens.

    Raises `HostError` where somebody updates the host.
    """
    answer = shell.run(script("remove", str(LOCK_SECONDS), host), seconds=REMOVE_SECONDS)
    if not answer.ok:
        words = answer.text or answer.errors.decode(errors="replace").strip() or f"status {answer.status}"
        raise HostError(f"the bundle cannot be removed: {words}")
