"""What is done to one container on its host: a command inside it, a restart."""

import shlex
from typing import Final

from provisioner.deploy.hosts.connect import connect
from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.hosts.shell import Shell
from provisioner.deploy.live.readiness import refusal
from provisioner.deploy.operate.names import Target
from provisioner.errors import HostError
from provisioner.host.slot_rules import link

GRACE_SECONDS: Final = 60
"""How long the end of the former container may take, beside the time that the gate gives the new one."""

_HELD: Final = 75

_RESTART: Final = """\
cd /var/lib/provisioner || exit 70
exec 9>>lock
flock -n 9 || { cat owner; exit 75; }
"""
"""Under the lock that updates take: a restart in the middle of one could be taken for its failure."""


def execute(target: Target, words: tuple[str, ...], *, terminal: bool) -> int:
    """Run a command in a running container with this process's own input and output; its exit status.

    Raises `HostError` where the host does not answer or the container does not run.
    """
    shell = connect(target.site.machine.reach)
    name = running(shell, target)
    options = "--interactive --tty" if terminal else "--interactive"
    return shell.attach(f"exec podman exec {options} {shlex.quote(name)} {shlex.join(words)}", terminal=terminal)


def running(shell: Shell, target: Target) -> str:
    """Podman's name of the container that runs. While an update leads to another slot, the newer one."""
    gate = target.gate
    labels = (f"provisioner.workload={gate.workload}", f"provisioner.container={gate.container}")
    filters = " ".join(f"--filter label={shlex.quote(label)}" for label in labels)
    answer = shell.run(f"podman ps --sort created --format '{{{{.Names}}}}' --filter status=running {filters}")
    if not answer.ok:
        raise HostError(f"{target.site.host}: {answer.errors.decode(errors='replace').strip()}")
    if not answer.text:
        raise HostError(f"{target.name} does not run on {target.site.host}: `provisioner ps` shows its state")
    return answer.text.splitlines()[-1]


def restart(target: Target) -> None:
    """Stop and start a container, and wait until it is ready, as its unit and its runnable's check say.

    Raises `HostError` where it does not get ready, or the host is being updated.
    """
    shell = connect(target.site.machine.reach)
    answer = shell.run(_RESTART + _turn(target), seconds=target.gate.timeout + GRACE_SECONDS)
    if answer.status == _HELD:
        raise HostError(f"{target.site.host} is being updated ({answer.text}); {target.name} was not restarted")
    if not answer.ok:
        reason = answer.errors.decode(errors="replace").strip() or f"status {answer.status}"
        raise HostError(f"{target.name} on {target.site.host} did not get ready: {reason}")
    for check in target.site.bundle.checks:
        if check.workload == target.gate.workload and (why := refusal(shell, check, Progress())):
            raise HostError(f"{target.name} on {target.site.host} did not get ready: {check.code}: {why}")


def _turn(target: Target) -> str:
    """With slots, the service of the slot to which connections are led."""
    gate = target.gate
    if not gate.slots:
        return f"systemctl restart {shlex.quote(gate.service)}"
    serving = f"case $(readlink {shlex.quote(link(gate.workload, gate.container))}) in"
    cases = [f"{slot.name}/*) systemctl restart {shlex.quote(slot.service)} ;;" for slot in gate.slots]
    return "\n".join((serving, *cases, '*) echo "nothing leads to it: no update has started it" >&2; exit 1 ;;', "esac"))
