"""`check` remembers its answer for the same bytes, and for nothing else."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from provisioner.cli import checked as module
from provisioner.cli.checked import Checked, checked
from provisioner.cli.memory import MOST, Memory

FILES = {
    "MANIFEST": "LOAD web.yaml\nRESOURCES etc/web.conf\n",
    "web.yaml": "namespace: shop\nweb:\n  inherits: ./base\n  files: {a: {container: c, path: /a, contents: <<< etc/web.conf}}\n"
    "base: {defines: runnable, containers: {c: {image: 'nginx:1'}}, metatada: {a: b}}\n",
    "etc/web.conf": "listen 80;\n",
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "shop"


class CheckedAgainError(Exception):
    """The answer did not come from the memory."""


def checked_again(*arguments: object) -> None:
    raise CheckedAgainError


def ask(package: Path, folder: Path) -> Checked:
    return checked([package], [package], Memory(folder))


def test_the_same_bytes_are_not_checked_again(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(package, tmp_path / "cache")
    assert [problem.code for problem in first.problems] == ["unknown-key"]
    monkeypatch.setattr(module, "_worked_out", checked_again)
    assert ask(package, tmp_path / "cache") == first


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file": lambda package: (package / "web.yaml").write_text(FILES["web.yaml"].replace("metatada", "metadata")),
    "an embedded file": lambda package: (package / "etc/web.conf").write_text("{{ broken"),
    "an embedded file is gone": lambda package: (package / "etc/web.conf").unlink(),
    "the manifest": lambda package: (package / "MANIFEST").write_text("LOAD web.yaml none.yaml\n"),
    "the embedded file leads elsewhere": lambda package: relink(package / "etc/web.conf"),
}


def relink(path: Path) -> None:
    outside = path.parents[2] / "outside.conf"
    outside.write_text(path.read_text())
    path.unlink()
    path.symlink_to(outside)


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_seen_at_once(what: str, package: Path, tmp_path: Path) -> None:
    before = ask(package, tmp_path / "cache")
    status = {path: path.stat().st_mtime_ns for path in package.rglob("*")}
    CHANGES[what](package)
    for path, time in status.items():
        if path.exists() and not path.is_symlink():
            os.utime(path, ns=(time, time))
    after = ask(package, tmp_path / "cache")
    assert after == checked([package], [package])
    assert after.problems != before.problems


def test_our_own_change_is_seen(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(package, tmp_path / "cache")
    monkeypatch.setattr(module, "_version", lambda: "another")
    monkeypatch.setattr(module, "_worked_out", checked_again)
    with pytest.raises(CheckedAgainError):
        ask(package, tmp_path / "cache")


@pytest.mark.parametrize("damage", [b"", b"x", b"0" * 64 + b"{}"])
def test_a_broken_answer_is_none(damage: bytes, package: Path, tmp_path: Path) -> None:
    first = ask(package, tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(damage or kept.read_bytes()[:-5])
    assert ask(package, tmp_path / "cache") == first
    assert json.loads(Memory(tmp_path / "cache").get(kept.name) or b"")


def test_a_folder_that_cannot_be_written_costs_nothing(package: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert ask(package, tmp_path / "file") == checked([package], [package])


def test_several_processes_at_once(package: Path, tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as pool:
        answers = list(pool.map(ask, [package] * 12, [tmp_path / "cache"] * 12))
    assert all(answer == answers[0] for answer in answers)
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_old_answers_are_forgotten(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    for number in range(MOST + 5):
        memory.put(f"{number}", b"x")
        os.utime(tmp_path / f"{number}", (number, number))
    memory.put("last", b"x")
    assert len(list(tmp_path.iterdir())) == MOST
    assert memory.get("0") is None
    assert memory.get("last") == b"x"


@pytest.mark.parametrize("text", ["", "web: {defines: runnable}\n"])
def test_a_folder_without_a_package_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text)
    found = checked([tmp_path], [tmp_path]).problems
    assert [(problem.code, problem.place.file) for problem in found] == [
        ("no-namespace", str(tmp_path / "a.yaml")),
        ("nothing-found", str(tmp_path)),
    ]


def test_a_manifest_stands_for_its_package(package: Path) -> None:
    assert [one.name for one in checked([package / "MANIFEST"], [package / "MANIFEST"]).definitions] == ["shop/web", "shop/base"]
