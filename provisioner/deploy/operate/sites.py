"""The hosts of a stack as its state has them: how each is reached, and the bundle that was last brought there."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from provisioner.deploy import engine
from provisioner.deploy.provider.transport import Machine
from provisioner.deploy.provider.ways import machine_of
from provisioner.errors import EngineError
from provisioner.host import document
from provisioner.host.model import Bundle

BUNDLE: Final = "provisioner:index:Bundle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One host of a stack."""

    stack: str
    machine: Machine
    bundle: Bundle

    @property
    def host(self) -> str:
        """Its name in the plan: `app-1`."""
        return self.machine.host

    @property
    def is_simulated(self) -> bool:
        return self.machine.reach.transport == "sandbox"


def read(stack: str | None, folder: Path) -> tuple[Site, ...]:
    """The hosts of `stack`, or of the one that is selected, through whichever engine and backend the environment gives.

    What the engine exports holds secrets in cipher only, and none is read. Raises `EngineError` where there is no such stack.
    """
    command = ["pulumi", "stack", "export", "--non-interactive", *(["--stack", stack] if stack else [])]
    environment = engine.environment(engine.require())
    asked = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment)
    if asked.returncode:
        raise EngineError(asked.stderr.strip() or "`pulumi stack export` failed")
    return sites(json.loads(asked.stdout))


def sites(exported: Mapping[str, Any]) -> tuple[Site, ...]:
    """From what `pulumi stack export` prints, by name of host."""
    return tuple(sorted(_sites(exported), key=lambda site: site.host))


def _sites(exported: Mapping[str, Any]) -> Iterator[Site]:
    """A resource that waits for its deletion stands for a host that is no longer of the stack."""
    deployment = cast("Mapping[str, Any]", exported.get("deployment") or {})
    for resource in cast("list[Mapping[str, Any]]", deployment.get("resources") or []):
        if resource.get("type") != BUNDLE or resource.get("delete"):
            continue
        outputs = cast("Mapping[str, Any]", resource["outputs"])
        yield Site(
            stack=_stack(resource["urn"]),
            machine=machine_of(outputs),
            bundle=document.from_data(resource["inputs"]["bundle"]),
        )


def _stack(urn: str) -> str:
    """`dev` of `urn:pulumi:dev::project::…`."""
    return urn.split("::", maxsplit=1)[0].rpartition(":")[2]
