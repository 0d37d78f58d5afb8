"""A project of a user's own whose stack is on real hosts, worked with the real engine's command line."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from subprocess import PIPE, STDOUT
from typing import Any

import yaml
from commands import Commands, engine_environment

from provisioner.deploy.hosts import local_disk, local_machine
from provisioner.deploy.hosts.local_process import running
from provisioner.deploy.hosts.local_state import STATE, Machine, find, machines
from provisioner.deploy.operate.sites import BUNDLE

ROOT = Path(__file__).parents[2]
HERE: Mapping[str, object] = {"provisioner:target": {"cloud": "local", "region": "this-machine"}}


class EngineFailure(Exception):  # noqa: N818  (the engine's answer, which tests expect)
    """The engine ended with an error; the text is all that it printed."""


class LocalProject(Commands):
    """`package` is what its stack deploys; `registries` says where hosts find images. `config` may name another target."""

    def __init__(self, folder: Path, stack: str, package: str, registries: Path, config: Mapping[str, object] = HERE) -> None:
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
        self._config: dict[str, object] = {"provisioner:package": package, **config}
        super().__init__(folder, stack, engine_environment(folder, PROVISIONER_LOCAL_REGISTRIES=str(registries)))
        self._write({})
        self._run("stack", "init", stack)

    def configure(self, variables: Mapping[str, Mapping[str, object]], **config: object) -> None:
        """Values for variables, by definition, and for further keys of the stack's configuration."""
        self._config |= {f"provisioner:{key}": value for key, value in config.items()}
        self._write(variables)

    def up(self, *options: str) -> Mapping[str, int]:
        """What the engine did, by operation. Raises `EngineFailure`."""
        return self._changes("up", "--yes", "--skip-preview", *options)

    def shown_up(self) -> str:
        """The same; all that the engine printed."""
        return self._run("up", "--yes", "--skip-preview")

    def destroy(self) -> Mapping[str, int]:
        return self._changes("destroy", "--yes", "--skip-preview")

    def refresh(self) -> Mapping[str, list[str]]:
        """How each host differs from its bundle, as a refresh finds it."""
        self._run("refresh", "--yes", "--skip-preview")
        resources = json.loads(self.state())["deployment"]["resources"]
        bundles = [resource["outputs"] for resource in resources if resource["type"] == BUNDLE]
        return {bundle["host"]: bundle["drift"] for bundle in bundles}

    def interrupted_up(self, at: str) -> str:
        """Ctrl-C in a terminal as soon as `at` is told; all that the engine printed. The update must have failed."""
        command = ["env", "--default-signal=INT", *_pulumi("up", "--yes", "--skip-preview")]
        told: list[str] = []
        with subprocess.Popen(command, **self.how, stdout=PIPE, stderr=STDOUT, start_new_session=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                told.append(line)
                if at in line and not any(at in before for before in told[:-1]):
                    os.killpg(process.pid, signal.SIGINT)
        assert process.returncode != 0, told
        return "".join(told)

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

    def left(self) -> list[str]:
        """The machines and disks of the stack that are there."""
        disks = [file.stem for file in (STATE / "disks").glob("*.img")]
        return [name for name in (*(machine.name for machine in machines()), *disks) if name.startswith(f"{self.stack}-")]

    def clear(self) -> None:
        """Remove whatever is left, without the engine."""
        for name in self.left():
            machine = find(name)
            if machine is not None:
                local_machine.remove(machine, gently=False)
        for name in self.left():
            local_disk.remove(name)

    def _write(self, variables: Mapping[str, object]) -> None:
        file = self.folder / "stacks" / f"Pulumi.{self.stack}.yaml"
        salt = [line for line in (file.read_text().splitlines() if file.exists() else ()) if line.startswith("encryptionsalt")]
        file.write_text("\n".join([yaml.safe_dump({"config": {**self._config, "provisioner:variables": variables}}), *salt]))

    def _changes(self, *words: str) -> Mapping[str, int]:
        self._run(*words)
        last = json.loads(self._run("stack", "history", "--json", "--page-size", "1"))[0]
        return last.get("resourceChanges", {})

    def _run(self, *words: str) -> str:
        command = _pulumi(*words)
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, text=True, capture_output=True, timeout=240, check=False
        )
        if done.returncode:
            raise EngineFailure(f"{done.stdout}\n{done.stderr}")
        return done.stdout


def _pulumi(*words: str) -> list[str]:
    return ["pulumi", *words, "--non-interactive", "--color", "never"]
