"""The switch from one generation to the next, as it is seen from here: what the host's script tells, and how it ended."""

import time
from collections.abc import Iterator
from typing import Final

from provisioner.deploy.hosts.generation import Generation
from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.hosts.scripts import script
from provisioner.deploy.hosts.shell import Shell
from provisioner.errors import HostError
from provisioner.host.model import Bundle

LOCK_SECONDS: Final = 60
"""How long an update waits for another to end."""

END_SECONDS: Final = 600
"""How long a cut connection's update is waited for on a new one."""

_STOP: Final = "kill -TERM $(cat /var/lib/provisioner/pid)"
_ENDED: Final = f"cd /var/lib/provisioner && flock -w {END_SECONDS} lock cat log"


def switch(shell: Shell, bundle: Bundle, goal: Generation, owner: str, progress: Progress) -> None:
    """Raises `HostError` with the container, what was expected of it, its last lines, and what serves now."""
    told: list[str] = []
    command = script("bring", goal.id, str(LOCK_SECONDS), owner)
    try:
        with progress.stopped_by(lambda: _stop(shell)):
            for line in shell.lines(command):
                told.append(line)
                _tell(line, progress)
    except HostError as cut:
        told = _told_after(shell, cut, progress)
    judge(told, bundle.host)


def judge(told: list[str], host: str) -> None:
    """How a switch ended, from all its lines. Returns where the new generation serves."""
    if "done" in told:
        return
    held = next((line.removeprefix("held ") for line in told if line.startswith("held ")), "")
    if held:
        raise HostError(f"{host} is being updated by somebody else: {held}; nothing was changed")
    raise HostError("\n".join(_failure(told, host)))


def _failure(told: list[str], host: str) -> Iterator[str]:
    """The first failure is the reason; a later one is why the previous generation did not come back either."""
    failures = [line.removeprefix("failed ") for line in told if line.startswith("failed ")]
    first = next((at for at, line in enumerate(told) if line.startswith("failed ")), len(told))
    yield f"{host}: {_words(failures[0]) if failures else 'the update ended without a word'}"
    for line in told[first + 1 :]:
        if not line.startswith("log "):
            break
        yield f"  {line.removeprefix('log ')}"
    restored = next((line for line in told if line.startswith("restored")), "")
    if restored == "restored ":
        yield "nothing ran before, and nothing runs now"
    elif restored:
        yield "the previous bundle serves again"
    else:
        again = f" ({_words(failures[1])})" if len(failures) > 1 else ""
        yield f"the previous bundle did not come back either{again}: mend the cause and run `pulumi up` again"


def _words(failure: str) -> str:
    label, _, why = failure.partition(" ")
    return why if label == "-" else f"{label} {why}"


def _tell(line: str, progress: Progress) -> None:
    word, _, rest = line.partition(" ")
    if word in ("starting", "stopping", "ready"):
        progress.tell(line)
    elif word == "failed":
        progress.tell(f"{_words(rest)}; the previous bundle comes back")


def _stop(shell: Shell) -> None:
    shell.run(_STOP, seconds=10)


def _told_after(shell: Shell, cut: HostError, progress: Progress) -> list[str]:
    """The connection is gone and the script works on: reach the host again, wait for the end, read what was told."""
    progress.tell("the connection was cut: reaching the host again")
    for pause in (0, 1, 2, 4, 8):
        time.sleep(pause)
        try:
            answer = shell.run(_ENDED, seconds=END_SECONDS + 30)
        except HostError:
            continue
        if answer.ok:
            return answer.text.splitlines()
    raise HostError(f"{cut}; the host ends the update by itself, and the next `pulumi up` finds how it ended") from cut
