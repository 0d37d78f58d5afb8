"""A bundle in short words, and the difference of two: `image of shop/web: 1.4 to 1.5`."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from provisioner.host import hooks
from provisioner.host.images import repository_and_version
from provisioner.host.model import Bundle, Gate, HostFile, HostService, Unit
from provisioner.host.ports import LABEL, told
from provisioner.host.quadlet import entries

_TOPICS: Final = {
    "Image": "image",
    "Environment": "environment",
    "Secret": "secrets",
    "Exec": "command",
    "Entrypoint": "command",
    "Volume": "mounts",
    "ExecStartPre": "mounts",
    "PublishPort": "ports",
    "AddHost": "address",
    "IP": "address",
    "DNS": "address",
    "PodmanArgs": "address",
    "Requires": "order",
    "After": "order",
    "HealthCmd": "health",
    "HealthInterval": "health",
    "HealthRetries": "health",
    "HealthStartPeriod": "health",
    "Notify": "health",
    "MemoryMax": "limits",
    "CPUQuota": "limits",
    "Restart": "restart",
    "Type": "restart",
}
"""Which word tells of a unit's key; all others are `settings`."""


def summary(bundle: Bundle) -> dict[str, str]:
    """One line per thing that a person would name: `image of shop/web` to `docker.io/…:1.4`. No secret is in it."""
    gates = {unit: gate for gate in bundle.gates for unit in gate.units}
    passed_over = {unit for gate in bundle.gates for unit in gate.units[1:]}
    rules = {slot.rules for gate in bundle.gates for slot in gate.slots}
    of_services = {name for service in bundle.services for name in (service.name, *service.files)}
    lines: dict[str, str] = {}
    for unit in (unit for unit in bundle.units if unit.name not in passed_over | of_services):
        gate = gates.get(unit.name)
        lines |= _topics(unit, _called(gate, bundle.gates)) if gate else {f"unit {unit.name}": _digest(unit.text)}
    lines |= {f"file {file.path}": _contents(file) for file in bundle.files if file.path not in rules | of_services}
    lines |= {f"disk {disk.volume}": disk.path for disk in bundle.disks}
    lines |= {f"host {_plain(service)}": _of_service(bundle, service) for service in bundle.services}
    return lines


def words(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The difference of two summaries, one sentence each, in the order of the newer."""
    return [_sentence(name, before.get(name), after.get(name)) for name in changed(before, after)]


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Names whose lines differ: those of `after` first, then those that are gone."""
    return [name for name in (*after, *(name for name in before if name not in after)) if before.get(name) != after.get(name)]


def _topics(unit: Unit, called: str) -> Mapping[str, str]:
    found: dict[str, list[str]] = {}
    for entry in entries(unit.text):
        if entry.key == "Label" and entry.value.startswith(f"{LABEL}="):
            found.setdefault("ports", []).extend(told((entry,)))
            continue
        topic = "hooks" if hooks.FOLDER in entry.value else _TOPICS.get(entry.key, "settings")
        found.setdefault(topic, []).append(entry.value if topic == "image" else _told(entry.key, entry.value))
    return {f"{topic} of {called}": " ".join(values) for topic, values in found.items()}


def _told(key: str, value: str) -> str:
    return value if key in ("Environment", "PublishPort", "Exec") else f"{key}={value}"


def _plain(service: HostService) -> str:
    """`provisioner-firewall.service` is the host's `firewall`."""
    return service.name.removeprefix("provisioner-").removesuffix(".service")


def _of_service(bundle: Bundle, service: HostService) -> str:
    texts = [unit.text for unit in bundle.units if unit.name == service.name]
    return _digest("\0".join((*texts, *(_contents(file) for file in bundle.files if file.path in service.files))))


def _contents(file: HostFile) -> str:
    return _digest(f"{file.mode:o} {file.contents}")


def _called(gate: Gate, gates: Iterable[Gate]) -> str:
    """The workload's name, with the container's where the workload has several."""
    several = sum(other.workload == gate.workload for other in gates) > 1
    return f"{gate.workload}/{gate.container}" if several else gate.workload


def _sentence(name: str, before: str | None, after: str | None) -> str:
    if before is None:
        return f"{name}: new, {after}"
    if after is None:
        return f"{name}: gone"
    if name.startswith(("unit ", "file ", "host ")):
        return f"{name}: changed"
    if name.startswith("image of "):
        return f"{name}: {_versions(before, after)}"
    return f"{name}: {', '.join(_parts(before, after))}"


def _versions(before: str, after: str) -> str:
    (old, old_version), (new, new_version) = repository_and_version(before), repository_and_version(after)
    return f"{old_version} to {new_version}" if old == new else f"{before} to {after}"


def _parts(before: str, after: str) -> Iterator[str]:
    """What differs between two lines of words: what went, what came."""
    old, new = before.split(" "), after.split(" ")
    went, came = [part for part in old if part not in new], [part for part in new if part not in old]
    if went:
        yield f"without {' '.join(went)}"
    if came:
        yield f"with {' '.join(came)}"
    if not went and not came:
        yield "in another order"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
