"""Bring a delivery to a host: compare, stage, switch. Where nothing differs, one exchange says so.

Staging changes nothing that runs: contents by digest, secrets, images. The switch is one script that runs on the host to its
end whatever happens to the connection, under a lock, and puts the previous generation back where the new one fails.
"""

import getpass
import io
import os
import platform
import tarfile
import time
from typing import Final

from provisioner.deploy.hosts import inspect
from provisioner.deploy.hosts.generation import Generation, generation
from provisioner.deploy.hosts.prepare import prepare
from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.hosts.scripts import script
from provisioner.deploy.hosts.shell import Answer, Shell
from provisioner.deploy.hosts.switch import switch
from provisioner.errors import HostError
from provisioner.host import status
from provisioner.host.delivery import Delivery
from provisioner.host.status import Running

STAGE_SECONDS: Final = 300
PULL_SECONDS: Final = 1800
SECRET_SECONDS: Final = 30


def apply(shell: Shell, delivery: Delivery, progress: Progress) -> Running:
    """What runs afterwards. Raises `HostError` that says what failed and what serves now."""
    state = ensure_keys(shell, inspect.inspect(shell))
    goal = generation(delivery, state.key)
    found = inspect.running(state, delivery, goal)
    if state.is_whole and state.generation == goal.id and not status.drift(status.wanted(delivery), found):
        return found
    stage(shell, goal, state, progress)
    progress.check()
    switch(shell, delivery.bundle, goal, _owner(delivery), progress)
    return inspect.running(inspect.inspect(shell), delivery, goal)


def ensure_keys(shell: Shell, state: inspect.HostState) -> inspect.HostState:
    """The state of a host that has its keys: one that nobody prepared is prepared now."""
    if state.key:
        return state
    prepare(shell)
    return inspect.inspect(shell)


def stage(shell: Shell, goal: Generation, state: inspect.HostState, progress: Progress) -> None:
    """Everything that the switch will need lies on the host afterwards."""
    progress.tell("staging")
    answer = shell.run(script("stage", goal.id), input=_archive(goal, state.stored), seconds=STAGE_SECONDS)
    _expect(answer, "the host refuses the bundle")
    for name in sorted(set(goal.secrets) - state.secrets):
        progress.check()
        label = f"provisioner.secret={name.rpartition('.')[2]}"
        command = f"podman secret create --replace --label {label} {name} - >/dev/null"
        _expect(
            shell.run(command, input=goal.secrets[name].encode(), seconds=SECRET_SECONDS), f"the secret {name} cannot be kept"
        )
    for line in answer.text.splitlines():
        progress.check()
        _pull(shell, line.removeprefix("image "), progress)


def _pull(shell: Shell, image: str, progress: Progress) -> None:
    progress.tell(f"pulling {image}")
    _expect(
        shell.run(f"podman pull -q --retry 1 {image} >/dev/null", seconds=PULL_SECONDS), f"the image {image} cannot be pulled"
    )


def _archive(goal: Generation, stored: frozenset[str]) -> bytes:
    """A tar archive of what the host lacks: `store/SHA` and the files of the generation itself."""
    lacking = {f"store/{item.sha}": item.contents for item in goal.items if item.sha not in stored}
    own = {name: text.encode() for name, text in goal.files.items()}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        folder = tarfile.TarInfo("store")
        folder.type, folder.mode = tarfile.DIRTYPE, 0o700
        archive.addfile(folder)
        for name, contents in (lacking | own).items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(contents), 0o600
            archive.addfile(entry, io.BytesIO(contents))
    return packed.getvalue()


def _expect(answer: Answer, otherwise: str) -> None:
    if not answer.ok:
        words = answer.errors.decode(errors="replace").strip().splitlines()
        raise HostError(
            "\n  ".join((f"{otherwise}; what served before serves on:", *(words[-5:] or [f"status {answer.status}"])))
        )


def _owner(delivery: Delivery) -> str:
    """Who updates, for those who find the lock taken."""
    when = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
    return f"{getpass.getuser()}@{platform.node()} (process {os.getpid()}), {delivery.bundle.host} since {when}"
