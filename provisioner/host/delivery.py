"""From a bundle to what a host receives: addresses filled in, secrets composed, devices named. Pure; transports carry it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from provisioner.host.model import Bundle, SecretSlot, Unit
from provisioner.host.text import secrets_of
from provisioner.resolve.model import Parts, SecretRef

_SLOT: Final = re.compile(r"%%|%\{address:([^}]*)\}")
"""`%%` comes first, so that text of the user's, whose every `%` is doubled, never reads as a slot."""


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
    """Stands in a unit where the private address of `host` will be, which the cloud gives later."""
    return f"%{{address:{host}}}"


def deliver(bundle: Bundle, *, addresses: Mapping[str, str], devices: Mapping[str, str], secrets: Mapping[str, str]) -> Delivery:
    """Fill everything in. Raises `KeyError` for what `needed_*` names and the mappings lack."""
    units = tuple(Unit(name=unit.name, text=_filled(unit.text, addresses)) for unit in bundle.units)
    return Delivery(
        bundle=replace(bundle, units=units),
        disks=tuple(Disk(volume=disk.volume, path=disk.path, device=devices[disk.volume]) for disk in bundle.disks),
        secrets={slot.name: _composed(slot, secrets) for slot in bundle.secrets},
    )


def checkable(bundle: Bundle) -> tuple[Unit, ...]:
    """The units as a host would see them, with a documentation address (RFC 5737) where the cloud's is not known yet."""
    addresses = dict.fromkeys(needed_addresses(bundle), "192.0.2.1")
    return tuple(Unit(name=unit.name, text=_filled(unit.text, addresses)) for unit in bundle.units)


def needed_addresses(bundle: Bundle) -> frozenset[str]:
    """The hosts whose private addresses the bundle's units name."""
    return frozenset(host for unit in bundle.units for host in _slots(unit.text))


def needed_secrets(bundle: Bundle) -> frozenset[str]:
    return frozenset(name for slot in bundle.secrets for name in secrets_of(slot.value))


def needed_devices(bundle: Bundle) -> frozenset[str]:
    return frozenset(disk.volume for disk in bundle.disks)


def _slots(text: str) -> Iterator[str]:
    return (match[1] for match in _SLOT.finditer(text) if match[1] is not None)


def _filled(text: str, addresses: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda match: match[0] if match[1] is None else addresses[match[1]], text)


def _composed(slot: SecretSlot, secrets: Mapping[str, str]) -> str:
    pieces = slot.value.pieces if isinstance(slot.value, Parts) else (slot.value,)
    return "".join(secrets[piece.name] if isinstance(piece, SecretRef) else str(piece) for piece in pieces)
