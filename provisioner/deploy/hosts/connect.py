"""Which shell reaches a machine. One connection a machine serves the whole process."""

import threading
import time
from collections.abc import Callable
from typing import Final

from provisioner.deploy.hosts.shell import Reach, Shell, SilentError
from provisioner.deploy.hosts.ssh import SshShell
from provisioner.errors import HostError

FIRST_CONTACT_SECONDS: Final = 300
"""How long a machine that was just made may take to boot until it answers."""

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

    Only silence is tried again: a refused login or another host key ends it.
    """
    deadline = time.monotonic() + seconds
    told = False
    while True:
        try:
            shell = connect(reach)
            return shell, shell.host_key if isinstance(shell, SshShell) else ""
        except SilentError as error:
            if time.monotonic() + _PAUSE_SECONDS > deadline:
                raise HostError(f"{error}, for {seconds:g} seconds") from None
        if not told:
            tell(f"waiting for {reach.address} to answer")
            told = True
        time.sleep(_PAUSE_SECONDS)


def close_all() -> None:
    """Close every connection of the process."""
    with _lock:
        shells = list(_open.values())
        _open.clear()
    for shell in shells:
        shell.close()
