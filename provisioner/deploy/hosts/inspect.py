"""What lies and runs on a host, asked for in one command."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from provisioner.deploy.hosts.generation import Generation
from provisioner.deploy.hosts.scripts import script
from provisioner.deploy.hosts.shell import Shell
from provisioner.errors import HostError
from provisioner.host.delivery import Delivery
from provisioner.host.model import Bundle, Gate
from provisioner.host.status import ContainerStatus, Running, wanted

INSPECT_SECONDS: Final = 60
HEALTHY: Final = "healthy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A systemd service, in systemd's words."""

    active: str
    sub: str
    restarts: int
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A file as it lies there: the sha256 of its contents, its mode in octal digits."""

    sha: str
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """`generation` is the one that serves; "" on a host without a bundle."""

    key: str = ""
    generation: str = ""
    digest: str = ""
    journal: str = ""
    held: str = ""
    """Who updates the host at this moment, "" where nobody does."""
    stored: frozenset[str] = frozenset()
    paths: Mapping[str, Path] = field(default_factory=dict[str, Path])
    services: Mapping[str, Service] = field(default_factory=dict[str, Service])
    secrets: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()
    """Secrets of ours that somebody else made again: whatever they hold, it is not known."""
    containers: tuple[Mapping[str, Any], ...] = ()

    @property
    def is_whole(self) -> bool:
        """No update stopped midway, and none is under way."""
        return self.journal.startswith(HEALTHY) and not self.held


def inspect(shell: Shell) -> HostState:
    """One exchange. Raises `HostError` where the host does not answer."""
    answer = shell.run(script("inspect"), seconds=INSPECT_SECONDS)
    if not answer.ok:
        raise HostError(f"the host cannot be inspected: {answer.errors.decode(errors='replace').strip() or answer.status}")
    return parse(answer.text)


def parse(text: str) -> HostState:
    """Read what `remote/inspect.sh` wrote."""
    single = dict[str, str]()
    rows: dict[str, list[str]] = {"store": [], "path": [], "service": [], "secret": [], "replaced": []}
    for line in text.splitlines():
        word, _, rest = line.partition(" ")
        if word in rows:
            rows[word].append(rest)
        else:
            single[word] = rest
    return HostState(
        key=single.get("key", ""),
        generation=single.get("current", ""),
        digest=single.get("digest", ""),
        journal=single.get("journal", ""),
        held=single.get("held", ""),
        stored=frozenset(rows["store"]),
        paths=dict(map(_path, rows["path"])),
        services=dict(map(_service, rows["service"])),
        secrets=frozenset(rows["secret"]),
        replaced=frozenset(rows["replaced"]),
        containers=tuple(json.loads(single.get("containers") or "[]") or ()),
    )


def running(state: HostState, delivery: Delivery, goal: Generation) -> Running:
    """The host next to what was delivered: where a file or secret is the delivered one, it has the delivered digest."""
    want = wanted(delivery)
    here = {item.path: state.paths.get(item.path) for item in goal.items}
    alike = {
        item.path for item in goal.items if (found := here[item.path]) and (found.sha, found.mode) == (item.sha, f"{item.mode:o}")
    }
    units = {item.path.rpartition("/")[2]: item.path for item in goal.items if item.kind == "unit"}
    names = {name.rpartition(".")[0].partition(".")[2]: name for name in goal.secrets}
    return replace(
        want,
        digest=state.digest,
        units=_as_found(want.units, units, alike, here),
        files=_as_found(want.files, {path: path for path in want.files}, alike, here),
        secrets={
            slot: value if names.get(slot) in state.secrets else "another"
            for slot, value in want.secrets.items()
            if names.get(slot) in state.secrets | state.replaced
        },
        containers=containers(state, delivery.bundle),
    )


def containers(state: HostState, bundle: Bundle) -> tuple[ContainerStatus, ...]:
    """The containers of the host, those of `bundle` first, in their start order."""
    return tuple(_containers(state, bundle))


def remarks(state: HostState) -> Iterator[str]:
    """What is out of order besides single units, files, secrets and containers."""
    if state.held:
        yield f"an update is under way ({state.held})"
    elif not state.is_whole:
        yield f"an update stopped midway ({state.journal or 'no journal'})"


def _as_found(
    want: Mapping[str, str], where: Mapping[str, str], alike: set[str], here: Mapping[str, Path | None]
) -> dict[str, str]:
    found = {name: (path, here.get(path)) for name, path in where.items()}
    return {
        name: want[name] if path in alike else f"{lies.sha} {lies.mode}"
        for name, (path, lies) in found.items()
        if lies is not None and name in want
    }


def _containers(state: HostState, bundle: Bundle) -> Iterator[ContainerStatus]:
    listed = {(_label(one, "workload"), _label(one, "container")): one for one in sorted(state.containers, key=_is_running)}
    for gate in bundle.gates:
        container = listed.pop((gate.workload, gate.container), None)
        if container is not None:
            yield _status(container)
        elif (service := state.services.get(gate.service)) is not None:
            yield _without_container(gate, service)
    yield from map(_status, listed.values())


def _is_running(container: Mapping[str, Any]) -> bool:
    return container.get("State") == "running"


def _status(container: Mapping[str, Any]) -> ContainerStatus:
    return ContainerStatus(
        workload=_label(container, "workload"),
        container=_label(container, "container"),
        image=str(container["Image"]),
        state=str(container["State"]),
        health=_health(str(container.get("Status", ""))),
        ports=(*map(_port, container.get("Ports") or ()), *filter(None, _label(container, "ports").split(","))),
    )


def _without_container(gate: Gate, service: Service) -> ContainerStatus:
    """A job that ended well leaves a service that stays active, and no container."""
    state = "exited" if (service.active, service.sub) == ("active", "exited") else service.active
    return ContainerStatus(workload=gate.workload, container=gate.container, image=gate.image, state=state, health="", ports=())


def _label(container: Mapping[str, Any], name: str) -> str:
    labels: Mapping[str, Any] = container.get("Labels") or {}
    return str(labels.get(f"provisioner.{name}", ""))


def _health(status: str) -> str:
    """Podman writes `Up 3 minutes (healthy)`."""
    inside = status.rpartition("(")[2].rstrip(")") if status.endswith(")") else ""
    return inside if inside in ("healthy", "unhealthy", "starting") else ""


def _port(port: Mapping[str, Any]) -> str:
    """`PublishPort=` style: `10.0.0.4:8080:80/tcp`."""
    sides = f"{port['host_port']}:{port['container_port']}/{port['protocol']}"
    address = str(port.get("host_ip") or "")
    return f"{address}:{sides}" if address and address != "0.0.0.0" else sides  # noqa: S104  (Podman's word for every address)


def _path(row: str) -> tuple[str, Path]:
    sha, mode, _, _, path = row.split(" ", 4)
    return path, Path(sha=sha, mode=mode)


def _service(row: str) -> tuple[str, Service]:
    name, active, sub, restarts, result = [*row.split(" "), "", ""][:5]
    return name, Service(active=active, sub=sub, restarts=int(restarts or 0), result=result)
