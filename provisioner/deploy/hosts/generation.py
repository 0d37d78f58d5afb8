"""What a delivery becomes on one host: files with their contents' digests, steps in order, secrets under names of their value.

A generation is whole and never changes: `remote/bring.sh` puts one in place of another, in either direction. A Podman secret
is named after its value as well, by a key that only its host has, so another value is another secret: containers that use
it start anew, and the one before is still there for a rollback.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from typing import Final

from provisioner.host.delivery import Delivery
from provisioner.host.model import Bundle, Gate, HostService, LiveCheck, Unit
from provisioner.host.quadlet import entries

QUADLET_FOLDER: Final = "/etc/containers/systemd"
SYSTEMD_FOLDER: Final = "/etc/systemd/system"
DISK_FOLDER: Final = "/etc/provisioner/disks"
PREFIX: Final = "provisioner."

_SYSTEMD: Final = frozenset({"service", "timer", "mount", "path", "socket", "target"})
_SECRET: Final = re.compile(r'^(Secret="?)([A-Za-z0-9_.-]+)', re.MULTILINE)
_START_SECONDS: Final = 120
_VERDICT_SECONDS: Final = 60
"""How much longer than its attempts a host waits for the verdict on a live check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file of the host. `kind` is unit, file or own (what mounts disks); `service` is stopped when it goes, "-" for none."""

    path: str
    contents: bytes
    mode: int
    kind: str
    service: str = "-"

    @property
    def sha(self) -> str:
        return hashlib.sha256(self.contents).hexdigest()

    @property
    def line(self) -> str:
        return f"{self.sha} {self.mode:o} {self.kind} {self.service} {self.path}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """`secrets` maps the names on the host to values: never print or store it."""

    digest: str
    """Of the bundle."""
    items: tuple[Item, ...]
    steps: tuple[str, ...]
    """`KIND SERVICE FINGERPRINT SECONDS LABEL …`, in start order: see `remote/bring.sh`."""
    images: tuple[str, ...]
    secrets: Mapping[str, str] = field(repr=False)

    @property
    def id(self) -> str:
        return hashlib.sha256("\0".join(self.files.values()).encode()).hexdigest()[:20]

    @property
    def files(self) -> Mapping[str, str]:
        """What is kept of it on the host beside the contents of its items."""
        return {
            "digest": f"{self.digest}\n",
            "manifest": "".join(item.line for item in self.items),
            "steps": "".join(f"{step}\n" for step in self.steps),
            "images": "".join(f"{image}\n" for image in self.images),
            "secrets": "".join(f"{name}\n" for name in sorted(self.secrets)),
        }


def generation(delivery: Delivery, key: str) -> Generation:
    """`key` is the host's own, by which it names secrets."""
    names = {name: secret_name(name, value, key) for name, value in delivery.secrets.items()}
    bundle = replace(delivery.bundle, units=tuple(_with_secrets(unit, names) for unit in delivery.bundle.units))
    return Generation(
        digest=bundle.digest,
        items=(*_unit_items(bundle), *_files(bundle), *_disks(delivery)),
        steps=(*_networks(bundle), *_services(bundle), *_disk_steps(delivery), *_containers(bundle)),
        images=tuple(dict.fromkeys(gate.image for gate in bundle.gates)),
        secrets={names[name]: value for name, value in delivery.secrets.items()},
    )


def secret_name(name: str, value: str, key: str) -> str:
    """`provisioner.NAME.DIGEST`: without the key, which stays on the host, the digest says nothing of the value."""
    digest = hmac.new(key.encode(), f"{name}\0{value}".encode(), hashlib.sha256).hexdigest()
    return f"{PREFIX}{name}.{digest[:20]}"


def unit_path(name: str) -> str:
    folder = SYSTEMD_FOLDER if name.rpartition(".")[2] in _SYSTEMD else QUADLET_FOLDER
    return f"{folder}/{name}"


def _with_secrets(unit: Unit, names: Mapping[str, str]) -> Unit:
    if not unit.name.endswith(".container"):
        return unit
    return replace(unit, text=_SECRET.sub(lambda match: match[1] + names.get(match[2], match[2]), unit.text))


def _unit_items(bundle: Bundle) -> Iterator[Item]:
    for unit in bundle.units:
        yield Item(
            path=unit_path(unit.name), contents=unit.text.encode(), mode=0o644, kind="unit", service=_service_of(unit.name)
        )


def _service_of(unit: str) -> str:
    base, _, ending = unit.rpartition(".")
    if ending in _SYSTEMD:
        return unit
    return f"{base}.service" if ending == "container" else f"{base}-{ending}.service"


def _files(bundle: Bundle) -> Iterator[Item]:
    readers = {path: service.name for service in bundle.services for path in service.files}
    for file in bundle.files:
        service = readers.get(file.path, "-")
        yield Item(path=file.path, contents=file.contents.encode(), mode=file.mode, kind="file", service=service)


def _disks(delivery: Delivery) -> Iterator[Item]:
    """Where each disk goes, and what mounts it: a machine that no cloud-init prepared has neither."""
    for disk in delivery.disks:
        text = f"DEVICE={disk.device}\nMOUNT={disk.path}\n"
        service = f"provisioner-disk@{disk.volume}.service"
        yield Item(path=f"{DISK_FOLDER}/{disk.volume}", contents=text.encode(), mode=0o600, kind="own", service=service)
    if delivery.disks:
        yield Item(path="/usr/local/sbin/provisioner-disk", contents=_shipped("provisioner-disk.sh"), mode=0o755, kind="own")
        template = "provisioner-disk@.service"
        yield Item(path=f"{SYSTEMD_FOLDER}/{template}", contents=_shipped(template), mode=0o644, kind="own")


def _shipped(name: str) -> bytes:
    return resources.files("provisioner.host").joinpath("machine", name).read_bytes()


def _services(bundle: Bundle) -> Iterator[str]:
    units = {unit.name: unit.text for unit in bundle.units}
    for service in bundle.services:
        yield f"service {service.name} {_digest(units[service.name])} {_START_SECONDS} {service.name} {_read(bundle, service)}"


def _read(bundle: Bundle, service: HostService) -> str:
    """The fingerprint of the files that a service of the host reads."""
    return _digest("\0".join(f"{file.path} {file.contents}" for file in bundle.files if file.path in service.files))


def _networks(bundle: Bundle) -> Iterator[str]:
    for unit in bundle.units:
        if unit.name.endswith(".network"):
            network = next((one.value for one in entries(unit.text) if one.key == "NetworkName"), f"systemd-{unit.name[:-8]}")
            yield f"network {_service_of(unit.name)} {_digest(unit.text)} {_START_SECONDS} {network}"


def _disk_steps(delivery: Delivery) -> Iterator[str]:
    for disk in delivery.disks:
        fingerprint = _digest(f"{disk.device} {disk.path}")
        yield f"disk provisioner-disk@{disk.volume}.service {fingerprint} {_START_SECONDS + 60} {disk.volume}"


def _containers(bundle: Bundle) -> Iterator[str]:
    units = {unit.name: unit.text for unit in bundle.units}
    checks = {check.label: check for check in bundle.checks}
    for gate in bundle.gates:
        services = [slot.service for slot in gate.slots] or [gate.service]
        texts = [units[f"{service.removesuffix('.service')}.container"] for service in services]
        label = f"{gate.workload}/{gate.container}"
        common = f"{services[0]} {_digest(chr(0).join(texts))} {_whole(gate)} {label}"
        check = checks.get(label)
        if not gate.slots:
            yield f"container {common} {'asked' if check else _kind(texts[0])}"
        else:
            places = " ".join(f"{slot.name} {slot.service} {slot.rules}" for slot in gate.slots)
            yield f"slots {common} {round(gate.drain)} {places}"
        if check:
            yield _check(check, bundle, units)


def _check(check: LiveCheck, bundle: Bundle, units: Mapping[str, str]) -> str:
    """Asked anew where it changed or one of the workload's containers did."""
    texts = [units[name] for gate in bundle.gates if gate.workload == check.workload for name in gate.units]
    fingerprint = _digest("\0".join((check.code, check.asked, *texts)))
    return f"check {check.service} {fingerprint} {round(check.timeout) + _VERDICT_SECONDS} {check.label}"


def _kind(text: str) -> str:
    """How a container shows that it is ready: healthy, or up for a moment; a job has ended."""
    read = {(entry.key, entry.value) for entry in entries(text)}
    if ("Type", "oneshot") in read:
        return "job"
    return "healthy" if ("Notify", "healthy") in read else "up"


def _whole(gate: Gate) -> int:
    return max(1, round(gate.timeout))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]
