"""YAML text to nodes."""

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.errors import Problems
from provisioner.package.nodes import Node
from provisioner.package.reader import MAXIMUM_DEPTH, read

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/package/reader.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_case(case: dict[str, Any]) -> None:
    problems = Problems()
    documents = read(case["text"], "a.yaml", problems)
    found = [f"{problem.code} {problem.place.line}:{problem.place.column}" for problem in problems]
    assert found == case.get("problems", [])
    assert [plain(document) for document in documents] == ([case["nodes"]] if "nodes" in case else [])


def test_places_are_those_of_keys_and_values() -> None:
    (document,) = read("one:\n  two: [3, 'four']\n", "a.yaml", Problems())
    two = document.entries["one"].entries["two"]
    assert (two.key_line, two.key_column, two.line, two.column) == (2, 3, 2, 8)
    assert [(element.line, element.column, element.style) for element in two.elements] == [(2, 9, ""), (2, 12, "'")]


def test_several_documents() -> None:
    assert [plain(document) for document in read("a: 1\n---\nb: 2\n", "a.yaml", Problems())] == [{"a": "1"}, {"b": "2"}]


@pytest.mark.parametrize("text", ["[" * 5000, "a: " + "{b: " * 5000, "- " * 5000 + "1"])
def test_deep_nesting_is_refused_at_once(text: str) -> None:
    problems, start = Problems(), time.perf_counter()
    assert read(text, "a.yaml", problems) == ()
    assert [problem.code for problem in problems] == ["too-deep"]
    assert time.perf_counter() - start < 1
    assert str(MAXIMUM_DEPTH) in str(next(iter(problems)))


def test_an_alias_bomb_is_refused_at_the_first_alias() -> None:
    problems = Problems()
    bomb = "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20))
    assert read(bomb, "a.yaml", problems) == ()
    assert [(problem.code, problem.place.line) for problem in problems] == [("alias", 2)]


@given(st.text(alphabet=st.sampled_from(list("ab:-[]{}!&*<>|'\"#,\n\t %@`\\\x00é")), max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    problems = Problems()
    documents = read(text, "a.yaml", problems)
    assert not (documents and problems.errors)


def plain(node: Node) -> Any:
    if isinstance(node.value, dict):
        return {key: plain(value) for key, value in node.value.items()}
    return [plain(element) for element in node.value] if isinstance(node.value, tuple) else node.value
