"""Hooks of a container: scripts that its unit runs, so that they happen at every start and stop, whoever asks for it.

container-starting    before the start; where it fails, the start has failed
container-started     once the container runs, beside its way to readiness, in a service of its own; an update waits for it
container-stopping    before the stop
container-stopped     after it; of these two, neither failure keeps a container from ending
"""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from provisioner.host.files import digest_of
from provisioner.host.health import start_seconds
from provisioner.host.model import HostFile, Unit
from provisioner.host.names import unit_name
from provisioner.host.quadlet import Section, prose, unit_text
from provisioner.host.scene import Subject
from provisioner.resolve.model import Hook

FOLDER: Final = "/etc/provisioner/hooks"
STARTED: Final = "container-started"

_LINES: Final = {
    "container-starting": ("ExecStartPre", f"{FOLDER}/%N.container-starting"),
    STARTED: ("ExecStartPre", "/usr/bin/systemctl start --no-block %N_started.service"),
    "container-stopping": ("ExecStop", f"-{FOLDER}/%N.container-stopping"),
    "container-stopped": ("ExecStopPost", f"-{FOLDER}/%N.container-stopped"),
}
_WAITING: Final = ("container-starting", STARTED)
"""Events whose commands wait until the container that they are for runs."""

_HEAD: Final = """\
#!/bin/sh
label=@label@ action=@action@
failed() {
  echo "the hook @event@ of $label failed: $action in $1, status $2" >&2
  exit 1
}
state() { podman container inspect --format '{{.State.Status}}' "$1" 2>/dev/null; }
# The one of two slots that is the newer.
newest() {
  podman ps --sort created --filter status=running --filter label=provisioner.workload=@workload@ \\
    --filter label=provisioner.container="$1" --format '{{.Names}}' | tail -n 1
}
"""
_WAIT_OWN: Final = """\
until [ "$(state {name})" = running ]; do
  case $(systemctl show -p ActiveState --value {name}.service) in inactive | failed) failed {container} 'unknown' ;; esac
  sleep 0.1
done
"""
_WAIT_OTHER: Final = """\
until [ -n "$(newest {container})" ]; do sleep 0.1; done
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooked:
    """`lines` go under `[Service]` of the container's unit, before others of their kind, `labels` under `[Container]`.

    A label changes with what hooks do, so that the container starts anew and they happen.
    """

    lines: tuple[tuple[str, str], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    files: tuple[HostFile, ...] = ()
    units: tuple[Unit, ...] = ()


def hooks(subject: Subject, slots: tuple[str, ...]) -> Hooked:
    """`slots` are those of the container, "" for its only unit."""
    found = [hook for hook in subject.workload.hooks if hook.container == subject.container.name]
    if not found:
        return Hooked()
    names = [unit_name(subject.workload.name, subject.container.name, slot) for slot in slots]
    files = tuple(
        HostFile(path=f"{FOLDER}/{name}.{hook.event}", contents=_script(subject, hook, name), mode=0o700)
        for name in names
        for hook in found
    )
    has_started = any(hook.event == STARTED for hook in found)
    return Hooked(
        lines=tuple(_LINES[hook.event] for hook in sorted(found, key=lambda hook: list(_LINES).index(hook.event))),
        labels=(("Label", f"provisioner.hooks={digest_of(files)}"),),
        files=files,
        units=tuple(_started(subject, name) for name in names) if has_started else (),
    )


def _started(subject: Subject, name: str) -> Unit:
    """Ends with the container whose start it works beside."""
    label = f"{subject.workload.name} {subject.container.name}"
    service = f"{name}.service"
    sections = (
        Section(
            name="Unit", lines=[("Description", prose(f"Hook of {label}")), ("PartOf", service), ("StartLimitIntervalSec", "0")]
        ),
        Section(
            name="Service",
            lines=[
                ("Type", "oneshot"),
                ("ExecStart", f"{FOLDER}/{name}.{STARTED}"),
                ("TimeoutStartSec", f"{start_seconds(subject.scene.plan, subject.workload):g}"),
            ],
        ),
    )
    return Unit(name=f"{name}_started.service", text=unit_text(sections))


def _script(subject: Subject, hook: Hook, name: str) -> str:
    parts = {
        "event": hook.event,
        "label": shlex.quote(f"{subject.workload.name}/{subject.container.name}"),
        "action": shlex.quote(hook.action),
        "workload": shlex.quote(subject.workload.name),
    }
    head = _HEAD
    for part, value in parts.items():
        head = head.replace(f"@{part}@", value)
    return head + "".join(_steps(hook, name))


def _steps(hook: Hook, name: str) -> Iterator[str]:
    for command in hook.commands:
        is_own, container = command.container == hook.container, shlex.quote(command.container)
        if hook.event in _WAITING:
            yield (_WAIT_OWN if is_own else _WAIT_OTHER).format(name=name, container=container)
        target = name if is_own else f'"$(newest {container})"'
        yield f'podman exec {target} {shlex.join(command.words)} || failed {container} "$?"\n'
