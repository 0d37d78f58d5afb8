"""What a host really runs, next to what it should run: rows for `provisioner ps`, and drift in words."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from provisioner.host.delivery import Delivery
from provisioner.host.model import Bundle, Gate, Unit
from provisioner.host.ports import told
from provisioner.host.quadlet import entries


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerStatus:
    """One container. `state` and `health` are Podman's words: running, exited; healthy, starting, "" without a check."""

    workload: str
    container: str
    image: str
    state: str
    health: str
    ports: tuple[str, ...]
    """As `PublishPort=` writes them: `8080:80/tcp`."""

    @property
    def name(self) -> str:
        return f"{self.workload}/{self.container}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A host as found. Units, files and secrets are held by the sha256 of their contents."""

    digest: str
    units: Mapping[str, str]
    files: Mapping[str, str]
    secrets: Mapping[str, str]
    containers: tuple[ContainerStatus, ...]


def wanted(delivery: Delivery) -> Running:
    """How a host looks when a delivery is applied and everything is well."""
    bundle = delivery.bundle
    return Running(
        digest=bundle.digest,
        units={unit.name: _sha(unit.text) for unit in bundle.units},
        files={file.path: _sha(f"{file.mode:o} {file.contents}") for file in bundle.files},
        secrets={name: _sha(value) for name, value in delivery.secrets.items()},
        containers=_containers(bundle),
    )


def drift(want: Running, found: Running) -> list[str]:
    """Every difference in words, empty where the host is as it should be."""
    words = [
        *_differences("unit", want.units, found.units),
        *_differences("file", want.files, found.files),
        *_differences("secret", want.secrets, found.secrets),
        *_container_drift(want.containers, found.containers),
    ]
    if not words and want.digest != found.digest:
        words.append(f"bundle {found.digest} is there instead of {want.digest}")
    return words


def to_data(running: Running) -> dict[str, Any]:
    """Plain JSON data."""
    return asdict(running)


def from_data(data: Mapping[str, Any]) -> Running:
    return Running(
        digest=data["digest"],
        units=data["units"],
        files=data["files"],
        secrets=data["secrets"],
        containers=tuple(_status(each) for each in data["containers"]),
    )


def rows(document: Mapping[str, Any]) -> tuple[ContainerStatus, ...]:
    """The containers of a host's stored document, `{host_id, bundle, status}`: what `provisioner ps` lists."""
    return from_data(document["status"]).containers


def _status(data: Mapping[str, Any]) -> ContainerStatus:
    words = {name: str(data[name]) for name in ("workload", "container", "image", "state", "health")}
    return ContainerStatus(**words, ports=tuple(data["ports"]))


def _containers(bundle: Bundle) -> tuple[ContainerStatus, ...]:
    units = {unit.name: unit for unit in bundle.units}
    return tuple(_container(gate, units[gate.units[0]]) for gate in bundle.gates)


def _container(gate: Gate, unit: Unit) -> ContainerStatus:
    read = list(entries(unit.text))
    job = any(entry.key == "Type" and entry.value == "oneshot" for entry in read)
    return ContainerStatus(
        workload=gate.workload,
        container=gate.container,
        image=gate.image,
        state="exited" if job else "running",
        health="healthy" if "HealthCmd" in {entry.key for entry in read} else "",
        ports=told(read),
    )


def _differences(kind: str, want: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*want, *found}):
        if name not in found:
            yield f"{kind} {name} is missing"
        elif name not in want:
            yield f"{kind} {name} is not of this bundle"
        elif want[name] != found[name]:
            yield f"{kind} {name} was changed on the host"


def _container_drift(want: Iterable[ContainerStatus], found: Iterable[ContainerStatus]) -> Iterator[str]:
    there = {status.name: status for status in found}
    for status in want:
        actual = there.pop(status.name, None)
        if actual is None:
            yield f"{status.name} does not run"
            continue
        for what in ("state", "health", "image"):
            expected, value = getattr(status, what), getattr(actual, what)
            if expected != value:
                yield f"{what} of {status.name} is {value or 'unknown'}, expected {expected or 'none'}"
    yield from (f"{name} runs and is not of this bundle" for name in there)


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
