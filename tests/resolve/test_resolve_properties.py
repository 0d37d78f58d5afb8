"""What holds for every definition: merging, host names, templates, and that no input breaks `check`."""

import re
import time
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.errors import Problems
from provisioner.package import load
from provisioner.package.nodes import Node
from provisioner.resolve import check
from provisioner.resolve.merge import merge
from provisioner.resolve.names import hostname
from provisioner.resolve.templates import TemplateError, render

CATALOGUE = Path(__file__).parents[2] / "blueprints"
SOURCE = (CATALOGUE / "demo/platform.yaml").read_text("utf-8").splitlines()
KEYS = st.sampled_from(["a", "b", "c"])
SCALARS = st.sampled_from(["1", "2", "x"]).map(Node)


def same_shape(depth: int) -> st.SearchStrategy[tuple[Node, Node, Node]]:
    """Three nodes of one shape: the language says how those merge, whatever the order."""
    scalars = st.tuples(SCALARS, SCALARS, SCALARS)
    if not depth:
        return scalars
    below = same_shape(depth - 1)
    mappings = st.dictionaries(KEYS, st.tuples(below, st.integers(1, 7)), max_size=3).map(_mappings)
    lists = st.tuples(st.lists(below, max_size=3), st.tuples(*(st.integers(0, 3),) * 3)).map(_lists)
    return st.one_of(scalars, mappings, lists)


def _mappings(entries: dict[str, tuple[tuple[Node, Node, Node], int]]) -> tuple[Node, Node, Node]:
    one, two, three = ({key: nodes[n] for key, (nodes, held) in entries.items() if held & 1 << n} for n in range(3))
    return Node(one), Node(two), Node(three)


def _lists(drawn: tuple[list[tuple[Node, Node, Node]], tuple[int, ...]]) -> tuple[Node, Node, Node]:
    rows, lengths = drawn
    one, two, three = (tuple(row[n] for row in rows[: lengths[n]]) for n in range(3))
    return Node(one), Node(two), Node(three)


@given(same_shape(3))
@settings(max_examples=200, deadline=None)
def test_merging_is_associative(nodes: tuple[Node, Node, Node]) -> None:
    base, middle, own = nodes
    assert plain(merge(merge(base, middle), own)) == plain(merge(base, merge(middle, own)))


@given(st.text(max_size=90), st.text(max_size=90), st.text(max_size=90))
def test_host_names_are_host_names(container: str, namespace: str, name: str) -> None:
    labels = hostname(container, f"{namespace}/{name}").split(".")
    assert all(re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", label) for label in labels)


def test_host_names() -> None:
    assert hostname("db", "shop/pg") == "db.pg.shop.internal"
    assert hostname("My_App", "a/b/web") == "my-app.web.b.a.internal"
    long = hostname("x" * 80, "a/b")
    assert len(long.split(".")[0]) == 63
    assert long != hostname("x" * 81, "a/b")


@given(st.text(alphabet=st.sampled_from(list('{}-/*"` \nifvelsend()')), max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_template_is_rendered_or_refused(template: str) -> None:
    try:
        render(template, lambda name, asking: "x")
    except TemplateError as error:
        assert error.line >= 1  # noqa: PT017 - refusing is one of two right answers


@st.composite
def broken(draw: st.DrawFn) -> str:
    """The demo blueprint with a few lines removed, doubled, or with other values."""
    lines = list(SOURCE)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        key, colon, _ = lines[at].partition(":")
        values = [
            "",
            " x",
            " [x]",
            " {x: y}",
            " 99999",
            " <- $x",
            " <- secret('x')",
            " <- [1] first",
            ' "<- {',
            " ./x",
            " -1",
            " nil",
        ]
        lines[at : at + 1] = draw(st.sampled_from([[], [lines[at]] * 2, *([key + colon + value] for value in values)]))
    return "\n".join(lines)


@given(broken())
@settings(max_examples=80, deadline=None)
def test_no_definition_breaks_check(tmp_path_factory: Any, text: str) -> None:
    folder: Path = tmp_path_factory.mktemp("broken")
    (folder / "platform.yaml").write_text(text, "utf-8")
    problems, start = Problems(), time.perf_counter()
    check(load([CATALOGUE, folder]), None, problems)
    assert time.perf_counter() - start < 2
    assert all(problem.message and problem.code for problem in problems)


def plain(node: Node) -> Any:
    if isinstance(node.value, dict):
        return {key: plain(value) for key, value in node.value.items()}
    return [plain(element) for element in node.value] if isinstance(node.value, tuple) else node.value


def test_a_chain_of_values_of_any_length_ends(tmp_path: Path) -> None:
    links = "\n".join(f"    v{number}: <- $v{number + 1}" for number in range(3000))
    head = "namespace: a\nweb:\n  defines: runnable\n  containers: {web: {image: 'web:1'}}\n  variables:\n"
    (tmp_path / "a.yaml").write_text(f"{head}{links}\n    v3000: 1\n", "utf-8")
    problems, start = Problems(), time.perf_counter()
    check(load([tmp_path]), None, problems)
    assert time.perf_counter() - start < 2
    assert {problem.code for problem in problems.errors} <= {"too-deep"}
