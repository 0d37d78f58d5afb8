"""Which shell reaches a machine. One connection a machine serves the whole process."""

import threading
import time
from collections.abc import Callable
from typing import Final

from provisioner.deploy.hosts.shell import Reach, Shell, SilentError
from provisioner.deploy.hosts.ssh import SshShell
from provisioner.deploy.hosts.ssh_connect import LoginError
from provisioner.errors import HostError

FIRST_CONTACT_SECONDS: Final = 300
"""How long a machine that was just made may take to boot until it answers."""

LOGIN_SECONDS: Final = 90
"""How long a machine that answers may take to make the user who logs in."""

_PAUSE_SECONDS: Final = 2

_open: dict[Reach, SshShell] = {}
_lock = threading.Lock()


def connect(reach: Reach) -> Shell:
    """The process's shell for a machine. Raises `HostError` at once where it does not answer."""
    if reach.transport == "local":
        from provisioner.deploy.hosts.local import LocalShell

        return LocalShell(reach.address)
    with _lock:
        shell = _open.get(reach)
        if shell is None or not shell.is_open:
            shell = _open[reach] = SshShell(reach)
    shell.open()
    return shell


def first_contact(reach: Reach, tell: Callable[[str], None], seconds: float = FIRST_CONTACT_SECONDS) -> tuple[Shell, str]:
    """A shell, and the host key that the machine showed ("" for local ones): tried until it answers or time is up.

    A refused login is tried again for `LOGIN_SECONDS`, in which the machine makes its user; another host key ends it.
    """
    with _lock:
        _open.pop(reach, None)  # Another machine may have had this address.
    deadline = time.monotonic() + seconds
    refused_at = 0.0
    tell(f"waiting for {reach.address} to answer")
    while True:
        try:
            shell = connect(reach)
            return shell, shell.host_key if isinstance(shell, SshShell) else ""
        except SilentError as error:
            if time.monotonic() + _PAUSE_SECONDS > deadline:
                raise HostError(f"{error}, for {seconds:g} seconds") from None
        except LoginError:
            refused_at = refused_at or time.monotonic()
            if time.monotonic() + _PAUSE_SECONDS > min(deadline, refused_at + LOGIN_SECONDS):
                raise
        time.sleep(_PAUSE_SECONDS)


def close_all() -> None:
    """Close every connection of the process."""
    with _lock:
        shells = list(_open.values())
        _open.clear()
    for shell in shells:
        shell.close()
