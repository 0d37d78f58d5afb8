"""The measuring script counts what is there: a small package with one mistake of each kind."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parent
PACKAGE = """
namespace: shop
base:
  containers: {web: {image: "web:1", bash: <- $command}}
web:
  defines: runnable
  inherits: ./base
  variables: {command: run, host: '<- connection-hostname("db")', address: <- ip-address-public, broken: <- "}
  connections: {db: {runnable: shop/db, service: db}}
  services: {web: {container: web, port: 80, host-port: 8080}}
db:
  defines: runnable
  inherits: nothing/here
  containers: {db: {image: db, image-tag: "2", paths: ['<- `${monk-volume-path}/db:/data`']}}
  services: {db: {container: db, port: 5432}}
stack: {defines: group, members: [shop/web, shop/db]}
"""


@pytest.fixture
def measure(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", [str(FOLDER), *sys.path])
    spec = importlib.util.spec_from_file_location("corpus_measure", FOLDER / "measure.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table(measure: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/shop.yaml").write_text(PACKAGE, "utf-8")
    shown = {
        "file": "shop/README.md",
        "runnable": "local/shop/db",
        "container": "0123-local-shop-db-db",
        "images": ["docker.io/library/db:2"],
        "vols": [["/var/lib/monkd/volumes/db", "/data"], ["/elsewhere", "/log"]],
        "ports": [["open", "tcp 1.2.3.4:5432", "5432"]],
    }
    transcripts = tmp_path / "transcripts.json"
    transcripts.write_text(json.dumps([shown]), "utf-8")
    assert measure.main([str(tmp_path / "shop"), "--transcripts", str(transcripts)]) == 0
    rows = {line[:24].split("  ")[0].strip(): line.split() for line in capsys.readouterr().out.splitlines()}
    printed = {row: " ".join(words).removeprefix(row).strip() for row, words in rows.items()}
    assert printed["files"] == "1 parsed 1"
    assert printed["definitions"] == "4 runnable 2, base 1, group 1"
    assert printed["inherits"] == "2 resolved 1, missing 1"
    assert printed["expressions lexed"] == "5 yes 4, no 1"
    assert printed["expressions evaluated"] == "5 value 3, after deploy 1, not parsed 1"
    assert printed["runnables planned"] == "2 refused 2"
    assert printed["transcript images"] == "1 agree 1"
    assert printed["transcript mounts"] == "2 agree 1, not what the definition says 1"


def test_without_packages_it_says_so(measure: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert measure.main([]) == 0
    assert "no packages" in capsys.readouterr().out
