"""Opening SSH connections: who logs in with which key, through which machine, and whether the machine is the one expected."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from provisioner.deploy.hosts.shell import Reach, SilentError
from provisioner.errors import HostError

if TYPE_CHECKING:
    import asyncssh

CONNECT_SECONDS: Final = 15
KEEP_ALIVE_SECONDS: Final = 5
"""How often a silent connection is asked; after three questions without an answer it is cut."""

_ALGORITHMS: Final = {"ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256")}
_PREFERRED: Final = ("ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512")


class LoginError(HostError):
    """The key is refused: a machine that boots for the first time makes its user some seconds after it answers."""


class OtherKeyError(HostError):
    """Another machine than the one that was pinned answers at its address, or somebody in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A connection, with the one to the jump host that carries it."""

    connection: "asyncssh.SSHClientConnection"
    host_key: str
    jump: "asyncssh.SSHClientConnection | None" = None

    async def close(self) -> None:
        for one in (self.connection, self.jump):
            if one is not None:
                one.close()
                await one.wait_closed()


async def open_connection(reach: Reach) -> Opened:
    """One attempt. Raises `HostError` that says what is wrong, with both fingerprints where the host key is another."""
    jump = await _connect(_jump_reach(reach), None, None) if reach.jump else None
    seen: list[str] = []
    connection = await _connect(reach, jump, seen)
    return Opened(connection=connection, host_key=seen[-1], jump=jump)


def fingerprint(host_key: str) -> str:
    """`SHA256:…` of a public key in one line, as `ssh-keygen -l` prints it."""
    import asyncssh

    return asyncssh.import_public_key(host_key).get_fingerprint()


async def _connect(reach: Reach, tunnel: Any, seen: list[str] | None) -> "asyncssh.SSHClientConnection":
    """`seen` receives the host key; the jump host's is looked up in the user's `known_hosts` instead."""
    import asyncssh

    try:
        return await asyncssh.connect(
            reach.address,
            reach.port,
            username=reach.user,
            tunnel=tunnel,
            config=[],
            connect_timeout=CONNECT_SECONDS,
            keepalive_interval=KEEP_ALIVE_SECONDS,
            **({"client_keys": [str(Path(reach.key).expanduser())], "agent_path": None} if reach.key else {}),
            **(_pinning(reach, seen) if seen is not None else {}),
        )
    except asyncssh.HostKeyNotVerifiable as error:
        kind = HostError if seen is None else OtherKeyError
        raise kind(_other_key(reach, seen, error)) from None
    except asyncssh.PermissionDenied:
        tried = f"the key {reach.key}" if reach.key else "the agent and the default keys"
        raise LoginError(
            f"{_named(reach)} refuses {tried}: is its public half among the authorised keys of {reach.user}?"
        ) from None
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, FileNotFoundError) as error:
        raise HostError(f"the key {reach.key} cannot be used ({error}); one with a passphrase belongs into the agent") from None
    except (TimeoutError, asyncssh.Error, OSError) as error:
        raise SilentError(f"{_named(reach)} does not answer ({str(error) or 'no answer in time'})") from None


def _pinning(reach: Reach, seen: list[str]) -> dict[str, Any]:
    """Options by which the key that the machine shows is noted, and accepted where it is the pinned one or none is pinned."""
    import asyncssh

    class Pinned(asyncssh.SSHClient):
        def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
            seen.append(" ".join(key.export_public_key().decode().split()[:2]))
            return not reach.host_key or seen[-1] == reach.host_key

    kind = reach.host_key.partition(" ")[0]
    algorithms = _ALGORITHMS.get(kind, (kind,)) if kind else _PREFERRED
    return {"client_factory": Pinned, "known_hosts": ([], [], []), "server_host_key_algs": algorithms}


def _other_key(reach: Reach, seen: list[str] | None, error: Exception) -> str:
    if seen is None:
        return f"jump host {_named(reach)} is not in ~/.ssh/known_hosts, or has another key ({error}): ssh to it once by hand"
    found = fingerprint(seen[-1]) if seen else str(error)
    expected = fingerprint(reach.host_key)
    return (
        f"{_named(reach)} has another host key: expected {expected}, pinned at first contact, found {found}. "
        "Somebody may be listening in; if the machine was installed anew, replace its Host resource (pulumi up --replace URN), "
        "or state the new host-key of a machine of provisioner:machines"
    )


def _jump_reach(reach: Reach) -> Reach:
    """`user@host:port` as a reach with the same key."""
    user, at, place = reach.jump.rpartition("@")
    host, colon, port = place.rpartition(":")
    if not (colon and port.isdigit()):
        host, port = place, "22"
    return replace(reach, address=host, port=int(port), user=user if at else reach.user, jump="", host_key="")


def _named(reach: Reach) -> str:
    return f"{reach.user}@{reach.address}:{reach.port}"
