"""The switch from one generation to the next, as it is seen from here: what the host's script tells, and how it ended."""

import contextlib
import json
import shlex
import time
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Final, cast

from provisioner.deploy.hosts.generation import Generation
from provisioner.deploy.hosts.images import expect
from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.hosts.scripts import script
from provisioner.deploy.hosts.shell import Shell
from provisioner.deploy.live.readiness import refusal
from provisioner.errors import HostError
from provisioner.host.model import Bundle
from provisioner.host.quadlet import entries

LOCK_SECONDS: Final = 60
"""How long an update waits for another to end."""

END_SECONDS: Final = 600
"""How long a cut connection's update is waited for on a new one."""

_STOP: Final = "kill -TERM $(cat /var/lib/provisioner/pid)"
_ENDED: Final = f"cd /var/lib/provisioner && flock -w {END_SECONDS} lock cat log"


_VERDICT: Final = "cd /var/lib/provisioner/scratch && cat >verdict.new && mv verdict.new verdict"

NO_REASONS: Final[Mapping[str, str]] = {}


def switch(shell: Shell, bundle: Bundle, goal: Generation, owner: str, progress: Progress) -> None:
    """Raises `HostError` with the container, what was expected of it, its last lines, and what serves now."""
    told: list[str] = []
    reasons: dict[str, str] = {}
    command = script("bring", goal.id, str(LOCK_SECONDS), owner)
    try:
        with progress.stopped_by(lambda: _stop(shell)):
            for line in shell.lines(command):
                told.append(line)
                _tell(line, progress)
                if line.startswith("asking "):
                    reasons |= _verdict(shell, bundle, line.removeprefix("asking "), progress)
    except HostError as cut:
        told = _told_after(shell, cut, goal, progress)
    judge(told, bundle, reasons)


def judge(told: list[str], bundle: Bundle, reasons: Mapping[str, str] = NO_REASONS) -> None:
    """How a switch ended, from all its lines, and why live checks did not hold. Returns where the new generation serves."""
    if "done" in told:
        return
    held = next((line.removeprefix("held ") for line in told if line.startswith("held ")), "")
    if held:
        raise HostError(f"{bundle.host} is being updated by somebody else: {held}; nothing was changed")
    raise HostError("\n".join(_failure(told, bundle, reasons)))


def _failure(told: list[str], bundle: Bundle, reasons: Mapping[str, str]) -> Iterator[str]:
    """The first failure is the reason; a later one is why the previous generation did not come back either."""
    failures = [line.removeprefix("failed ") for line in told if line.startswith("failed ")]
    first = next((at for at, line in enumerate(told) if line.startswith("failed ")), len(told))
    yield f"{bundle.host}: {_reason(failures[0], bundle, reasons) if failures else 'the update ended without a word'}"
    for line in takewhile(lambda line: line.startswith("log "), told[first + 1 :]):
        yield f"  {line.removeprefix('log ')}"
    yield _outcome(told, failures)


def _outcome(told: list[str], failures: list[str]) -> str:
    restored = next((line for line in told if line.startswith("restored")), "")
    if restored:
        return (
            "the previous bundle serves again" if restored.strip() != "restored" else "nothing ran before, and nothing runs now"
        )
    if "broken" in told:
        again = f" ({_words(failures[1])})" if len(failures) > 1 else ""
        return f"the previous bundle did not come back either{again}: mend the cause and run `pulumi up` again"
    if failures:
        return "nothing was changed"
    return "how it ended is not known: the next `pulumi up` looks at the host and brings it to order"


def _reason(failure: str, bundle: Bundle, reasons: Mapping[str, str]) -> str:
    """With the check that never passed, where that is the reason."""
    label = failure.partition(" ")[0]
    live = next((check.code for check in bundle.checks if check.label == label), "")
    if live and "not ready" in failure:
        why = f"; at last: {reasons[label]}" if label in reasons else ""
        return f"{_words(failure)} (it is asked: {live}{why})"
    units = {unit.name: unit.text for unit in bundle.units}
    for gate in bundle.gates:
        services = [slot.service for slot in gate.slots] or [gate.service]
        text = units.get(f"{services[0].removesuffix('.service')}.container", "")
        check = next((one.value for one in entries(text) if one.key == "HealthCmd"), "")
        if label == f"{gate.workload}/{gate.container}" and check and "not ready" in failure:
            return f"{_words(failure)} (it is asked: {_asked(check)})"
    return _words(failure)


def _asked(check: str) -> str:
    """The command of a health check as a person would type it. Quadlet wants `%` and `$` doubled."""
    words = cast("list[str]", json.loads(check)) if check.startswith("[") else [check]
    shown = words[2] if words[:2] == ["/bin/sh", "-c"] else shlex.join(words)
    return shown.replace("%%", "%").replace("$$", "$")


def _words(failure: str) -> str:
    label, _, why = failure.partition(" ")
    return why if label == "-" else f"{label} {why}"


def _verdict(shell: Shell, bundle: Bundle, label: str, progress: Progress) -> dict[str, str]:
    """Decide a live check while the host waits for it. Why it does not hold, by its label; nothing where it does."""
    check = next(check for check in bundle.checks if check.label == label)
    why = refusal(shell, check, progress)
    expect(shell.run(_VERDICT, input=b"refused\n" if why else b"ready\n", seconds=10), "the verdict on a check cannot be left")
    return {label: why} if why else {}


def _tell(line: str, progress: Progress) -> None:
    word, _, rest = line.partition(" ")
    if word in ("starting", "stopping", "asking", "ready"):
        progress.tell(line)
    elif word == "failed":
        progress.tell(f"{_words(rest)}; the previous bundle comes back")


def _stop(shell: Shell) -> None:
    """A host that does not answer ends the update by itself, one way or the other."""
    with contextlib.suppress(HostError):
        shell.run(_STOP, seconds=10)


def _told_after(shell: Shell, cut: HostError, goal: Generation, progress: Progress) -> list[str]:
    """The connection is gone and the script works on: reach the host again, wait for the end, read what was told."""
    progress.tell("the connection was cut: reaching the host again")
    for pause in (0, 1, 2, 4, 8):
        time.sleep(pause)
        try:
            answer = shell.run(_ENDED, seconds=END_SECONDS + 30)
        except HostError:
            continue
        told = answer.text.splitlines()
        if told[:1] == [f"goal {goal.id}"]:
            return told
        break
    raise HostError(f"{cut}; the host ends the update by itself, and the next `pulumi up` finds how it ended") from cut
