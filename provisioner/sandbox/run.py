"""Any command with the simulated clouds in place of the real ones: `sandbox run -- pulumi up`."""

import signal
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from provisioner.errors import SandboxError
from provisioner.sandbox.project import backend, ensure, project_folder, stacks, state_file, unlock
from provisioner.sandbox.registry import Catalog, load_catalogs
from provisioner.sandbox.state import State


@contextmanager
def sandbox(*, state: Path, catalogs: Mapping[str, Catalog] | None = None) -> Generator[Mapping[str, str]]:
    """Serve the simulated clouds from the file `state`; gives the environment that points an engine at them.

    `catalogs` replaces the real catalogue in tests. Raises `SandboxError` where the state cannot be used.
    """
    from provisioner.sandbox.server import Server

    opened = State(state)
    server = Server(opened, catalogs if catalogs is not None else load_catalogs())
    server.start()
    try:
        yield environment(server.ports, server.hosts_port)
    finally:
        server.stop()
        opened.close()


def environment(ports: Mapping[str, int], hosts_port: int) -> Mapping[str, str]:
    """`PULUMI_DEBUG_PROVIDERS` for the clouds, `PROVISIONER_SANDBOX` for the hosts' transport."""
    providers = ",".join(f"{package}:{port}" for package, port in ports.items())
    return {"PULUMI_DEBUG_PROVIDERS": providers, "PROVISIONER_SANDBOX": f"127.0.0.1:{hosts_port}"}


def run(command: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> int:
    """Run a command inside the sandbox of the project that `folder` lies in, and return its exit status.

    `environment` has the engine on its PATH; the sandbox's own backend and providers are added. Interrupts go to the
    command, which ends in its own time.
    """
    project = project_folder(folder)
    with stacks(project) as keep_salts, sandbox(state=state_file(project)) as inside:
        variables = {**environment, **backend(project), **inside}
        if Path(command[0]).name == "pulumi":
            unlock(project)
            ensure(command, project, variables)
            keep_salts()
        status = _wait(_start(command, variables, folder))
    return status if status >= 0 else 128 - status


def _start(command: Sequence[str], variables: Mapping[str, str], folder: Path) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(command, env=variables, cwd=folder)
    except OSError as error:
        raise SandboxError(f"{command[0]}: cannot be started: {error.strerror}") from error


def _wait(process: "subprocess.Popen[bytes]") -> int:
    """Wait for the command and pass signals on. A terminal sends Ctrl-C to it as well: once is enough."""

    def forward(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        process.send_signal(number)

    wanted = {signal.SIGTERM: forward, signal.SIGINT: signal.SIG_IGN if sys.stdin.isatty() else forward}
    previous = {number: signal.signal(number, handler) for number, handler in wanted.items()}
    try:
        return process.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
