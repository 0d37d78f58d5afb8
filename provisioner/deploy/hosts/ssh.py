"""A machine over SSH, by asyncssh: commands, streams and terminals over one connection that is checked to be alive."""

import asyncio
import contextlib
import queue
import shlex
import threading
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, cast

from provisioner.deploy.hosts import loop, relay
from provisioner.deploy.hosts import terminal as own_terminal
from provisioner.deploy.hosts.shell import Answer, Reach
from provisioner.deploy.hosts.ssh_connect import Opened, open_connection
from provisioner.errors import HostError

BROKEN: Final = 255
"""The status that a command has whose connection broke, as with `ssh`."""


class SshShell:
    """A `Shell`. A cut connection is noticed within some twenty seconds (`ssh_connect.KEEP_ALIVE_SECONDS`).

    What was under way is lost then; the next command opens a new connection, to a machine with the same host key.
    """

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self._opened: Opened | None = None
        self._lock = threading.Lock()

    def open(self) -> Opened:
        """Connect where there is no connection (any more): one attempt.

        Raises `HostError` where nothing answers, the login is refused or the host key is another.
        """
        with self._lock:
            if self._opened is None or not self.is_open:
                self._opened = loop.wait(open_connection(self.reach))
                self.reach = replace(self.reach, host_key=self._opened.host_key)
            return self._opened

    @property
    def is_open(self) -> bool:
        return self._opened is not None and not self._opened.connection.is_closed()

    @property
    def host_key(self) -> str:
        """The machine's public key, `ssh-ed25519 AAAA…`, as it proved to have it."""
        return self.open().host_key

    def run(self, command: str, *, input: bytes = b"", seconds: float = 60) -> Answer:
        return loop.wait(self._run(self.open(), command, input, seconds))

    def lines(self, command: str, *, input: bytes = b"") -> Iterator[str]:
        """The command tells its process number first: a connection that closes would not end what runs as root."""
        found: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        future = loop.start(self._pump(self.open(), command, input, found))
        number = found.get() or ""
        ended = False
        try:
            while (line := found.get() if number else None) is not None:
                yield line
            ended = True
            future.result()
        finally:
            future.cancel()
            if not ended and number.isdigit():
                self.run(f"pkill -TERM -P {number}; kill -TERM {number}")

    def attach(self, command: str, *, terminal: bool) -> int:
        if not terminal:
            return loop.wait(self._relayed(self.open(), command))
        with own_terminal.raw():
            process = loop.wait(self._attached(self.open(), command, own_terminal.shape()))

            def resize(columns: int, rows: int) -> None:
                loop.event_loop().call_soon_threadsafe(process.change_terminal_size, columns, rows)

            with own_terminal.resized(resize):
                loop.wait(process.wait_closed())
        return BROKEN if process.returncode is None else process.returncode

    def transfer(self, command: str, *, source: int | None = None, target: int | None = None) -> Answer:
        return loop.wait(self._transferred(self.open(), command, source, target))

    def close(self) -> None:
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            loop.wait(opened.close())

    async def _run(self, opened: Opened, command: str, input: bytes, seconds: float) -> Answer:
        async with self._process(opened, command) as process:
            try:
                done = await asyncio.wait_for(process.communicate(input), seconds)
            except TimeoutError:
                process.terminate()
                raise HostError(f"{self.reach.address}: no end after {seconds:g} seconds of: {shown(command)}") from None
            return Answer(status=self._status(process, command), output=done[0] or b"", errors=done[1] or b"")

    async def _pump(self, opened: Opened, command: str, input: bytes, found: "queue.SimpleQueue[str | None]") -> None:
        try:
            async with self._process(opened, f"echo $$\n{command}", merged=True) as process:
                process.stdin.write(input)
                process.stdin.write_eof()
                async for line in process.stdout:
                    if line:  # asyncssh may give an empty one at the end; an empty line is a line's end
                        found.put(line.decode(errors="replace").rstrip("\r\n"))
                await process.wait_closed()
                self._status(process, command)
        finally:
            found.put(None)

    async def _relayed(self, opened: Opened, command: str) -> int:
        """A process between this process's input, output and errors, whatever files or pipes they are."""
        async with self._process(opened, command) as process:
            relay.feed(process.stdin, 0)
            await asyncio.gather(relay.drain(process.stdout, 1), relay.drain(process.stderr, 2))
            await process.wait_closed()
            return BROKEN if process.returncode is None else process.returncode

    async def _transferred(self, opened: Opened, command: str, source: int | None, target: int | None) -> Answer:
        async with self._process(opened, command) as process:
            if source is None:
                process.stdin.write_eof()
            else:
                relay.feed(process.stdin, source)
            reading = process.stdout.read() if target is None else relay.drain(process.stdout, target)
            read = cast("list[bytes | None]", await asyncio.gather(reading, process.stderr.read()))
            await process.wait_closed()
            return Answer(status=self._status(process, command), output=read[0] or b"", errors=read[1] or b"")

    async def _attached(self, opened: Opened, command: str, shape: Mapping[str, Any]) -> Any:
        """A process on this process's own descriptors, which are a terminal."""
        import asyncssh

        streams = {"stdin": 0, "stdout": 1, "stderr": 2}
        try:
            return await opened.connection.create_process(self._as_root(command), encoding=None, **streams, **shape)
        except (asyncssh.Error, OSError) as error:
            raise self._lost(error) from error

    @contextlib.asynccontextmanager
    async def _process(self, opened: Opened, command: str, *, merged: bool = False) -> AsyncGenerator[Any]:
        """A process of the command; closing ends it. What breaks the connection becomes a `HostError`."""
        import asyncssh

        try:
            where = asyncssh.STDOUT if merged else asyncssh.PIPE
            process = await opened.connection.create_process(self._as_root(command), encoding=None, stderr=where)
            try:
                yield process
            finally:
                process.close()
        except (asyncssh.Error, OSError) as error:
            raise self._lost(error) from error

    def _status(self, process: Any, command: str) -> int:
        if process.exit_signal is None and process.exit_status is None:
            raise HostError(f"{self.reach.address}: the connection was cut during: {shown(command)}")
        return process.returncode

    def _as_root(self, command: str) -> str:
        prefix = "" if self.reach.user == "root" else "sudo -n -- "
        return f"{prefix}/bin/sh -c {shlex.quote(command)}"

    def _lost(self, error: Exception) -> HostError:
        return HostError(f"{self.reach.address}: the connection was cut ({error or type(error).__name__})")


def shown(command: str) -> str:
    """A command in a message: its first line, shortened. Commands hold no secrets."""
    first = next((line for line in command.splitlines() if line.strip()), "")
    return first if len(first) <= 80 else f"{first[:79]}…"
