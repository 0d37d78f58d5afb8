"""Readiness checks evaluated on a host, of which a scripted shell plays the part."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.hosts.shell import Answer
from provisioner.deploy.live.readiness import attempted, refusal
from provisioner.host.model import LiveCheck

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "cases/hosts/readiness.yaml").read_text("utf-8"))


@dataclass
class ScriptedShell:
    """Answers commands by the first pattern that is found in them: `{pattern: output}` or `{pattern: [status, errors]}`."""

    answers: dict[str, Any]
    ran: list[str] = field(default_factory=list[str])

    def run(self, command: str, *, input: bytes = b"", seconds: float = 60) -> Answer:
        self.ran.append(command)
        found = next((answer for pattern, answer in self.answers.items() if re.search(pattern, command)), None)
        assert found is not None, f"nobody expected {command}"
        if isinstance(found, str):
            return Answer(status=0, output=found.encode())
        status, errors = found
        return Answer(status=status, errors=errors.encode())

    def lines(self, command: str, *, input: bytes = b"") -> Iterator[str]:
        raise AssertionError(command)

    def attach(self, command: str, *, terminal: bool) -> int:
        raise AssertionError(command)

    def transfer(self, command: str, *, source: int | None = None, target: int | None = None) -> Answer:
        raise AssertionError(command)

    def close(self) -> None: ...


def check(code: str, answers: dict[str, Any] | None = None) -> LiveCheck:
    containers = {"app": "shop-web-app", "side": "shop-web-side"}
    asked = {"answers": answers or {}, "containers": containers, "ports": {"8080": "side"}}
    return LiveCheck(
        workload="shop/web",
        container="side",
        service="shop-web-side.service",
        code=code,
        asked=json.dumps(asked),
        period=0.01,
        initial_delay=0,
        attempts=3,
        timeout=10,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["code"])
def test_a_check_on_what_runs(case: dict[str, Any]) -> None:
    why = attempted(ScriptedShell(case["shell"]), check(case["code"], case.get("asked")))
    assert why == case.get("refused", "")


def test_a_check_is_asked_as_often_as_it_says() -> None:
    shell = ScriptedShell({"podman exec": [1, "not yet"]})
    assert refusal(shell, check('exec("app", "ready")'), Progress()) == "error: exec in app: status 1, not yet"
    assert len(shell.ran) == 3


def test_a_check_ends_with_its_time_and_with_the_update() -> None:
    shell = ScriptedShell({"podman exec": [1, "not yet"]})
    refusal(shell, replace(check('exec("app", "ready")'), timeout=0), Progress())
    assert len(shell.ran) == 1
    cancelled = Progress()
    cancelled.cancel()
    assert refusal(shell, replace(check('exec("app", "ready")'), initial_delay=60), cancelled) == "it was cancelled"
    assert len(shell.ran) == 1
