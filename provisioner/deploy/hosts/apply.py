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

from provisioner.deploy.hosts import images, inspect
from provisioner.deploy.hosts.generation import Generation, generation
from provisioner.deploy.hosts.images import NO_ARCHIVES, Archives, expect
from provisioner.deploy.hosts.prepare import prepare
from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.hosts.scripts import script
from provisioner.deploy.hosts.shell import Shell
from provisioner.deploy.hosts.switch import switch
from provisioner.host import status
from provisioner.host.delivery import Delivery
from provisioner.host.status import Running

STAGE_SECONDS: Final = 300
SECRET_SECONDS: Final = 30


def apply(shell: Shell, delivery: Delivery, progress: Progress, archives: Archives = NO_ARCHIVES) -> Running:
    """What runs afterwards. Raises `HostError` that says what failed and what serves now.

    `archives` maps images that no registry has to files here, as `podman save` or `skopeo copy` write them.
    """
    state = ensure_keys(shell, inspect.inspect(shell))
    goal = generation(delivery, state.key)
    found = inspect.running(state, delivery, goal)
    if state.is_whole and state.generation == goal.id and not status.drift(status.wanted(delivery), found):
        return found
    images.bring(shell, stage(shell, goal, state, progress), archives, progress)
    progress.check()
    switch(shell, delivery.bundle, goal, _owner(delivery), progress)
    return inspect.running(inspect.inspect(shell), delivery, goal)


def ensure_keys(shell: Shell, state: inspect.HostState) -> inspect.HostState:
    """The state of a host that has its keys: one that nobody prepared is prepared now."""
    if state.key:
        return state
    prepare(shell)
    return inspect.inspect(shell)


def stage(shell: Shell, goal: Generation, state: inspect.HostState, progress: Progress) -> list[str]:
    """Contents and secrets lie on the host afterwards, checked. The images that it lacks."""
    progress.tell("staging")
    answer = shell.run(script("stage", goal.id), input=_archive(goal, state.stored), seconds=STAGE_SECONDS)
    expect(answer, "the host refuses the bundle")
    for name in sorted(set(goal.secrets) - state.secrets):
        progress.check()
        command = script("secret", name, "replaced" if name in state.replaced else "new")
        expect(shell.run(command, input=goal.secrets[name].encode(), seconds=SECRET_SECONDS), f"the secret {name} cannot be kept")
    return [line.removeprefix("image ") for line in answer.text.splitlines()]


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


def _owner(delivery: Delivery) -> str:
    """Who updates, for those who find the lock taken."""
    when = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
    return f"{getpass.getuser()}@{platform.node()} (process {os.getpid()}), {delivery.bundle.host} since {when}"
