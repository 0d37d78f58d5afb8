"""`provisioner eval`, and where values come from."""

import json
from pathlib import Path
from typing import Any

import pytest

PACKAGE = """
namespace: shop
db:
  defines: runnable
  containers: {db: {image: "db:1"}}
  services: {db: {container: db, port: 5432}}
web:
  defines: runnable
  permitted-secrets: {key: true}
  containers: {web: {image: "web:1"}}
  connections: {db: {runnable: ./db, service: db}}
  variables: {port: {type: int, value: 80}, version: {type: string, value: "1"}}
all: {defines: group, members: [web, db], variables: {zone: north}}
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "shop.yaml").write_text(PACKAGE, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("$port add(1)", "81"),
        ('connection-hostname("db") ":" connection-port("db") concat-all', '"db.db.shop.internal:5432"'),
        ("`${zone}-${port}`", '"north-80"'),
        ('secret("key")', '"«secret key»"'),
        ("ip-address-public", '"«ip-address-public after deploy»"'),
        ("nil", "null"),
    ],
)
def test_an_expression_in_a_definition(expression: str, printed: str, package: Path, call: Any) -> None:
    answer = call("eval", expression, "--in", "shop/web", "--from", str(package))
    assert (answer.status, answer.out.strip()) == (0, printed), answer.err


def test_an_expression_alone(call: Any) -> None:
    assert json.loads(call("eval", "[1, 2] last", "--json").out) == {"value": 2, "steps": 4}


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("1 add",), 1, "expression:1:3: error: add takes 2 values"),
        (('"x',), 1, "expression:1:1: error: not valid ArrowScript"),
        (("1 defualt(2)",), 1, "did you mean default?"),
        (("$x", "--in", "shop/wbe"), 1, "did you mean shop/web?"),
        (('secret("other")', "--in", "shop/web"), 1, "permitted-secrets"),
        (("$x", "--set", "x=1"), 2, "--in NAME"),
    ],
)
def test_what_cannot_be_evaluated(words: tuple[str, ...], status: int, says: str, package: Path, call: Any) -> None:
    added = ("--from", str(package)) if "--in" in words else ()
    answer = call("eval", *words, *added)
    assert answer.status == status
    assert says in answer.err


def test_a_file_of_variables_and_what_wins(package: Path, call: Any) -> None:
    file = package / "values.yml"
    file.write_text("port: 81\nshop:\n  web: {version: 3.10}\n  all:\n    zone: south\n", "utf-8")
    values = "[$port, $version, $zone]"
    rest = ("--in", "shop/web", "--from", str(package / "shop.yaml"), "--variables-file", str(file))
    assert call("eval", values, *rest).out.strip() == '[81, "3.10", "south"]'
    assert call("eval", values, *rest, "--set", "port=82", "--set", "shop/all/zone=east").out.strip() == '[82, "3.10", "east"]'


def test_a_file_of_variables_that_is_none(package: Path, call: Any) -> None:
    file = package / "values.yml"
    file.write_text("port: [1]\n", "utf-8")
    answer = call("eval", "$port", "--in", "shop/web", "--from", str(package / "shop.yaml"), "--variables-file", str(file))
    assert answer.status == 1
    assert f"{file}:1:7 port: error: expected VARIABLE: VALUE" in answer.err
