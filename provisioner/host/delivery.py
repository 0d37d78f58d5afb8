"""From a bundle to what a host receives: addresses filled in, secrets composed, devices named. Pure; transports carry it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from provisioner.host.model import Bundle, HostFile, SecretSlot, Unit
from provisioner.host.text import MARK, secrets_of
from provisioner.resolve.model import Parts, SecretRef

_SLOT: Final = re.compile(r"%%|%\{(address|key):([^}]*)\}")
"""`%%` comes first, so that text of the user's, whose every `%` is doubled, never reads as a slot."""

Values = Mapping[str, Mapping[str, str]]
"""What fills slots, by kind and host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    volume: str
    path: str
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A bundle ready for one host. `secrets` maps Podman secrets to their values: never print or store it."""

    bundle: Bundle
    disks: tuple[Disk, ...]
    secrets: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Delivery(host={self.bundle.host!r}, digest={self.bundle.digest!r})"


def address_slot(host: str) -> str:
    """Stands in a unit or template where the private address of `host` will be, which the cloud gives later."""
    return f"%{{address:{host}}}"


def slotted_addresses(written: str) -> str:
    """A unit or template, written, with a slot in the place of each mark."""
    return MARK.sub(lambda match: address_slot(match[1]), written)


def key_slot(host: str) -> str:
    """Stands where the public key of `host` on the overlay will be, which the host makes itself."""
    return f"%{{key:{host}}}"


def deliver(
    bundle: Bundle,
    *,
    addresses: Mapping[str, str],
    devices: Mapping[str, str],
    secrets: Mapping[str, str],
    keys: Mapping[str, str] = {},
) -> Delivery:
    """Fill everything in. Raises `KeyError` for what `needed_*` names and the mappings lack."""
    values = {"address": addresses, "key": keys}
    units = tuple(Unit(name=unit.name, text=_filled(unit.text, values)) for unit in bundle.units)
    return Delivery(
        bundle=replace(bundle, units=units, files=tuple(_file(file, values) for file in bundle.files)),
        disks=tuple(Disk(volume=disk.volume, path=disk.path, device=devices[disk.volume]) for disk in bundle.disks),
        secrets={slot.name: _composed(slot, secrets, addresses) for slot in bundle.secrets},
    )


def checkable(bundle: Bundle) -> tuple[Unit, ...]:
    """The units as a host would see them, with a documentation address (RFC 5737) where the cloud's is not known yet."""
    values = {
        "address": dict.fromkeys(needed_addresses(bundle), "192.0.2.1"),
        "key": dict.fromkeys(needed_keys(bundle), f"{'A' * 43}="),
    }
    return tuple(Unit(name=unit.name, text=_filled(unit.text, values)) for unit in bundle.units)


def needed_addresses(bundle: Bundle) -> frozenset[str]:
    """The hosts whose private addresses the bundle's units, files and secrets name; `public/HOST`: the public one."""
    texts = (str(slot.value) for slot in bundle.secrets)
    return _needed(bundle, "address") | {match[1] for text in texts for match in MARK.finditer(text)}


def needed_keys(bundle: Bundle) -> frozenset[str]:
    """The hosts whose public keys on the overlay the bundle's units and files name."""
    return _needed(bundle, "key")


def needed_secrets(bundle: Bundle) -> frozenset[str]:
    return frozenset(name for slot in bundle.secrets for name in secrets_of(slot.value))


def needed_devices(bundle: Bundle) -> frozenset[str]:
    return frozenset(disk.volume for disk in bundle.disks)


def _needed(bundle: Bundle, kind: str) -> frozenset[str]:
    texts = (*(unit.text for unit in bundle.units), *(file.contents for file in bundle.files if file.template))
    return frozenset(match[2] for text in texts for match in _SLOT.finditer(text) if match[1] == kind)


def _file(file: HostFile, values: Values) -> HostFile:
    """A template becomes what the host reads, where a `%` stands for itself."""
    if not file.template:
        return file
    return replace(file, contents=_filled(file.contents, values, percent="%"), template=False)


def _filled(text: str, values: Values, percent: str = "%%") -> str:
    return _SLOT.sub(lambda match: values[match[1]][match[2]] if match[1] else percent, text)


def _composed(slot: SecretSlot, secrets: Mapping[str, str], addresses: Mapping[str, str]) -> str:
    pieces = slot.value.pieces if isinstance(slot.value, Parts) else (slot.value,)
    return "".join(
        secrets[piece.name] if isinstance(piece, SecretRef) else MARK.sub(lambda match: addresses[match[1]], str(piece))
        for piece in pieces
    )
