"""Every console block of the tutorial is run in a fresh folder: what a page shows must be printed, in that order."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from provisioner.deploy import engine

PAGES = sorted((Path(__file__).parents[2] / "docs" / "tutorial").glob("*.md"))
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Step:
    command: str
    expected: tuple[str, ...]


def steps(page: Path) -> Iterator[Step]:
    for block in re.findall(r"^```console\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *expected = part.splitlines()
            yield Step(command, tuple(line for line in expected if line.strip()))


@pytest.mark.engine
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_works_as_written(page: Path, tmp_path: Path) -> None:
    if engine.find() is None:
        pytest.skip("no Pulumi engine: run `provisioner engine install`")
    found = list(steps(page))
    assert len(found) > 5
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
    environment["PATH"] = f"{BIN}{os.pathsep}{environment['PATH']}"
    folder = tmp_path
    for step in found:
        if step.command.startswith("cd "):
            folder = folder / step.command.removeprefix("cd ")
            continue
        done = subprocess.run(
            ["bash", "-c", step.command], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        printed = done.stdout + done.stderr
        assert done.returncode == 0, f"$ {step.command}\n{printed}"
        position = 0
        for line in step.expected:
            position = printed.find(line.strip(), position)
            assert position >= 0, f"$ {step.command}\nexpected {line!r} in\n{printed}"
