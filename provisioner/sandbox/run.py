"""Any command with the simulated clouds in place of the real ones: `sandbox run -- pulumi up`."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from provisioner.errors import SandboxError
from provisioner.sandbox import project
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


def run(command: Sequence[str], *, state: Path, engine: Path | None = None, folder: Path | None = None) -> int:
    """Run a command inside the sandbox and return its exit status.

    `engine` is the folder of the engine's binaries (by default the newest one in the cache), `folder` where the command
    runs. Whatever the command is, engines that it starts use the sandbox's own backend: simulated resources never reach a
    real stack's state. Interrupts go to the command, which ends in its own time.
    """
    place = project.project_folder(folder or Path.cwd())
    with sandbox(state=state) as inside, project.stacks(place):
        variables = {**os.environ, **inside, **tools(engine), **project.backend(place)}
        if Path(command[0]).name == "pulumi":
            project.ensure(command, place, variables)
        return _wait(_start(command, variables, folder))


def tools(engine: Path | None = None) -> Mapping[str, str]:
    """The environment in which `pulumi` is the engine of the cache and `python` is the one that runs now."""
    found = engine or cached_engine()
    first = [*([str(found)] if found else []), str(Path(sys.executable).parent)]
    return {"PATH": os.pathsep.join((*first, os.environ.get("PATH", ""))), "PULUMI_SKIP_UPDATE_CHECK": "true"}


def cached_engine() -> Path | None:
    """The folder of the newest engine that `provisioner engine install` has put into the cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "provisioner" / "engine"
    installed = [path for path in cache.glob("v*") if (path / "pulumi").exists()]
    return max(installed, key=lambda path: [int(number) for number in re.findall(r"\d+", path.name)], default=None)


def _start(command: Sequence[str], variables: Mapping[str, str], folder: Path | None) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(command, env=variables, cwd=folder)
    except OSError as error:
        raise SandboxError(f"{command[0]}: cannot be started: {error.strerror}") from error


def _wait(process: "subprocess.Popen[bytes]") -> int:
    """Wait for the command. A terminal sends Ctrl-C to it as well; SIGTERM is passed on."""

    def forward(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        process.send_signal(number)

    wanted = {signal.SIGTERM: forward, signal.SIGINT: signal.SIG_IGN}
    previous = {number: signal.signal(number, handler) for number, handler in wanted.items()}
    try:
        return process.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
