"""Faults on demand: a table in the state file, looked at on every call of the protocol.

    throttle   refused in the words of the cloud's rate limit
    fail       refused as an internal error of the cloud
    half       a create is carried out, then reported as failed: the engine keeps the resource as not initialised
    stall      carried out; the answer comes `seconds` later
    die        carried out; then the sandbox's process is killed, with no answer
    kill       carried out; then the engine's process is killed, with no answer
    late       a create is carried out, and others see the resource only `seconds` later: eventual consistency

A fault strikes the matching calls from the `first` on, `times` times (0: from then on always).
"""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal, get_args

from provisioner.errors import UsageError
from provisioner.sandbox.kinds import CloudRefusal
from provisioner.sandbox.peer import find_process
from provisioner.sandbox.state import State, opened

FaultKind = Literal["throttle", "fail", "half", "stall", "die", "kill", "late"]
KINDS: tuple[FaultKind, ...] = get_args(FaultKind)
METHODS = ("Check", "Diff", "Create", "Read", "Update", "Delete", "Invoke")

_WORDS = {
    ("aws", "throttle"): "RequestLimitExceeded: Request limit exceeded.",
    ("aws", "fail"): "InternalError: An internal error has occurred",
    ("gcp", "throttle"): "googleapi: Error 429: Rate Limit Exceeded, rateLimitExceeded",
    ("gcp", "fail"): "googleapi: Error 503: Internal error. Please try again or contact Google Support., backendError",
    ("azure-native", "throttle"): "TooManyRequests: The request is being throttled as the limit has been reached",
    ("azure-native", "fail"): "InternalServerError: An internal execution error occurred. Please retry later.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`token` is a pattern with `*`; `method` one of `METHODS` or `*`. `seen` counts the matching calls so far."""

    kind: FaultKind
    token: str = "*"  # noqa: S105  (a resource type)
    method: str = "*"
    first: int = 1
    times: int = 1
    seconds: float = 60.0
    message: str = ""
    """In place of the cloud's words."""
    seen: int = 0


def set_fault(state: Path, fault: Fault) -> None:
    """Add a fault to a state file. Raises `UsageError` for one that could never strike."""
    if fault.kind not in KINDS:
        raise UsageError(f"expected a fault of {', '.join(KINDS)}, found {fault.kind!r}")
    if fault.method not in (*METHODS, "*"):
        raise UsageError(f"expected a method of {', '.join(METHODS)} or *, found {fault.method!r}")
    if fault.first < 1 or fault.times < 0 or fault.seconds < 0:
        raise UsageError("expected first from 1 on, times and seconds from 0 on")
    if fault.kind in ("half", "late") and fault.method != "Create":
        raise UsageError(f"a fault {fault.kind} strikes Create only, found {fault.method!r}")
    columns = asdict(fault)
    with opened(state) as database:
        marks = ", ".join("?" * len(columns))
        database.execute(f"INSERT INTO faults ({', '.join(columns)}) VALUES ({marks})", *columns.values())  # noqa: S608


def list_faults(state: Path) -> list[Fault]:
    """Every fault of a state file, in the order in which they were set."""
    with opened(state) as database:
        return [fault for _, fault in _stored(database)]


def clear_faults(state: Path) -> None:
    with opened(state) as database:
        database.execute("DELETE FROM faults")


def strike(state: State, method: str, token: str) -> Fault | None:
    """Count a call, within the running transaction; gives the first fault that strikes it."""
    struck: Fault | None = None
    for number, fault in _stored(state):
        if not fnmatchcase(token, fault.token) or fault.method not in (method, "*"):
            continue
        state.execute("UPDATE faults SET seen = seen + 1 WHERE number = ?", number)
        position = fault.seen + 1 - fault.first
        if position >= 0 and (fault.times == 0 or position < fault.times):
            struck = struck or fault
    return struck


def before(fault: Fault, package: str) -> None:
    """What a fault does in place of the call. Raises `CloudRefusal`."""
    if fault.kind in ("throttle", "fail"):
        raise CloudRefusal(fault.message or _WORDS[package, fault.kind])


def after(fault: Fault, peer: str, is_awaited: Callable[[], bool]) -> None:
    """What a fault does between the call and its answer. `peer` is the engine's end of the connection; `is_awaited` tells
    whether it still listens."""
    if fault.kind == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if fault.kind == "kill":
        os.kill(find_process(peer), signal.SIGKILL)
    end = time.monotonic() + (fault.seconds if fault.kind == "stall" else 0)
    while time.monotonic() < end and is_awaited():
        time.sleep(0.05)


def _stored(state: State) -> list[tuple[int, Fault]]:
    statement = "SELECT number, kind, token, method, first, times, seconds, message, seen FROM faults ORDER BY number"
    names = ("kind", "token", "method", "first", "times", "seconds", "message", "seen")
    return [(number, Fault(**dict(zip(names, values, strict=True)))) for number, *values in state.execute(statement)]
