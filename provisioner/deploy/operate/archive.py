"""Backup and restore of what containers keep: a tar archive, and beside it a file with its sha256 as `sha256sum` writes it."""

import hashlib
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from provisioner.deploy.hosts.connect import connect
from provisioner.deploy.hosts.scripts import script
from provisioner.deploy.hosts.shell import Answer
from provisioner.deploy.operate.kept import Kept
from provisioner.errors import HostError, UsageError

ACTIONS: Final = ("backup", "restore")

_PIECE: Final = 2**20
_HELD: Final = 75
_HOLDS_DATA: Final = 74
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {"backup": ("to", "volume", "stop"), "restore": ("from", "volume", "overwrite")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """`file` is "-" for this process's own output."""

    volume: str
    file: str
    bytes: int
    sha256: str


def check(action: str, values: Mapping[str, str]) -> None:
    """Raises `UsageError` for arguments that the action does not take, or lacks."""
    known = _WORDS[action]
    unknown = [name for name in values if name not in known]
    if unknown or known[0] not in values:
        found = f'"{unknown[0]}"' if unknown else f"no {known[0]}=…"
        raise UsageError(f"{action} takes {', '.join(f'{name}=…' for name in known)} and needs the first, found {found}")
    for name in ("stop", "overwrite"):
        if values.get(name, "yes") not in ("yes", "no"):
            raise UsageError(f'{name}: expected yes or no, found "{values[name]}"')


def backup(what: Kept, to: str, *, stop: bool = True) -> Archived:
    """Write an archive to a file, into a folder under a name of its own, or to this process's output (`-`).

    A file has its name only once it is whole and verified. `stop=False` leaves containers running: the archive is then as
    consistent as a machine's disk that lost power. Raises `HostError`.
    """
    services = what.services if stop else ()
    command = script("backup", what.path, *services)
    if to == "-":
        sys.stdout.flush()
        answer = connect(what.site.machine.reach).transfer(command, target=sys.stdout.fileno())
        return Archived(volume=what.name, file="-", bytes=0, sha256=_digest(answer, what, "backup"))
    file = _file(what, to)
    partial = file.with_name(f"{file.name}.partial")
    try:
        with partial.open("xb") as stream:
            answer = connect(what.site.machine.reach).transfer(command, target=stream.fileno())
            os.fsync(stream.fileno())
        found = _same(partial, _digest(answer, what, "backup"))
        _beside(file).write_text(f"{found}  {file.name}\n")
        partial.rename(file)
    except FileExistsError:
        raise UsageError(f"{partial} is there: another backup writes it, or one that was cut off; remove it then") from None
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return Archived(volume=what.name, file=str(file), bytes=file.stat().st_size, sha256=found)


def restore(what: Kept, source: str, *, overwrite: bool = False) -> Archived:
    """Put an archive's contents in place of what lies in the folder. Raises `UsageError` and `HostError`.

    A folder with data in it is refused unless `overwrite`; what lay there goes only once the containers run on what came.
    """
    file = Path(source)
    digest = _verified(file)
    command = script("restore", what.path, digest, "yes" if overwrite else "no", *what.services)
    with file.open("rb") as stream:
        answer = connect(what.site.machine.reach).transfer(command, source=stream.fileno())
    if answer.status == _HOLDS_DATA:
        raise UsageError(f"{what.name} ({what.path} on {what.site.host}) holds data: overwrite=yes puts the archive in its place")
    if not answer.ok:
        raise HostError(_refusal(answer, what, "restore"))
    return Archived(volume=what.name, file=str(file), bytes=file.stat().st_size, sha256=digest)


def sha256(file: Path) -> str:
    found = hashlib.sha256()
    with file.open("rb") as stream:
        while piece := stream.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


def _file(what: Kept, to: str) -> Path:
    path = Path(to)
    if to.endswith("/") or path.is_dir():
        path.mkdir(parents=True, exist_ok=True)
        path /= f"{what.name}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.tar"
    if path.exists():
        raise UsageError(f"{path} is there already: a backup overwrites nothing")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}")
    return path


def _same(file: Path, expected: str) -> str:
    """The digest of what arrived. Raises `HostError` where it is not what the host sent."""
    found = sha256(file)
    if found != expected:
        raise HostError(f"the archive arrived damaged: expected the sha256 {expected}, found {found}")
    return found


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.sha256")


def _verified(file: Path) -> str:
    """The archive's digest, which must be the one beside it."""
    try:
        expected = _beside(file).read_text().split()[0]
    except (OSError, IndexError):
        raise UsageError(f"expected the digest of {file} in {_beside(file)}: sha256sum writes it") from None
    try:
        found = sha256(file)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None
    if found != expected:
        raise UsageError(f"{file} is damaged: expected the sha256 {expected}, found {found}")
    return found


def _digest(answer: Answer, what: Kept, action: str) -> str:
    lines = answer.errors.decode(errors="replace").splitlines()
    if not answer.ok or not lines or not lines[-1].startswith("digest "):
        raise HostError(_refusal(answer, what, action))
    return lines[-1].removeprefix("digest ")


def _refusal(answer: Answer, what: Kept, action: str) -> str:
    said = answer.errors.decode(errors="replace").strip()
    if answer.status == _HELD:
        return f"{what.site.host} is being updated ({said.removeprefix('held ')}); no {action} was made"
    return f"{action} of {what.name} on {what.site.host}: {said.rpartition(chr(10))[2] or f'status {answer.status}'}"
