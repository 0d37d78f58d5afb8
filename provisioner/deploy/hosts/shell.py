"""What every way of reaching a machine offers: run a command as root, send it bytes, read its lines as they come.

`ssh` reaches machines over the network, `local` those that run on this one. Everything that is done to a host is done
through a `Shell`, so that applying a bundle, `provisioner exec` and a readiness check are written once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from provisioner.errors import HostError

TransportName = Literal["ssh", "local", "sandbox"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How a machine is reached: plain data that may stand in state. It names keys by path and never holds one."""

    transport: TransportName
    address: str
    """Where SSH connects to; for a local machine its name."""
    user: str = "provisioner"
    port: int = 22
    key: str = ""
    """Path of the private key; "" asks the agent, then tries the user's default keys."""
    jump: str = ""
    """`user@host:port` of the machine through which this one is reached; "" connects directly."""
    host_key: str = ""
    """The machine's public key as pinned at first contact, `ssh-ed25519 AAAA…`; "" before that."""


class SilentError(HostError):
    """Nothing answers: the machine is gone, or it boots and will answer later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command left: its exit status and all it wrote."""

    status: int
    output: bytes = b""
    errors: bytes = b""

    @property
    def ok(self) -> bool:
        return self.status == 0

    @property
    def text(self) -> str:
        """The output as text, without the white space at its end."""
        return self.output.decode(errors="replace").rstrip()


class Shell(Protocol):
    """A connection to one machine. Every method raises `HostError` where the machine does not answer (any more)."""

    def run(self, command: str, *, input: bytes = b"", seconds: float = 60) -> Answer:
        """Run `command` with `/bin/sh -c` as root; a status other than 0 is an answer, not an error.

        `input` is what the command reads: files and secrets travel there, never in the command. Past `seconds` the
        command is ended and a `HostError` names it.
        """
        ...

    def lines(self, command: str, *, input: bytes = b"") -> Iterator[str]:
        """The lines of a command that may run for long, as they come, errors among them. Closing the iterator ends it."""
        ...

    def attach(self, command: str, *, terminal: bool) -> int:
        """Run a command with this process's own input, output and errors, on a terminal if asked; its exit status."""
        ...

    def transfer(self, command: str, *, source: int | None = None, target: int | None = None) -> Answer:
        """Run a command between two descriptors of this process, files or pipes, of whatever size and however long it takes.

        Without `source` it reads nothing; with `target` the answer's output is empty.
        """
        ...

    def close(self) -> None: ...
