"""Bad input, as `provisioner plan` answers it: one clear line with its place, status 1, nothing else."""

from pathlib import Path
from typing import Any

import pytest
import yaml

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "cli" / "bad-input.yaml").read_text())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "blueprints" / "shop"
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_mistake_is_answered_with_its_place(case: Any, project: Path, call: Any) -> None:
    (project / "shop.yaml").write_text(case["file"])
    name = next((name for name in ("platform", "web", "database", "one") if f"\n{name}:" in case["file"]), "platform")
    answer = call("plan", f"shop/{name}", "--cloud", case.get("cloud", "aws"))
    assert answer.status == 1
    assert "Traceback" not in answer.err
    lines = [line for line in answer.err.splitlines() if f"shop.yaml:{case['at']}" in line]
    assert lines, answer.err
    assert all(word in lines[0] for word in case["says"]), lines[0]


def test_several_mistakes_are_reported_together(project: Path, call: Any) -> None:
    (project / "shop.yaml").write_text(
        """\
namespace: shop
platform:
  inherits: demo/platform
  network: {cidr: 10.0.0.0/99}
  volumes:
    pgdata: {hosts: nowhere}
"""
    )
    answer = call("plan", "shop/platform", "--cloud", "aws")
    assert answer.status == 1
    lines = [line for line in answer.err.splitlines() if "error" in line]
    for word in ("10.0.0.0/99", "nowhere"):
        assert any(word in line for line in lines), answer.err


@pytest.mark.parametrize("verb", [("plan", "shop/web", "--cloud", "aws"), ("show", "shop/web")])
def test_files_that_cannot_be_read_and_values_of_the_wrong_type_are_reported_together(
    verb: tuple[str, ...], project: Path, call: Any
) -> None:
    (project / "shop.yaml").write_text("namespace: shop\nweb: {defines: runnable, containers: {web: {image: [web]}}}\n")
    (project / "broken.yaml").write_text("namespace: shop\nbroken: {\n")
    answer = call(*verb)
    assert answer.status == 1
    assert "broken.yaml:" in answer.err
    assert "shop.yaml:2:52 shop/web/containers/web/image: error: expected text, found a list" in answer.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("plan", "demo/platform", "--cloud", "awz"), 'unknown cloud "awz"'),
        (("plan", "demo/platform", "--cloud", "aws", "--region", "eu-west-9"), 'unknown region "eu-west-9"'),
        (("plan", "demo/plattform", "--cloud", "aws"), "demo/platform"),
        (("show", "monk-postgre"), "monk-postgre"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(words: tuple[str, ...], says: str, project: Path, call: Any) -> None:
    answer = call(*words)
    assert answer.status == 1
    assert says in answer.err


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "demo/platform"),
        ("plan", "demo/platform", "--cloud", "aws,gcp"),
        ("cost", "demo/platform", "--cloud", "aws", "--region", "a,b"),
        ("plan", "demo/platform", "--cloud", "aws", "--set", "size"),
        ("plan", "--stack", "aws", "--cloud", "gcp"),
        ("init", "demo"),
        ("chek", "."),
        ("check",),
        ("init", "UPPER"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_status_2(words: tuple[str, ...], project: Path, call: Any) -> None:
    answer = call(*words)
    assert answer.status == 2
    assert answer.err
    assert "Traceback" not in answer.err


def test_the_issues_short_override_works_as_written(project: Path, call: Any) -> None:
    (project / "my-app.yaml").write_text(
        """\
namespace: my-app
postgresql:
  inherits: monk-postgresql
  variables:
    max-connections: 200
    shared-buffers: "2GB"
"""
    )
    answer = call("show", "my-app/postgresql", "--json")
    assert answer.status == 0, answer.err
    assert "max_connections=200 -c shared_buffers=2GB" in answer.out
    assert call("plan", "my-app/postgresql", "--cloud", "gcp").status == 0


@pytest.mark.parametrize("words", [("plan",), ("cost",), ("cost", "--format", "markdown"), ("cost", "--json")], ids=" ".join)
def test_over_a_hard_budget_is_a_problem_for_every_verb(words: tuple[str, ...], project: Path, call: Any) -> None:
    (project / "shop.yaml").write_text("namespace: shop\nplatform: {inherits: demo/platform, budget: {monthly: 5 USD}}\n")
    answer = call(*words, "shop/platform", "--cloud", "aws")
    assert answer.status == 1
    assert answer.out
    assert "shop.yaml:2:" in answer.err
    assert "expected at most 5.00 USD" in answer.err
