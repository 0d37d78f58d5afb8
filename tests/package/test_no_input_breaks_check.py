"""Whatever is written, `check` answers with a listing and problems.

Tried: definitions made of the table of keys with any values, any bytes, and the files in `tests/cases/fuzz`: edges of the reader,
and what `fuzz/check.py` finds.
"""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.errors import Problems
from provisioner.package.catalog import Catalog, assemble
from provisioner.package.discover import Found
from provisioner.package.files import SourceFile
from provisioner.package.keys import rows
from provisioner.plan.draft import draft
from provisioner.resolve.checking import check

FOUND = sorted((Path(__file__).parents[1] / "cases/fuzz").iterdir())
KINDS = ("blueprint", "group", "runnable", "entity", "module", "process-group", "a/entity")
TEXTS = st.sampled_from(
    [
        *["", "x", "yes", "0644", "99999", "-1", "1e9", "3.10", "00:00", "10.0.0.0/8", "4GiB", "tcp", "\x00", "é" * 70],
        *["./web", "a/web", "web", "app", "one", "{{ v 'x' }}", "{{ if", "<- {", "<-", "<-x", "<<< x", "[", "~"],
        *["<- $x", "<- $x default(1)", "<- [1, 2] first", "<- secret('s')", "<- connection-hostname('x')", "<- `${x}`"],
        *["<- ip-address-public", "<- 'a' to-int", "<- nil", "<- [nil, $y, {a: 1}]"],
    ]
)
NAMES = st.sampled_from(["x", "y", "x!0", "inherits", "value"])
VALUES = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers(-2, 70000),
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(["x", "y", "x!0", "inherits", "value"]), below, max_size=3)
    ),
    max_leaves=5,
)


@st.composite
def definition(draw: st.DrawFn) -> dict[str, Any]:
    """Some rows of a kind's table, each with a value that may fit or not."""
    kind = draw(st.sampled_from(KINDS))
    table = rows(kind) or rows("runnable")
    made: dict[str, Any] = {"defines": kind} if draw(st.booleans()) else {}
    if draw(st.booleans()):
        made["inherits"] = draw(st.sampled_from(["./web", "./app", "a/one/containers", "monk-a", "./none", "app"]))
    for row in draw(st.lists(st.sampled_from(table), max_size=8)):
        *above, last = (draw(st.sampled_from(["x", "one"])) if step == "*" else step for step in row.path.split("."))
        at = made
        for step in above:
            at[step] = at[step] if isinstance(at.get(step), dict) else {}
            at = at[step]
        words = TEXTS | (st.sampled_from(row.choices) if row.choices else TEXTS)
        at[last] = draw(st.one_of(VALUES, words))
    return made


@given(st.dictionaries(st.sampled_from(["web", "app", "one", "two", "x!0"]), definition(), min_size=1, max_size=4))
@settings(max_examples=120, deadline=None)
def test_any_definitions_are_listed_or_refused(definitions: dict[str, Any]) -> None:
    answered(json.dumps({"namespace": "a", **definitions}).encode())


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    answered(data)


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_fuzzing_found(path: Path) -> None:
    answered(path.read_bytes())


def answered(data: bytes) -> Catalog:
    problems, start = Problems(), time.process_time()
    file = SourceFile("a.yaml", "/nowhere/a.yaml", data)
    catalog = assemble([Found(name="a", folder="/nowhere", root="/nowhere", files=(file,))], problems)
    listing = check(catalog, None, problems, draft)
    assert [one.name for one in listing] == list(catalog.definitions)
    assert all(problem.code and problem.message and str(problem) for problem in problems)
    assert time.process_time() - start < 2
    return catalog
