"""The command line, worked against a stack as a user does."""

import json
import os
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema

from provisioner.deploy import engine

SCHEMAS = Path(__file__).parents[2] / "docs" / "reference" / "schemas"
PROVISIONER = Path(sys.executable).with_name("provisioner")


class Commands:
    """`provisioner VERB …` in a project's folder, with the engine and backend that its environment names."""

    def __init__(self, folder: Path, stack: str, environment: Mapping[str, str]) -> None:
        self.folder, self.stack, self.environment = folder, stack, environment

    def attempt(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Whatever its exit status is."""
        return subprocess.run(self.words(*words), input=given, **self.how, capture_output=True, check=False, timeout=60)

    def call(self, *words: str, given: str = "", status: int = 0) -> subprocess.CompletedProcess[str]:
        done = self.attempt(*words, given=given)
        assert done.returncode == status, done
        return done

    def json_lines(self, *words: str) -> list[Any]:
        """What a command prints with `--json`, an object a line, as its schema has it."""
        told = [json.loads(line) for line in self.call(*words, "--json").stdout.splitlines()]
        schema = json.loads((SCHEMAS / f"{words[0]}.json").read_text())
        for each in told:
            jsonschema.validate(each, schema)
        return told

    @contextmanager
    def following(self, *words: str) -> Generator["subprocess.Popen[str]"]:
        """A command that goes on. Interrupts reach it, even where the tests run in the background of a shell."""
        command = ["env", "--default-signal=INT", *self.words(*words)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, **self.how, stdout=pipe, stderr=pipe) as process:
            try:
                yield process
            finally:
                process.kill()

    def words(self, *words: str) -> list[str]:
        return [str(PROVISIONER), words[0], "--stack", self.stack, *words[1:]]

    @property
    def how(self) -> dict[str, Any]:
        return {"cwd": self.folder, "env": self.environment, "text": True}


def engine_environment(folder: Path, **more: str) -> dict[str, str]:
    """The engine on the path, and a backend of the project's own in `folder`; nothing of who runs the tests."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PULUMI_", "PROVISIONER_"))}
    (folder / "backend").mkdir()
    return {
        **kept,
        "PATH": engine.environment(engine.require())["PATH"],
        "PULUMI_BACKEND_URL": f"file://{folder / 'backend'}?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE": "tests",
        # Every cloud's SDK is installed here, whose plugins the engine would look for first; these stacks need none of them.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        **more,
    }
