"""What the sandbox does to a project: its own backend, stack files left alone, locks of the dead removed."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from provisioner.sandbox import project

SALT = "encryptionsalt: v1:abc=:v1:def==\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\nstackConfigDir: stacks\n")
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.dev.yaml").write_text("config:\n  a:b: c\n")
    return tmp_path


def test_the_engines_salt_is_kept_out_of_the_users_file_and_put_back(folder: Path) -> None:
    file = folder / "stacks" / "Pulumi.dev.yaml"
    before = file.read_text()
    with project.stacks(folder):
        file.write_text(file.read_text() + SALT)
    assert file.read_text() == before
    with project.stacks(folder):
        assert file.read_text() == before + SALT
    assert file.read_text() == before


def test_a_salt_of_the_users_own_stays(folder: Path) -> None:
    file = folder / "stacks" / "Pulumi.dev.yaml"
    file.write_text(SALT + file.read_text())
    before = file.read_text()
    with project.stacks(folder):
        assert file.read_text() == before
    assert file.read_text() == before


def test_a_salt_that_a_killed_run_left_is_taken_out_by_the_next(folder: Path) -> None:
    file = folder / "stacks" / "Pulumi.dev.yaml"
    before = file.read_text()
    with project.stacks(folder):
        file.write_text(before + SALT)
    file.write_text(before + SALT)
    with project.stacks(folder):
        pass
    assert file.read_text() == before


def test_what_a_command_sets_in_a_stack_file_stays(folder: Path) -> None:
    file = folder / "stacks" / "Pulumi.dev.yaml"
    with project.stacks(folder):
        file.write_text("config:\n  a:b: changed\n" + SALT)
    assert file.read_text() == "config:\n  a:b: changed\n"


def test_a_salt_that_the_first_run_left_when_it_was_killed_is_taken_out_as_well(folder: Path) -> None:
    file = folder / "stacks" / "Pulumi.dev.yaml"
    with project.stacks(folder) as keep:
        file.write_text(file.read_text() + SALT)
        keep()
        killed = file.read_text()
    file.write_text(killed)  # as if the block had never ended
    with project.stacks(folder):
        assert SALT in file.read_text()
    assert SALT not in file.read_text()


def test_a_real_backend_and_passphrase_in_the_environment_are_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://the-real-one")
    found = project.backend(folder)
    assert found["PULUMI_BACKEND_URL"] == f"file://{folder}/.provisioner/backend?metadata=skip"
    assert found["PULUMI_CONFIG_PASSPHRASE"] == project.PASSPHRASE
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "my own")
    assert "PULUMI_CONFIG_PASSPHRASE" not in project.backend(folder)


def lock(folder: Path, name: str, pid: int, machine: str) -> Path:
    path = folder / ".provisioner" / "backend" / ".pulumi" / "locks" / "organization" / "shop" / "dev" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"pid": pid, "username": "me", "hostname": machine, "timestamp": "2026-01-01T00:00:00Z"}))
    return path


def test_only_the_lock_of_an_engine_that_died_here_is_removed(folder: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    dead = lock(folder, "dead", gone.pid, socket.gethostname())
    alive = lock(folder, "alive", os.getpid(), socket.gethostname())
    elsewhere = lock(folder, "elsewhere", gone.pid, "another-machine")
    broken = lock(folder, "broken", 1, socket.gethostname())
    broken.write_text("{")
    assert project.unlock(folder) == [dead]
    assert not dead.exists()
    assert alive.exists()
    assert elsewhere.exists()
    assert broken.exists()


def test_the_stack_that_a_command_names_is_found(folder: Path) -> None:
    assert project.stack_names(folder) == ["dev"]


def test_forgetting_leaves_the_project(folder: Path) -> None:
    project.backend(folder)
    project.forget(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["Pulumi.yaml", "stacks"]
