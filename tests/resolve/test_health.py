"""What a readiness check decides on a host: its command is run by a real shell."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from resolve_cases import cases, written

from provisioner.errors import Problems
from provisioner.resolve import resolve

WEB: dict[str, Any] = {
    "defines": "runnable",
    "permitted-secrets": {"key": True},
    "variables": {"port": 80},
    "containers": {"app": {"image": "app:1"}, "side": {"image": "side:1"}},
    "services": {"http": {"container": "app", "port": 80}},
    "actions": {
        "count": {"arguments": {"of": {"type": "string"}}, "code": 'exec("app", "count", $args["of"], $port to-s) to-int'}
    },
}


@pytest.mark.parametrize("case", cases("health"), ids=lambda case: case["code"])
def test_a_check(case: dict[str, Any], tmp_path: Path) -> None:
    web = {**WEB, "checks": {"readiness": {"code": case["code"]}}}
    problems = Problems()
    catalog = written(tmp_path, {"a.yaml": "namespace: a\n" + yaml.safe_dump({"web": web}, allow_unicode=True)})
    (runnable,) = resolve(catalog, "a/web", problems=problems).runnables
    assert [problem.code for problem in problems] == ([case["warns"]] if "warns" in case else [])
    health = {container.name: container.health for container in runnable.containers if container.health}
    assert runnable.readiness is not None
    assert json.loads(runnable.readiness.asked or "null") == case.get("asked")
    if "warns" in case or "asked" in case or case.get("command") == []:
        assert not health
        return
    ((container, command),) = health.items()
    assert container == case.get("container", "app")
    assert list(command) == case.get("command", list(command))
    if "holds" in case:
        assert (subprocess.run(command, check=False, capture_output=True).returncode == 0) is case["holds"]
