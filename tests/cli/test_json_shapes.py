"""The JSON shapes of the command line are a contract, written down in `docs/reference/schemas`."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "docs" / "reference" / "schemas"
CALLS = {
    "check": ("check", "blueprints"),
    "show": ("show", "demo/n8n"),
    "eval": ("eval", "self-path", "--in", "demo/n8n"),
    "plan": ("plan", "demo/platform", "--cloud", "gcp", "--region", "europe-west1"),
    "cost": ("cost", "demo/platform", "--cloud", "aws,gcp,azure"),
    "init": ("init", "somewhere-new", "--dry-run"),
}


def schema(name: str) -> dict[str, Any]:
    return json.loads((SCHEMAS / f"{name}.json").read_text())


@pytest.mark.parametrize("name", CALLS)
def test_what_is_printed_keeps_to_its_schema(name: str, call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    answer = call(*CALLS[name], "--json")
    assert answer.status == 0, answer.err
    jsonschema.validate(json.loads(answer.out), schema(name))


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
def test_one_clouds_cost_is_the_contracts_own_shape(cloud: str, call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = json.loads(call("cost", "demo/platform", "--cloud", cloud, "--json").out)
    jsonschema.validate(found, schema("cost")["oneOf"][0])
    assert found["missing"] == []
    total = sum(item["monthly"]["typical"] for item in found["items"])
    assert abs(total - found["monthly"]["typical"]) < 1e-4
    assert all(item["source"] and item["price_date"] for item in found["items"])


def test_every_schema_is_used(call: Any) -> None:
    """Those of `provisioner prices` are used by `tests/prices/test_command_prices.py`; those of a stack need the engine."""
    others = {path.stem for path in SCHEMAS.glob("*.json") if not path.stem.startswith("prices-")}
    assert others == {*CALLS, "do", "engine", "logs", "monkscript", "ps", "restart", "status", "sandbox-list", "sandbox-faults"}


def test_a_group_and_a_blueprint_are_shown_with_all_they_run(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for name, kind in (("demo/system", "group"), ("demo/platform", "blueprint")):
        found = json.loads(call("show", name, "--json").out)
        jsonschema.validate(found, schema("show"))
        assert found["kind"] == kind
        assert {one["name"] for one in found["runs"]} >= {"demo/web", "demo/postgresql"}
