"""The hosts of the stack that a command means: real ones, or those of the project's sandbox."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provisioner.errors import EngineError, HostError

if TYPE_CHECKING:
    from provisioner.deploy.operate.names import Target
    from provisioner.deploy.operate.sites import Site

deployed_option: Callable[..., Any] = click.option(
    "--stack", metavar="STACK", help="The deployed stack. Default: the one that `pulumi stack select` chose."
)


def real_hosts(stack: str | None) -> "tuple[Site, ...]":
    """The hosts of a stack that are reached over a shell.

    () where it is simulated: under `sandbox run`, and where only the sandbox has it. Raises `EngineError` where no such stack is.
    """
    from provisioner.deploy.operate.sites import read

    if "PROVISIONER_SANDBOX" in os.environ:
        return ()
    try:
        return tuple(site for site in read(stack, Path.cwd()) if not site.is_simulated)
    except EngineError as error:
        if is_simulated(stack):
            return ()
        if inside := _simulated():
            raise EngineError(f"{error}\nthis project's sandbox has the stacks {', '.join(inside)}") from None
        raise


def is_simulated(stack: str | None) -> bool:
    """Whether the project's sandbox has this stack; without a name, whether it has any."""
    inside = _simulated()
    return stack in inside if stack else bool(inside)


def real_targets(stack: str | None) -> "tuple[Target, ...]":
    """The containers of a stack's hosts. Raises `HostError` where its hosts are simulated, or it has none."""
    from provisioner.deploy.operate.names import targets

    hosts = real_hosts(stack)
    if hosts:
        return targets(hosts)
    what = f"the stack {stack}" if stack else "this stack"
    if "PROVISIONER_SANDBOX" in os.environ or is_simulated(stack):
        raise HostError(
            f"the hosts of {what} are simulated and run no containers; `provisioner ps` shows what real ones would run"
        )
    raise HostError(f"{what} has no hosts: `pulumi up` makes them")


def _simulated() -> list[str]:
    from provisioner.sandbox.project import project_folder, simulated_stacks

    return simulated_stacks(project_folder(Path.cwd()))
