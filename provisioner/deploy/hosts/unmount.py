"""Have a host let go of a volume before its disk is taken away: what uses it stops in order, then it is unmounted."""

from typing import Final

from provisioner.deploy.hosts.scripts import script
from provisioner.deploy.hosts.shell import Shell
from provisioner.deploy.hosts.switch import LOCK_SECONDS
from provisioner.errors import HostError

UNMOUNT_SECONDS: Final = 300


def unmount(shell: Shell, volume: str) -> None:
    """Where it is not mounted, nothing happens. Raises `HostError` where it stays mounted, or the host is being updated."""
    answer = shell.run(script("unmount", volume, str(LOCK_SECONDS)), seconds=UNMOUNT_SECONDS)
    if not answer.ok:
        words = answer.text or answer.errors.decode(errors="replace").strip() or f"status {answer.status}"
        raise HostError(f"the volume {volume} cannot be unmounted, so its disk stays: {words}")
