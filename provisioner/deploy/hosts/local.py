"""`LocalShell`: a host that runs on this machine, entered through its namespaces."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from provisioner.deploy.hosts.local_process import entering, running
from provisioner.deploy.hosts.local_state import find
from provisioner.deploy.hosts.shell import Answer, SilentError
from provisioner.errors import HostError

LOST: Final = -signal.SIGKILL
"""The status of a command whose host ended under it."""


class LocalShell:
    """Implements `Shell` for the local host of that name. It needs root."""

    def __init__(self, name: str) -> None:
        self.name = name

    def run(self, command: str, *, input: bytes = b"", seconds: float = 60) -> Answer:
        process = self._start(command)
        try:
            output, errors = process.communicate(input, timeout=seconds)
        except subprocess.TimeoutExpired:
            _end(process)
            _, errors = process.communicate()
            last = errors.decode(errors="replace").strip().rpartition("\n")[2]
            said = f'; its last words: "{last}"' if last else ""
            raise HostError(f"{self.name}: `{_shown(command)}` did not end within {seconds:g} s{said}") from None
        self._check(process)
        return Answer(status=process.returncode, output=output, errors=errors)

    def lines(self, command: str, *, input: bytes = b"") -> Iterator[str]:
        process = self._start(f"exec 2>&1; {command}")
        try:
            if process.stdin is not None:
                with suppress(BrokenPipeError), process.stdin as stream:
                    stream.write(input)
            for line in process.stdout or ():
                yield line.decode(errors="replace").rstrip("\n")
            process.wait()
            self._check(process)
        finally:
            _end(process)
            process.stdin = None
            process.communicate()

    def attach(self, command: str, *, terminal: bool) -> int:
        return subprocess.run([*self._words(command)], check=False).returncode

    def transfer(self, command: str, *, source: int | None = None, target: int | None = None) -> Answer:
        given = subprocess.DEVNULL if source is None else source
        taken = subprocess.PIPE if target is None else target
        done = subprocess.run(self._words(command), stdin=given, stdout=taken, stderr=subprocess.PIPE, check=False)
        return Answer(status=done.returncode, output=done.stdout or b"", errors=done.stderr)

    def close(self) -> None:
        """Nothing is kept open between commands."""

    def _words(self, command: str) -> list[str]:
        machine = find(self.name)
        if machine is None:
            raise SilentError(f"there is no host {self.name} on this machine")
        if not running(machine):
            raise SilentError(f"{self.name} does not run on this machine")
        return [*entering(machine), "/bin/sh", "-c", command]

    def _start(self, command: str) -> subprocess.Popen[bytes]:
        """Its own session, so that the command and all it started can be ended together."""
        pipe = subprocess.PIPE
        return subprocess.Popen(self._words(command), stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True)

    def _check(self, process: subprocess.Popen[bytes]) -> None:
        if process.returncode == LOST:
            raise HostError(f"{self.name} ended while a command ran there")


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _shown(command: str) -> str:
    """The first line of a command, at a length that fits a message."""
    line = command.strip().partition("\n")[0]
    return line if len(line) <= 80 else f"{line[:77]}…"
