"""A project of a user's own whose stack is on this machine, worked with the real engine's command line."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from provisioner.deploy import engine
from provisioner.deploy.hosts.local_process import running
from provisioner.deploy.hosts.local_state import Machine, find

ROOT = Path(__file__).parents[2]


class EngineFailure(Exception):  # noqa: N818  (the engine's answer, which tests expect)
    """The engine ended with an error; the text is all that it printed."""


class LocalProject:
    """`package` is what its stack deploys; `registries` says where hosts find images."""

    def __init__(self, folder: Path, stack: str, package: str, registries: Path) -> None:
        self.folder, self.stack = folder, stack
        program = folder / "stacks"
        program.mkdir(parents=True)
        shutil.copyfile(ROOT / "stacks" / "__main__.py", program / "__main__.py")
        python = Path(sys.executable).parent
        project = {
            "name": "tests",
            "runtime": {"name": "python", "options": {"virtualenv": str(python.parent)}},
            "main": "stacks",
            "stackConfigDir": "stacks",
            "plugins": {"providers": [{"name": "provisioner", "path": str(python)}]},
        }
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
        self._config = {"provisioner:package": package, "provisioner:target": {"cloud": "local", "region": "this-machine"}}
        (folder / "backend").mkdir()
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("PULUMI_", "PROVISIONER_"))}
        self.environment = {
            **engine.environment(engine.require()),
            **inherited,
            "PATH": engine.environment(engine.require())["PATH"],
            # Every cloud's SDK is installed here, whose plugins the engine would look for first; this stack needs none of them.
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_BACKEND_URL": f"file://{folder / 'backend'}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE": "tests",
            "PULUMI_HOME": str(folder / "home"),
            "PROVISIONER_LOCAL_REGISTRIES": str(registries),
        }
        self._write({})
        self._run("stack", "init", stack)

    def configure(self, variables: Mapping[str, Mapping[str, object]]) -> None:
        """Values for variables, by definition."""
        self._write(variables)

    def up(self, *options: str) -> Mapping[str, int]:
        """What the engine did, by operation. Raises `EngineFailure`."""
        return self._changes("up", "--yes", "--skip-preview", *options)

    def destroy(self) -> Mapping[str, int]:
        return self._changes("destroy", "--yes", "--skip-preview")

    def outputs(self) -> Mapping[str, Any]:
        return json.loads(self._run("stack", "output", "--json"))

    def machine(self, host: str) -> Machine:
        """The machine that is this host of the plan."""
        found = find(self.outputs()["hosts"][host]["id"])
        assert found is not None
        assert running(found)
        return found

    def state(self) -> str:
        return self._run("stack", "export")

    def _write(self, variables: Mapping[str, object]) -> None:
        file = self.folder / "stacks" / f"Pulumi.{self.stack}.yaml"
        salt = [line for line in (file.read_text().splitlines() if file.exists() else ()) if line.startswith("encryptionsalt")]
        file.write_text("\n".join([yaml.safe_dump({"config": {**self._config, "provisioner:variables": variables}}), *salt]))

    def _changes(self, *words: str) -> Mapping[str, int]:
        self._run(*words)
        last = json.loads(self._run("stack", "history", "--json", "--page-size", "1"))[0]
        return last.get("resourceChanges", {})

    def _run(self, *words: str) -> str:
        command = ["pulumi", *words, "--non-interactive", "--color", "never"]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=240, check=False
        )
        if done.returncode:
            raise EngineFailure(f"{done.stdout}\n{done.stderr}")
        return done.stdout
