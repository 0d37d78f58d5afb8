"""Health checks and start times, in seconds."""

import json
from collections.abc import Iterator
from typing import Final

from provisioner.host.scene import Subject
from provisioner.plan.model import Plan, Workload
from provisioner.resolve.model import Check

START_SECONDS: Final = 60
"""What a container with a check may take besides its attempts. Its image is there before it starts."""

UNCHECKED_SECONDS: Final = 300
"""What one without a check may take, a job to its end: as long as `depends` waits where no time is stated."""


def health(subject: Subject) -> Iterator[tuple[str, str]]:
    """`Health…=` lines and `Notify=healthy`, by which `systemctl start` returns when the check passes."""
    if not checked(subject):
        return
    # A JSON list: Podman runs it without a shell, and its brackets keep the quotes at the ends of a command from Quadlet.
    yield "HealthCmd", subject.line("readiness check", json.dumps(subject.container.health))
    check = subject.workload.readiness or Check(code="")
    yield "HealthInterval", _seconds(check.period)
    yield "HealthRetries", str(check.attempts)
    if check.initial_delay:
        yield "HealthStartPeriod", _seconds(check.initial_delay)
    yield "Notify", "healthy"


def checked(subject: Subject) -> bool:
    """A job is done when it ends, so it has no health."""
    return bool(subject.container.health) and not is_job(subject)


def is_job(subject: Subject) -> bool:
    return subject.container.restart == "no"


def start_seconds(plan: Plan, workload: Workload) -> float:
    """How long a workload's container may take to be ready.

    The shortest `timeout` of those that wait for it; where none does, time to start and all attempts of the check.
    """
    stated = [other.depends.timeout for other in plan.workloads if workload.runnable in other.depends.runnables]
    if stated:
        return min(stated)
    check = workload.readiness
    return START_SECONDS + check.initial_delay + check.period * check.attempts if check else UNCHECKED_SECONDS


def _seconds(value: float) -> str:
    return f"{value:g}s"
