"""Bytes between this process's own descriptors and a process elsewhere, for commands without a terminal."""

import os
import threading
from typing import Any, Final

from provisioner.deploy.hosts import loop

_PIECE: Final = 65536


def feed(stdin: Any, descriptor: int) -> None:
    """Send what a descriptor of this process gives to an asyncssh writer, then its end. The thread ends with the process."""

    def pump() -> None:
        while piece := os.read(descriptor, _PIECE):
            if not loop.start(_send(stdin, piece)).result():
                return
        loop.start(_end(stdin)).result()

    threading.Thread(target=pump, name="provisioner-input", daemon=True).start()


async def drain(reader: Any, descriptor: int) -> None:
    """Write all that an asyncssh reader gives, as it comes."""
    while piece := await reader.read(_PIECE):
        while piece:
            piece = piece[os.write(descriptor, piece) :]


async def _send(stdin: Any, piece: bytes) -> bool:
    """Whether anybody still reads: a command may end before its input."""
    try:
        stdin.write(piece)
        await stdin.drain()
    except OSError:
        return False
    return True


async def _end(stdin: Any) -> None:
    if not stdin.is_closing():
        stdin.write_eof()
