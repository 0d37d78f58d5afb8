"""Which engine is used, and in which order one is got."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from provisioner.deploy import engine
from provisioner.errors import EngineError

Fake = Callable[[Path, str], None]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Put a program called `pulumi` that answers with a version into a folder; PATH and cache begin empty."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PROVISIONER_CACHE", str(tmp_path / "cache"))

    def put(folder: Path, version: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        program = folder / "pulumi"
        program.write_text(f"#!{sys.executable}\nprint({version!r})\n")
        program.chmod(0o755)

    return put


def no_download(*arguments: object, **options: object) -> None:
    raise OSError("no way out")


def test_one_on_path_from_3_219_is_used(fake: Fake, tmp_path: Path) -> None:
    fake(tmp_path / "bin", "v3.219.0")
    fake(tmp_path / "cache" / "engine" / "v3.256.0", "v3.256.0")
    found = engine.find()
    assert found is not None
    assert (found.version, found.source) == ("3.219.0", "PATH")


def test_an_older_one_on_path_is_passed_over_for_the_one_that_was_got(fake: Fake, tmp_path: Path) -> None:
    fake(tmp_path / "bin", "v3.218.9")
    fake(tmp_path / "cache" / "engine" / "v3.256.0", "v3.256.0")
    found = engine.find()
    assert found is not None
    assert (found.version, found.source) == ("3.256.0", "build")


def test_a_downloaded_one_goes_before_a_built_one(fake: Fake, tmp_path: Path) -> None:
    fake(tmp_path / "cache" / "engine" / "official-v3.256.0" / "bin", "v3.256.0")
    fake(tmp_path / "cache" / "engine" / "v3.256.0", "v3.256.0")
    found = engine.find()
    assert found is not None
    assert found.source == "download"


def test_without_one_the_user_is_told_how_to_get_it(fake: Fake) -> None:
    assert engine.find() is None
    with pytest.raises(EngineError, match="provisioner engine install"):
        engine.require()


def test_without_download_and_go_the_three_ways_are_named(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    import pulumi.automation as auto

    monkeypatch.setattr(auto.PulumiCommand, "install", no_download)
    said: list[str] = []
    with pytest.raises(EngineError, match="none on PATH, no download, and no Go"):
        engine.install(said.append)
    assert any("no way out" in line for line in said)


def test_the_download_comes_before_the_build(fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pulumi.automation as auto

    def download(*, root: str, version: object) -> None:
        fake(Path(root) / "bin", f"v{version}")

    monkeypatch.setattr(auto.PulumiCommand, "install", download)
    found = engine.install(lambda line: None)
    assert (found.version, found.source) == (engine.VERSION, "download")


def test_the_build_leaves_nothing_half_done(fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pulumi.automation as auto

    monkeypatch.setattr(auto.PulumiCommand, "install", no_download)
    go = tmp_path / "bin" / "go"
    go.parent.mkdir(exist_ok=True)
    go.write_text("#!/bin/sh\necho broken module >&2\nexit 1\n")
    go.chmod(0o755)
    with pytest.raises(EngineError, match="broken module"):
        engine.install(lambda line: None)
    assert engine.find() is None
    assert not (tmp_path / "cache" / "engine" / f"v{engine.VERSION}").exists()
