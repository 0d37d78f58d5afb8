"""The real engine against the sandbox in this process: no language host, no plugin processes, seconds a case.

    def test_something(simulated):
        stack = simulated(program, config={"aws:region": "eu-west-1"})
        stack.up()

A program is a function that registers resources. The tests' own kinds go in by `catalogs`; without, it is the real
catalogue. Resources can be registered by token, `pulumi.CustomResource("aws:ec2/vpc:Vpc", "v", {...})`, which needs no SDK.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pulumi import automation

from provisioner.sandbox.hosts import bundles
from provisioner.sandbox.kinds import Properties
from provisioner.sandbox.run import sandbox
from provisioner.sandbox.state import Resource, opened

Program = Callable[[], None]

PASSPHRASE = "tests"
CONFIG = {"aws:region": "eu-west-1", "gcp:project": "tests", "gcp:region": "europe-west1", "azure-native:location": "westeurope"}


class EngineFailure(Exception):  # noqa: N818  (the engine's answer, which tests expect)
    """The engine ended with an error; the text is all that it printed."""


class Harness:
    """One stack `dev` in a temporary folder, on simulated clouds whose state outlives each operation."""

    def __init__(
        self,
        folder: Path,
        command: automation.PulumiCommand,
        program: Program,
        *,
        config: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        catalogs: Mapping[str, Any] | None = None,
        project: str = "tests",
    ) -> None:
        self.folder = folder
        self.root = Path(command.command).parents[1]
        """Where the engine is, as `automation.PulumiCommand` takes it."""
        self.state_file = folder / "sandbox.db"
        self.project = folder / project
        (folder / "backend").mkdir(parents=True, exist_ok=True)
        self.project.mkdir()
        self._serving = sandbox(state=self.state_file, catalogs=catalogs)
        variables = {
            "PULUMI_BACKEND_URL": f"file://{folder / 'backend'}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            **self._serving.__enter__(),
            **(environment or {}),
        }
        self.environment = variables
        settings = automation.StackSettings(config={**CONFIG, **(config or {})})
        options = automation.LocalWorkspaceOptions(
            pulumi_command=command, env_vars=variables, work_dir=str(self.project), stack_settings={"dev": settings}
        )
        self._stack = automation.create_stack("dev", project_name=project, program=program, opts=options)

    def use(self, program: Program) -> "Harness":
        """The same stack with another program."""
        self._stack.workspace.program = program
        return self

    def configure(self, config: Mapping[str, str]) -> None:
        self._stack.set_all_config({name: automation.ConfigValue(value) for name, value in config.items()})

    def unlock(self) -> None:
        """Remove the lock that a killed engine left."""
        self._stack.cancel()

    def up(self) -> Mapping[str, int]:
        """What the engine did, by operation: `{"create": 3}`. Raises `EngineFailure`."""
        return self._run(lambda: self._stack.up(color="never").summary.resource_changes)

    def preview(self) -> Mapping[str, int]:
        return self._run(lambda: self._stack.preview(color="never").change_summary)

    def refresh(self) -> Mapping[str, int]:
        return self._run(lambda: self._stack.refresh(color="never").summary.resource_changes)

    def destroy(self) -> Mapping[str, int]:
        return self._run(lambda: self._stack.destroy(color="never").summary.resource_changes)

    def outputs(self) -> Mapping[str, Any]:
        return {name: output.value for name, output in self._stack.outputs().items()}

    def export(self) -> Mapping[str, Any]:
        """The engine's state, as it is stored."""
        file = self.folder / "backend" / ".pulumi" / "stacks" / self.project.name / "dev.json"
        return json.loads(file.read_text(encoding="utf-8"))["checkpoint"]["latest"]

    def cloud_ids(self) -> set[str]:
        """`engine_ids` without what our own provider keeps: secrets, and bundles on hosts."""
        return {each["id"] for each in self._custom() if not each["type"].startswith("provisioner:")}

    def engine_ids(self) -> set[str]:
        """Ids of the resources in the engine's state, providers and stack left out."""
        return {each["id"] for each in self._custom()}

    def _custom(self) -> list[Mapping[str, Any]]:
        resources = self.export().get("resources", [])
        return [each for each in resources if each.get("custom") and not each["type"].startswith("pulumi:")]

    def exists(self) -> list[Resource]:
        """What exists in the simulated clouds."""
        with opened(self.state_file) as state:
            return state.select("TRUE")

    def bundles(self) -> list[dict[str, Any]]:
        """What the simulated hosts run."""
        with opened(self.state_file) as state:
            return bundles(state)

    def drift(self, token: str, changes: Properties) -> int:
        """Change the resources of a type by hand, behind the engine's back; gives how many there are."""
        with opened(self.state_file) as state:
            found = state.select("token = ?", token)
            for each in found:
                inputs = {**each.inputs, **{name: value for name, value in changes.items() if name in each.inputs}}
                state.save(replace(each, inputs=inputs, outputs={**each.outputs, **changes}))
        return len(found)

    def remove(self, token: str) -> Resource:
        """Delete the first resource of a type by hand."""
        with opened(self.state_file) as state:
            found = state.select("token = ?", token)[0]
            assert state.first_holder(found) is None
            state.delete(found)
        return found

    def close(self) -> None:
        self._serving.__exit__(None, None, None)

    def _run(self, operation: Callable[[], Mapping[Any, int] | None]) -> Mapping[str, int]:
        try:
            return {str(name): count for name, count in (operation() or {}).items()}
        except automation.CommandError as error:
            raise EngineFailure(str(error)) from error
