"""`provisioner explain`, and the codes that `check` names."""

import json
from pathlib import Path
from typing import Any


def test_a_code_is_explained_with_example_and_remedy(call: Any) -> None:
    answer = call("explain", "embed-outside")
    assert answer.status == 0
    assert "<<< ../../secrets.txt" in answer.out
    assert "Remedy: Copy the file" in answer.out
    found = json.loads(call("explain", "embed-outside", "--json").out)
    assert list(found) == ["code", "meaning", "example", "remedy"]


def test_all_are_listed(call: Any) -> None:
    assert "  broken-yaml " in call("explain").out
    assert {"code", "stage", "meaning"} == set(json.loads(call("explain", "--json").out)[0])


def test_an_unknown_code_is_answered_with_the_nearest(call: Any) -> None:
    answer = call("explain", "wrong-tpye")
    assert answer.status == 1
    assert "did you mean wrong-type?" in answer.err


def test_stages_do_not_cut_each_other_off(call: Any, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("namespace: shop\none: [\n")
    (tmp_path / "shop.yaml").write_text(
        "namespace: shop\nweb: {defines: runnable, inherits: ./nobody, services: {http: {port: 99999}}}\n"
        "page: {inherits: monk-nginx, files: {a: {container: none, path: /a, contents: <<< none.txt, mode: many}}}\n"
    )
    answer = call("check", str(tmp_path), "--json", "--no-cache")
    found = {(problem["code"], Path(problem["file"]).name, problem["line"]) for problem in json.loads(answer.out)["problems"]}
    assert answer.status == 1
    assert found >= {
        ("broken-yaml", "broken.yaml", 3),
        ("missing-reference", "shop.yaml", 2),
        ("wrong-type", "shop.yaml", 2),
        ("embed-missing", "shop.yaml", 3),
        ("unknown-container", "shop.yaml", 3),
        ("wrong-type", "shop.yaml", 3),
    }
