"""Pieces are worked on in several processes, and nothing of what they find is lost."""

import os
from pathlib import Path

import pytest

from provisioner.cli import processes
from provisioner.cli.checked import checked
from provisioner.cli.processes import in_pieces
from provisioner.errors import Place, Problems


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "FEWEST", 3)

    def three(process: int) -> set[int]:
        return {process, 1, 2}

    monkeypatch.setattr(os, "sched_getaffinity", three)


@pytest.mark.usefixtures("several")
def test_problems_come_in_the_order_of_the_pieces() -> None:
    problems, here = Problems(), os.getpid()

    def run(start: int, stop: int) -> None:
        for piece in range(start, stop):
            problems.error("x", Place(file=str(piece)), "here" if os.getpid() == here else "elsewhere")

    in_pieces(20, run, problems)
    assert [problem.place.file for problem in problems] == [str(piece) for piece in range(20)]
    assert [problem.message for problem in problems] == ["here"] * 6 + ["elsewhere"] * 14


@pytest.mark.usefixtures("several")
def test_what_another_process_does_not_finish_is_done_here() -> None:
    problems, here = Problems(), os.getpid()

    def run(start: int, stop: int) -> None:
        if os.getpid() != here:
            os._exit(9)
        problems.error("x", Place(file=f"{start}-{stop}"), "done")

    in_pieces(9, run, problems)
    assert [problem.place.file for problem in problems] == ["0-3", "3-6", "6-9"]


@pytest.mark.usefixtures("several")
def test_check_says_the_same(tmp_path: Path) -> None:
    for number in range(12):
        group, runnable = "g: {defines: group, members: [./a]}", "a: {defines: runnable, containers: {c: {imagee: x}}}"
        (tmp_path / f"{number:02}.yaml").write_text(f"namespace: n{number}\n{group}\n{runnable}\n")
    found = checked([tmp_path], [tmp_path])
    processes.FEWEST = 1000  # the fixture puts it back
    assert found == checked([tmp_path], [tmp_path])
    assert len(found.problems) == 24
