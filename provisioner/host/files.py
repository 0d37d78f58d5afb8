"""Files that a container gets: plain ones on the host, bind-mounted read-only; those with secrets as Podman secrets."""

import hashlib
from collections.abc import Iterable
from typing import Final

from provisioner.host.delivery import address_slot, slotted_addresses
from provisioner.host.environment import knowable, secret_slot, secret_words
from provisioner.host.model import HostFile, SecretSlot
from provisioner.host.names import joined, unit_name
from provisioner.host.scene import Subject
from provisioner.host.text import MARK, known

FOLDER: Final = "/var/lib/provisioner/files"


def files(subject: Subject) -> tuple[list[tuple[str, str]], list[HostFile], list[SecretSlot]]:
    """`Volume=` and `Secret=` lines, the files to write on the host, and the slots of those with secrets.

    A label holds the digest of the contents: a changed file changes the unit, and a changed unit restarts its container.
    """
    lines: list[tuple[str, str]] = []
    written: list[HostFile] = []
    slots: list[SecretSlot] = []
    unit = unit_name(subject.workload.name, subject.container.name)
    for file in subject.container.files:
        what = f"file {file.name}"
        plain = known(file.contents)
        if plain is not None:
            kept = _kept(f"{FOLDER}/{unit}/{joined(file.name)}", plain, file.mode)
            written.append(kept)
            lines.append(("Volume", volume_line(subject, what, kept.path, file.path, ("ro",))))
        elif knowable(subject, what, file.contents):
            slot = secret_slot(subject, file.contents, "file", file.name)
            check_absolute(subject, what, file.path)
            slots.append(slot)
            mode = f"{file.mode:04o}"
            lines.append(("Secret", secret_words(subject, what, slot, ("type", "mount"), ("target", file.path), ("mode", mode))))
    if written:
        lines.append(("Label", f"provisioner.files={digest_of(written)}"))
    addresses = dict.fromkeys(match[1] for file in subject.container.files for match in MARK.finditer(str(file.contents)))
    if addresses:  # an address that changes changes the unit too
        lines.append(("Label", f"provisioner.addresses={','.join(map(address_slot, addresses))}"))
    return lines, written, slots


def _kept(path: str, contents: str, mode: int) -> HostFile:
    """A template where it has marks."""
    if not MARK.search(contents):
        return HostFile(path=path, contents=contents, mode=mode)
    return HostFile(path=path, contents=slotted_addresses(contents.replace("%", "%%")), mode=mode, template=True)


def volume_line(subject: Subject, what: str, source: str, target: str, options: Iterable[str]) -> str:
    """`SOURCE:TARGET:OPTIONS`. Podman splits at colons and has no escape, so a colon in a path is a problem."""
    for path in (source, target):
        if ":" in path:
            subject.error("unwritable-value", f'{what}: expected a path without colons, found "{path}"')
    check_absolute(subject, what, target)
    chosen = ",".join(option for option in options if option)
    return subject.line(what, ":".join(filter(None, (source, target, chosen))))


def check_absolute(subject: Subject, what: str, target: str) -> None:
    if not target.startswith("/"):
        subject.error("relative-path", f'{what}: expected an absolute path in the container, found "{target}"')


def digest_of(written: Iterable[HostFile]) -> str:
    """Changes with any of them."""
    return hashlib.sha256(repr([(file.path, file.mode, file.contents) for file in written]).encode()).hexdigest()[:16]
