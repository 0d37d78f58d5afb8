"""The Quadlet units of one container, and what comes with them: files, secrets, volumes, its gate."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from provisioner.host import overlay, resolver
from provisioner.host.environment import environment, labels, visible_all
from provisioner.host.files import files
from provisioner.host.health import health, is_job, start_seconds
from provisioner.host.hooks import hooks
from provisioner.host.images import qualified
from provisioner.host.limits import devices, limits
from provisioner.host.model import Gate, HostFile, SecretSlot, Unit
from provisioner.host.mounts import mounts
from provisioner.host.names import service_name, unit_name
from provisioner.host.network import joining
from provisioner.host.ports import ports
from provisioner.host.quadlet import Section, prose, unit_text
from provisioner.host.scene import Subject
from provisioner.host.slot_rules import slots
from provisioner.host.slots import DRAIN_SECONDS, SLOTS, slotted
from provisioner.host.stop import COMMAND
from provisioner.plan.model import Workload
from provisioner.resolve.model import Container
from provisioner.resolve.recovery import NEVER

RESTARTS: Final = {"always": "always", "unless-stopped": "always", "on-failure": "on-failure", NEVER: "no"}
"""MonkScript's words and systemd's. A stop by hand holds in systemd anyway, so `unless-stopped` is `always`."""

Lines = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    units: tuple[Unit, ...]
    """Of named volumes and hooks first, the container's own last."""
    files: tuple[HostFile, ...]
    secrets: tuple[SecretSlot, ...]
    gate: Gate


def container_unit(subject: Subject) -> Built:
    """One unit, or one for each slot of a container that has slots: they differ by name and address alone."""
    mounted = mounts(subject)
    names = SLOTS if slotted(subject.workload, subject.container) else ("",)
    hooked = hooks(subject, names)
    file_lines, host_files, file_secrets = files(subject)
    environment_lines, environment_secrets = environment(subject)
    own: Lines = [
        *_command(subject),
        *environment_lines,
        *mounted.lines,
        *file_lines,
        *ports(subject),
        *_privileges(subject),
        *devices(subject.container.needs),
        *labels(subject),
        *hooked.labels,
        *health(subject),
    ]
    around = (
        Section(name="Unit", lines=_order(subject, mounted.services)),
        Section(name="Service", lines=[*_prepared(mounted.prepare), *hooked.lines, *_service(subject)]),
    )
    gate, slot_files = _gate(subject)
    return Built(
        units=(*mounted.units, *hooked.units, *(_unit(subject, slot, own, *around) for slot in names)),
        files=(*host_files, *hooked.files, *slot_files),
        secrets=(*environment_secrets, *file_secrets),
        gate=gate,
    )


def _unit(subject: Subject, slot: str, own: Lines, order: Section, service: Section) -> Unit:
    """A slot is started by whoever switches, and after a boot by `host.slot_start`; all others start by themselves."""
    name = unit_name(subject.workload.name, subject.container.name, slot)
    identity: Lines = [("Image", subject.line("image", qualified(subject.container.image))), ("ContainerName", name)]
    sections = (
        order,
        Section(name="Container", lines=[*identity, *joining(subject, slot), *own]),
        service,
        Section(name="Install", lines=[] if slot or is_job(subject) else [("WantedBy", "multi-user.target")]),
    )
    return Unit(name=f"{name}.container", text=unit_text(sections))


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
    """Disks start first, and what `depends` names on this host. What it names on other hosts, the program waits for.

    A container with slots is waited for without being required: when one slot stops, the other serves.
    """
    names = subject.workload.depends.runnables
    others = [other for name in names for other in subject.scene.plan.replicas_of(name) if subject.scene.is_here(other)]
    waited = [(other, container) for other in others for container in other.containers]
    described: Lines = [
        ("Description", prose(f"{subject.workload.name} {subject.container.name}")),
        ("After", f"{overlay.SERVICE} {resolver.SERVICE}"),
    ]
    required = [(key, service) for service in services for key in ("Requires", "After")]
    return [*described, *required, *(line for workload, container in waited for line in _after(workload, container))]


def _after(workload: Workload, container: Container) -> Iterator[tuple[str, str]]:
    if slotted(workload, container):
        yield from (("After", service_name(workload.name, container.name, slot)) for slot in SLOTS)
    else:
        service = service_name(workload.name, container.name)
        yield from (("Requires", service), ("After", service))


def _prepared(commands: Iterable[str]) -> Lines:
    return [("ExecStartPre", command) for command in commands]


def _service(subject: Subject) -> Lines:
    timeout = ("TimeoutStartSec", f"{start_seconds(subject.scene.plan, subject.workload):g}")
    return [*_restart(subject), timeout, *limits(subject.container.needs)]


def _restart(subject: Subject) -> Lines:
    if is_job(subject):
        return [("Type", "oneshot"), ("RemainAfterExit", "yes")]
    policy = RESTARTS.get(subject.container.restart)
    if policy is None:
        expected = ", ".join((*(word for word in RESTARTS if word != NEVER), "no"))
        subject.error("bad-restart", f'restart: expected one of {expected}, found "{subject.container.restart}"')
        return []
    return [("Restart", policy), ("RestartSec", f"{subject.container.restart_seconds:g}"), ("ExecStop", COMMAND)]


def _gate(subject: Subject) -> tuple[Gate, tuple[HostFile, ...]]:
    """The gate, and the rule files of its slots."""
    made, rule_files = slots(subject)
    gate = Gate(
        workload=subject.workload.name,
        container=subject.container.name,
        service=service_name(subject.workload.name, subject.container.name),
        image=qualified(subject.container.image),
        timeout=start_seconds(subject.scene.plan, subject.workload),
        slots=made,
        drain=DRAIN_SECONDS if made else 0,
    )
    return gate, rule_files
