"""Every code that the source uses is explained, and nothing else is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.cli.codes import CODES, STAGES
from provisioner.cli.codes.page import page

ROOT = Path(__file__).parents[2]
REPORTING = {"error", "warning", "note", "report", "refuse", "_refuse", "RefusedError", "_RefusedError", "EvaluationError"}
"""Functions and exceptions whose first argument is a code."""
CARRYING = {"Problem", "Finding", "UnreadableError"}
"""Those that take it as `code=`."""
LATER = {"_problem": 2}
"""Those that take it as a later argument."""
NO_CODES = {"reported"}
"""A refusal that has been reported elsewhere; it never becomes a problem."""
CODE = re.compile(r"[a-z]+(-[a-z]+)*")


def used() -> set[str]:
    trees = (ast.parse(path.read_text("utf-8")) for path in (ROOT / "provisioner").rglob("*.py"))
    found = (code for tree in trees for node in ast.walk(tree) for code in _codes(node))
    return {code for code in found if CODE.fullmatch(code)} - NO_CODES


def _codes(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef):
        defaults = zip(reversed([*node.args.posonlyargs, *node.args.args]), reversed(node.args.defaults), strict=False)
        named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        yield from (code for argument, default in (*defaults, *named) if argument.arg == "code" for code in _texts(default))
    if not isinstance(node, ast.Call):
        return
    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
    at = 0 if name in REPORTING else LATER.get(name)
    if at is not None and len(node.args) > at and name:
        yield from _texts(node.args[at])
    if name in CARRYING:
        yield from (code for keyword in node.keywords if keyword.arg == "code" for code in _texts(keyword.value))


def _texts(node: ast.expr | None) -> Iterator[str]:
    """The text, or both of a choice between two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))


def test_every_code_is_explained() -> None:
    assert used() - CODES.keys() == set()


def test_no_explanation_is_stale() -> None:
    assert CODES.keys() - used() == set()


def test_each_stands_once_and_in_order() -> None:
    listed = [code.code for codes in STAGES.values() for code in codes]
    assert len(listed) == len(set(listed))
    assert all([one.code for one in codes] == sorted(one.code for one in codes) for codes in STAGES.values())


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_an_explanation_says_what_to_do(code: object) -> None:
    found = next(one for one in CODES.values() if one is code)
    assert found.meaning.endswith(".")
    assert found.remedy.endswith(".")


def test_the_page_follows_the_table() -> None:
    written = (ROOT / "docs" / "reference" / "diagnostics.md").read_text("utf-8")
    assert written == page(), "run `python -m provisioner.cli.codes.page`"
