"""No package breaks the language: definitions made of real keys with any values are resolved or refused, in bounded time."""

import time
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioner.errors import InputError, Problems
from provisioner.package import load
from provisioner.package.keys import Section, section
from provisioner.plan.build import build
from provisioner.plan.model import Target
from provisioner.resolve import check, resolve

TARGET = Target(cloud="aws", region="eu-west-1", zones=("eu-west-1a",))
NAMES = ("a", "b", "c", "web", "db")
EXPRESSIONS = (
    "<- $a", "<- $web default('x')", "<- `${a}:${b}`", "<- [1, 2]", "<- {a: $b}", "<- nil", "<- true", "<- 80",
    "<- connection-hostname('a')", "<- connection-port('web')", "<- connection-target('a') entity get-member('a')",
    "<- entity get-member('variables')", "<- entity-state get-member('a')", "<- secret('a')", "<- ip-address-public",
    "<- get-hostname('n/web', 'web')", "<- service-port('n/web', 'web')", "<- random-uuid", "<- self-path", "<- $args['a']",
    "<- exec('web', 'true') contains?('x')", "<- <-{ 1 } callf", '<- "', "<- a b c",
)  # fmt: skip
TEXTS = (
    "", "x", "80", "0644", "-1", "true", "no", "n/web", "./db", "a/b/c", "web", "/data:/data", "x:y", "2GiB", "30s", "tcp",
    "custom", "runnable", "group", "blueprint", "entity", "n/kind", '{{ v "a" }}', "{{ if", "K=V", "127.0.0.1:80:80",
    "exec('web', 'true')", "SSD", "local", "https", "all", "monk-web",
)  # fmt: skip
SCALARS = st.sampled_from([*TEXTS, *EXPRESSIONS, 80, 0, -1, 1.5, True, None])
ANYTHING = st.recursive(
    SCALARS, lambda below: st.one_of(st.lists(below, max_size=2), st.dictionaries(st.sampled_from(NAMES), below, max_size=2)),
    max_leaves=4,
)  # fmt: skip


def written(table: Section, depth: int) -> st.SearchStrategy[Any]:
    """A mapping of some of a section's keys; now and then anything at all."""
    if depth == 0:
        return SCALARS
    keys = {name: below(known, depth) for name, known in table.keys.items()}
    none: st.SearchStrategy[dict[str, Any]] = st.just(dict[str, Any]())
    some = st.fixed_dictionaries(dict[str, Any](), optional=keys) if keys else none
    named: st.SearchStrategy[dict[str, Any]] = (
        st.dictionaries(st.sampled_from(list(NAMES)), below(table.each, depth), max_size=2) if table.each else none
    )
    return st.builds(merged, named, some)


def merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {**one, **other}


def below(table: Section | None, depth: int) -> st.SearchStrategy[Any]:
    if table is None or not (table.keys or table.each):
        return ANYTHING
    return st.one_of(written(table, depth - 1), written(table, depth - 1), ANYTHING)


def definition(kind: str) -> st.SearchStrategy[Any]:
    table = section(kind)
    chosen = st.sets(st.sampled_from(sorted(table.keys)), min_size=1, max_size=5)
    made = chosen.flatmap(lambda keys: st.fixed_dictionaries({key: below(table.keys[key], 3) for key in sorted(keys)}))
    return made.map(lambda found: {"defines": kind, **found})


PACKAGES = st.dictionaries(
    st.sampled_from(NAMES),
    st.one_of(definition("runnable"), definition("group"), definition("blueprint"), definition("entity"), ANYTHING),
    min_size=1, max_size=4,
)  # fmt: skip
FIXED: dict[str, Any] = {
    "web": {
        "defines": "runnable",
        "containers": {"web": {"image": "web:1"}},
        "services": {"web": {"container": "web", "port": 80}},
        "connections": {"a": {"runnable": "n/web", "service": "web"}},
    },
    "kind": {"defines": "entity", "schema": {"a": {"type": "string"}, "b": {"type": "array", "items": {"type": "integer"}}}},
}


@given(PACKAGES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_package_is_resolved_or_refused(tmp_path_factory: Any, package: dict[str, Any]) -> None:
    folder: Path = tmp_path_factory.mktemp("any")
    text = yaml.safe_dump({"namespace": "n", **FIXED, **package}, sort_keys=False)
    (folder / "package.yaml").write_text(text, "utf-8")
    catalog, problems, start = load([folder]), Problems(), time.perf_counter()
    check(catalog, None, problems)
    assert all(problem.message and problem.code and problem.place.file for problem in problems), list(problems)
    for name in catalog.definitions:
        found = Problems()
        resolved = resolve(catalog, name, problems=found)
        if not found.errors:
            planned(resolved, found)
    assert time.perf_counter() - start < 5


def planned(resolved: Any, problems: Problems) -> None:
    """What resolves is planned, or refused by the plan in the error tree."""
    try:
        assert build(resolved, TARGET, problems=problems).name == resolved.name
    except InputError as refused:
        assert refused.problems  # noqa: PT017 - refusing is one of two right answers
