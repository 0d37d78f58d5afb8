"""Expressions to values, and the promise that no expression runs away."""

import contextlib
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from script_context import Shop

from provisioner.script.evaluate import EvaluationError, evaluate
from provisioner.script.findings import findings
from provisioner.script.lexer import ScriptSyntaxError
from provisioner.script.operators import FAMILIES, REGISTRY
from provisioner.script.parser import parse
from provisioner.script.values import Value, is_unknown

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/script/expressions.yaml").read_text("utf-8"))
EXAMPLES = [(operator.name, source, result) for operator in REGISTRY.operators for source, result in operator.examples]


def value(source: str) -> Value:
    return evaluate(parse(source), Shop()).value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["source"])
def test_case(case: dict[str, Any]) -> None:
    if "code" not in case:
        found = value(case["source"])
        assert (str(found) if is_unknown(found) else found) == case["value"]
        return
    with pytest.raises((EvaluationError, ScriptSyntaxError)) as caught:
        value(case["source"])
    assert getattr(caught.value, "code", "broken-script") == case["code"]
    assert caught.value.offset == case["offset"]


@pytest.mark.parametrize(("name", "source", "result"), EXAMPLES)
def test_an_operators_example(name: str, source: str, result: str) -> None:
    assert not list(findings(parse(source)))
    found = value(source)
    if result.startswith("«"):
        assert str(found) == result
    else:
        assert (found, type(found)) == (value(result), type(value(result)))


def test_every_operator_is_documented() -> None:
    for operator in REGISTRY.operators:
        assert operator.doc
        assert operator.examples, operator.name
        assert operator.live == (operator.action is None), operator.name
    assert sum(len(family.OPERATORS) for family in FAMILIES) == len(REGISTRY.operators)


def test_findings_need_no_run() -> None:
    found = [
        (finding.severity, finding.code, finding.offset) for finding in findings(parse("<- a-b `${x}` secret(my-key) trim(1, 2)"))
    ]
    assert sorted(found) == [("error", "unknown-operator", 3), ("error", "wrong-arguments", 29), ("warning", "bare-word", 21)]


@pytest.mark.parametrize(
    "source",
    [
        '"' + "x" * 60000 + '"' + " dup concat" * 40,
        "1 " + "dup mult " * 60,
        "[1] " + "<-{ 0 append } callf " * 3000 + "1 " * 9000,
        "<-{ dup callf } dup callf",
        "2n " + "dup mult " * 40,
        '["a","a"] ' + 'join("aaaaaaaaaaaaaaaaaaaa") dup split("a") swap' * 1,
        "[[" * 19 + "1" + "]]" * 19 + " to-json" * 500,
    ],
)
def test_no_expression_runs_away(source: str) -> None:
    start = time.perf_counter()
    with contextlib.suppress(EvaluationError, ScriptSyntaxError):
        value(source)
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("[1, 1, 1, 1] " + "map(<-{ drop [1, 1, 1, 1] map(<-{ 1 add }) }) ".replace("drop ", "") * 600, "too-many-steps"),
        ("<-{ dup callf } dup callf", "too-deep"),
        ('"' + "x" * 60000 + '"' + " dup concat" * 40, "too-large"),
        ('"' + "x" * 2000 + '" replace("x", "' + "y" * 2000 + '")', "too-large"),
    ],
)
def test_each_limit_has_its_code(source: str, code: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        value(source)
    assert caught.value.code == code


@pytest.mark.parametrize("source", ["[" * 3000, "(" * 3000, "a(" * 3000, "<-{" * 3000, "`${" * 3000, "$a[" * 3000, "x" * 200_000])
def test_deep_or_long_source_is_refused(source: str) -> None:
    with pytest.raises(ScriptSyntaxError):
        parse(source)
