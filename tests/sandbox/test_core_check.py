"""Inputs against a schema, and old inputs against new ones, by tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.errors import SandboxError
from provisioner.sandbox.changes import find_changes, shrunk
from provisioner.sandbox.kinds import UNKNOWN, Autoname
from provisioner.sandbox.naming import Naming, choose_name
from provisioner.sandbox.schema import Schema

CASES = Path(__file__).parents[1] / "cases" / "sandbox"

SCHEMA = Schema(
    {
        "types": {"Rule": {"required": ["port"], "properties": {"port": "integer"}}},
        "enums": {"Kind": ["small", "large"]},
        "resources": {
            "aws:test:Thing": {
                "required": ["size"],
                "properties": {
                    "size": "integer",
                    "ratio": "number",
                    "on": "boolean",
                    "kind": {"enum": "Kind"},
                    "rules": {"list": {"object": "Rule"}},
                    "tags": {"map": "string"},
                    "anything": "any",
                    "either": {"any-of": ["string", {"list": "string"}]},
                    "file": "asset",
                },
            }
        },
    }
)


def cases(file: str) -> list[Any]:
    found = yaml.safe_load((CASES / file).read_text(encoding="utf-8"))
    return [pytest.param(_with_unknowns(case), id=case["name"]) for case in found]


def _with_unknowns(value: Any) -> Any:
    match value:
        case "UNKNOWN":
            return UNKNOWN
        case dict():
            return {key: _with_unknowns(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case list():
            return [_with_unknowns(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value


@pytest.mark.parametrize("case", cases("schema.yaml"))
def test_schema(case: Mapping[str, Any]) -> None:
    found = SCHEMA.check("aws:test:Thing", case["inputs"])
    assert {failure.property: failure.reason for failure in found} == case["failures"]


def test_type_without_a_schema() -> None:
    with pytest.raises(SandboxError, match=r"aws:test:Other has no schema: run .*generate"):
        SCHEMA.check("aws:test:Other", {})


@pytest.mark.parametrize("case", cases("changes.yaml"))
def test_changes(case: Mapping[str, Any]) -> None:
    found = find_changes(case["olds"], case["news"], immutable=case.get("immutable", ()), ignored=case.get("ignored", ()))
    assert {change.path: change.how + "!" * change.replaces for change in found} == case["changes"]


@pytest.mark.parametrize(
    ("olds", "naming", "expected"),
    [
        ({}, Naming(), "My-Web-0011223"),
        ({"name": "My-Web-abcdef0"}, Naming(), "My-Web-abcdef0"),
        ({"name": "given-by-hand"}, Naming(), "My-Web-0011223"),
        ({}, Naming(proposed="web-of-the-user"), "web-of-the-user"),
        ({}, Naming(mode="enforce", proposed="exactly"), "exactly"),
        ({}, Naming(mode="disable"), None),
    ],
)
def test_automatic_names(olds: Mapping[str, Any], naming: Naming, expected: str | None) -> None:
    assert choose_name(Autoname(property="name"), "My-Web", bytes.fromhex("0011223344"), olds, naming) == expected


def test_automatic_names_keep_to_the_rule() -> None:
    rule = Autoname(property="name", separator="", length=4, maximum=12, lower=True)
    assert choose_name(rule, "A-Long-Logical-Name", b"\xab\xcd\xef", {}, Naming()) == "a-long-labcd"


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"size": 100}, {"size": 50}, ["size"]),
        ({"size": 50}, {"size": 100}, []),
        ({}, {"size": 1}, []),
        ({"size": 9}, {}, []),
    ],
)
def test_what_shrinks(before: dict[str, int], after: dict[str, int], found: list[str]) -> None:
    assert sorted(shrunk({"size"}, before, after)) == found
