"""Which process of this machine is at the other end of a connection, from Linux's own tables: proc(5)."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from provisioner.errors import SandboxError

PROCESSES = Path("/proc")
TABLE = PROCESSES / "net" / "tcp"


def find_process(peer: str) -> int:
    """The id of the process that holds a connection from `ipv4:127.0.0.1:PORT`, as gRPC writes it.

    Raises `SandboxError` where there is none, or where the system has no such tables.
    """
    port = int(peer.rpartition(":")[2])
    wanted = {f"socket:[{inode}]" for inode in _inodes(port)}
    for process in PROCESSES.glob("[0-9]*"):
        if wanted & set(_open_files(process)):
            return int(process.name)
    raise SandboxError(f"no process holds the connection from {peer}: a fault kill needs Linux and an engine of the same user")


def _inodes(port: int) -> Iterator[str]:
    """The sockets with this local port. Columns: number, local address and port in hexadecimal, …, inode as the tenth."""
    if not TABLE.exists():
        return
    for line in TABLE.read_text(encoding="ascii").splitlines()[1:]:
        columns = line.split()
        if int(columns[1].partition(":")[2], 16) == port and columns[9] != "0":
            yield columns[9]


def _open_files(process: Path) -> Iterator[str]:
    try:
        files = list((process / "fd").iterdir())
    except OSError:  # a process that has ended, or that belongs to somebody else
        return
    for file in files:
        with suppress(OSError):  # one that was closed since: the others still count
            yield str(file.readlink())
