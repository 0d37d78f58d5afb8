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
from provisioner.sandbox.registry import Catalog, load_catalogs
from provisioner.sandbox.state import State

PASSPHRASE = "sandbox"  # noqa: S105  (protects nothing: a simulated cloud's stack, kept beside the program)
"""The passphrase of stacks whose backend the sandbox chooses, where `PULUMI_CONFIG_PASSPHRASE` is not set."""


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
    runs. Interrupts go to the command, which ends in its own time.
    """
    with sandbox(state=state) as inside:
        variables = {**os.environ, **inside}
        if Path(command[0]).name == "pulumi":
            variables |= pulumi_environment(folder or Path.cwd(), engine)
        return _wait(_start(command, variables, folder))


def pulumi_environment(folder: Path, engine: Path | None = None) -> Mapping[str, str]:
    """What `pulumi` needs beside the providers: itself and this Python on PATH, and a backend where none is chosen.

    The backend is `.provisioner/` in the folder of the project, which is made. Its stacks describe simulated clouds only,
    so a fixed passphrase stands in where the user has set none.
    """
    first = [str(Path(sys.executable).parent)]
    found = engine or cached_engine()
    if found is not None:
        first.insert(0, str(found))
    variables = {"PATH": os.pathsep.join((*first, os.environ.get("PATH", ""))), "PULUMI_SKIP_UPDATE_CHECK": "true"}
    if "PULUMI_BACKEND_URL" not in os.environ and not _is_logged_in():
        backend = _project_folder(folder) / ".provisioner"
        backend.mkdir(exist_ok=True)
        variables["PULUMI_BACKEND_URL"] = f"file://{backend}"
        if not os.environ.keys() & {"PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"}:
            variables["PULUMI_CONFIG_PASSPHRASE"] = PASSPHRASE
    return variables


def cached_engine() -> Path | None:
    """The folder of the newest engine that `provisioner engine install` has put into the cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "provisioner" / "engine"
    installed = [path for path in cache.glob("v*") if (path / "pulumi").exists()]
    return max(installed, key=lambda path: [int(number) for number in re.findall(r"\d+", path.name)], default=None)


def _is_logged_in() -> bool:
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    credentials = home / "credentials.json"
    return credentials.exists() and re.search(r'"current"\s*:\s*"[^"]', credentials.read_text(encoding="utf-8")) is not None


def _project_folder(folder: Path) -> Path:
    """The nearest folder upwards with a project file, where Pulumi looks for it as well."""
    candidates = (folder.resolve(), *folder.resolve().parents)
    return next((path for path in candidates if (path / "Pulumi.yaml").exists()), folder.resolve())


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
