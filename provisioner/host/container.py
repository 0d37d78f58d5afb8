"""The Quadlet unit of one container, and what comes with it: files, secrets, volumes, its gate."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from provisioner.host.delivery import address_slot
from provisioner.host.environment import environment, labels, visible_all
from provisioner.host.files import files
from provisioner.host.health import health, is_job, start_seconds
from provisioner.host.images import qualified
from provisioner.host.limits import devices, limits
from provisioner.host.model import Gate, HostFile, SecretSlot, Unit
from provisioner.host.mounts import mounts
from provisioner.host.names import NETWORK, service_name, unit_name
from provisioner.host.ports import ports
from provisioner.host.quadlet import Section, prose, unit_text
from provisioner.host.scene import Subject
from provisioner.resolve.names import hostname

RESTARTS: Final = {"always": "always", "unless-stopped": "always", "on-failure": "on-failure"}
"""MonkScript's words and systemd's. A stop by hand holds in systemd anyway, so `unless-stopped` is `always`."""

Lines = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    units: tuple[Unit, ...]
    """Of named volumes first, the container's own last."""
    files: tuple[HostFile, ...]
    secrets: tuple[SecretSlot, ...]
    gate: Gate


def container_unit(subject: Subject) -> Built:
    mounted = mounts(subject)
    file_lines, host_files, file_secrets = files(subject)
    environment_lines, environment_secrets = environment(subject)
    own: Lines = [
        *_identity(subject),
        *_network(subject),
        *_command(subject),
        *environment_lines,
        *mounted.lines,
        *file_lines,
        *ports(subject),
        *_privileges(subject),
        *devices(subject.container.needs),
        *labels(subject),
        *health(subject),
    ]
    sections = [
        Section(name="Unit", lines=_order(subject, mounted.services)),
        Section(name="Container", lines=own),
        Section(name="Service", lines=_service(subject, mounted.prepare)),
        Section(name="Install", lines=[] if is_job(subject) else [("WantedBy", "multi-user.target")]),
    ]
    name = unit_name(subject.workload.name, subject.container.name)
    return Built(
        units=(*mounted.units, Unit(name=f"{name}.container", text=unit_text(sections))),
        files=tuple(host_files),
        secrets=(*environment_secrets, *file_secrets),
        gate=_gate(subject),
    )


def _identity(subject: Subject) -> Iterator[tuple[str, str]]:
    yield "Image", subject.line("image", qualified(subject.container.image))
    yield "ContainerName", unit_name(subject.workload.name, subject.container.name)


def _network(subject: Subject) -> Iterator[tuple[str, str]]:
    """Containers of one host find each other by alias. Names on other hosts lead to those hosts' private addresses.

    There, only ports that the machine publishes answer: the overlay network that carries the others is not built yet.
    """
    yield "Network", f"{NETWORK}.network"
    yield "NetworkAlias", hostname(subject.container.name, subject.workload.name)
    elsewhere = {
        edge.hostname: host
        for edge in subject.workload.connections.values()
        if edge.hostname and (host := subject.scene.placement.assignments.get(edge.target, "")) not in ("", subject.scene.host)
    }
    for name, host in sorted(elsewhere.items()):
        yield "AddHost", f"{subject.line('connection', name)}:{address_slot(host)}"


def _command(subject: Subject) -> Iterator[tuple[str, str]]:
    container = subject.container
    if container.entrypoint:
        yield "Entrypoint", subject.line("entrypoint", json.dumps(visible_all(subject, "entrypoint", container.entrypoint)))
    if container.command:
        yield "Exec", subject.words("command", visible_all(subject, "command", container.command))
    if container.user:
        yield "User", subject.line("user", container.user)
    if container.workdir:
        yield "WorkingDir", subject.line("workdir", container.workdir)


def _privileges(subject: Subject) -> Iterator[tuple[str, str]]:
    for capability in subject.container.cap_add:
        yield "AddCapability", subject.word("cap-add", capability)
    for name, limit in sorted(subject.container.ulimits.items()):
        yield "Ulimit", subject.line("ulimits", f"{name}={limit}")


def _order(subject: Subject, services: Iterable[str]) -> Lines:
    """Disks start first, and what `depends` names on this host. What it names on other hosts, the program waits for."""
    here = {workload.name: workload for workload in subject.scene.workloads}
    waited = [here[name] for name in subject.workload.depends.runnables if name in here]
    first = [*services, *(service_name(workload.name, each.name) for workload in waited for each in workload.containers)]
    described: Lines = [("Description", prose(f"{subject.workload.name} {subject.container.name}"))]
    return described + [(key, service) for service in first for key in ("Requires", "After")]


def _service(subject: Subject, prepare: Iterable[str]) -> Lines:
    commands: Lines = [("ExecStartPre", command) for command in prepare]
    timeout = ("TimeoutStartSec", f"{start_seconds(subject.scene.plan, subject.workload):g}")
    return [*commands, *_restart(subject), timeout, *limits(subject.container.needs)]


def _restart(subject: Subject) -> Lines:
    if is_job(subject):
        return [("Type", "oneshot"), ("RemainAfterExit", "yes")]
    policy = RESTARTS.get(subject.container.restart)
    if policy is None:
        expected = ", ".join((*RESTARTS, "no"))
        subject.error("bad-restart", f'restart: expected one of {expected}, found "{subject.container.restart}"')
        return []
    return [("Restart", policy), ("RestartSec", "3")]


def _gate(subject: Subject) -> Gate:
    return Gate(
        workload=subject.workload.name,
        container=subject.container.name,
        service=service_name(subject.workload.name, subject.container.name),
        image=qualified(subject.container.image),
        timeout=start_seconds(subject.scene.plan, subject.workload),
    )
