"""Call the command line in this process."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from provisioner.cli.main import main


@dataclass(frozen=True)
class Answer:
    status: int
    out: str
    err: str


Call = Callable[..., Answer]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """`call("check", "blueprints")` gives exit status, standard output and standard error."""

    def run(*words: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["provisioner", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Answer(int(ended.value.code or 0), printed.out, printed.err)

    return run
