"""A project's stacks inside the sandbox: a backend of their own, made when first used, and a stack file left as it was.

A simulated stack must never share a backend with a real one of the same name: its state would describe resources that the
real cloud does not have. So the sandbox keeps its own in `.provisioner/`, whatever login or `PULUMI_BACKEND_URL` there is.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from provisioner.errors import SandboxError

PASSPHRASE = "sandbox"  # noqa: S105  (protects nothing: the stacks describe simulated clouds)
"""The passphrase of the sandbox's stacks where the user has set none."""

_SALT = re.compile(r"^encryptionsalt: .*\n?", re.MULTILINE)


def project_folder(start: Path) -> Path:
    """The nearest folder upwards with a project file, where Pulumi looks for it as well; else `start`."""
    candidates = (start.resolve(), *start.resolve().parents)
    return next((path for path in candidates if (path / "Pulumi.yaml").exists()), start.resolve())


def backend(project: Path) -> Mapping[str, str]:
    """The environment that leads the engine to the sandbox's own backend. Makes its folder."""
    folder = project / ".provisioner" / "backend"
    folder.mkdir(parents=True, exist_ok=True)
    home = project / ".provisioner" / "home"
    _link_plugin(home)
    address = f"file://{folder}?metadata=skip"  # a killed engine leaves metadata torn, and then reads none of it
    variables = {"PULUMI_BACKEND_URL": address, "PULUMI_HOME": str(home), "PULUMI_IGNORE_AMBIENT_PLUGINS": "true"}
    if not os.environ.keys() & {"PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"}:
        variables["PULUMI_CONFIG_PASSPHRASE"] = PASSPHRASE
    return variables


def state_file(project: Path) -> Path:
    """Where the simulated clouds of a project are kept."""
    return project / ".provisioner" / "clouds.sqlite"


def forget(project: Path) -> None:
    """Remove the simulated clouds of a project and the stacks that describe them. Nothing else lies there."""
    shutil.rmtree(project / ".provisioner", ignore_errors=True)


def unlock(project: Path) -> list[Path]:
    """Remove the locks of engines that died on this machine without giving them up; gives what was removed.

    In a real backend the user decides with `pulumi cancel`. Here nobody else can hold one: the backend is this project's.
    """
    locks = [*(project / ".provisioner" / "backend").glob(".pulumi/locks/*/*/*/*.json")]
    stale = [lock for lock in locks if _is_abandoned(lock)]
    for lock in stale:
        lock.unlink(missing_ok=True)
    return stale


@contextmanager
def stacks(project: Path) -> Generator[Callable[[], None]]:
    """Keep the passphrase's salt, which the engine writes into a stack file, out of the user's files.

    A salt that a file already has is the user's and stays, unless a run that was killed left the sandbox's own there. So that
    the next run knows it by then, what this gives is called as soon as the engine may have written one.
    """
    files = {file: file.read_text(encoding="utf-8") for file in _stack_files(project)}
    mine = {file: _SALT.sub("", text) for file, text in files.items() if _is_mine(project, file, text)}
    for file, text in mine.items():
        salt = _kept(project, file)
        if salt.exists():
            _write(file, text.rstrip("\n") + "\n" + salt.read_text(encoding="utf-8"))

    def own() -> list[Path]:
        return [file for file in _stack_files(project) if file in mine or file not in files]

    def keep() -> None:
        for file in own():
            _keep_salt(project, file)

    try:
        yield keep
    finally:
        for file in own():
            _take_salt(project, file)


def ensure(command: Sequence[str], project: Path, environment: Mapping[str, str]) -> None:
    """Make the stack that a `pulumi` command names, or the one a project has, so that the command finds it.

    `pulumi stack …`, `login` and commands without a stack are left alone.
    """
    words = [word for word in command[1:] if not word.startswith("-")]
    if not words or words[0] not in ("up", "update", "preview", "refresh", "destroy", "import", "config"):
        return
    stack = _named(command)
    if stack is None and len(names := stack_names(project)) == 1:
        stack = names[0]
    if stack is None:
        return
    made = subprocess.run(
        ["pulumi", "stack", "select", "--create", stack],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise SandboxError(f'the stack "{stack}" cannot be made: {made.stderr.strip()}')


def stack_names(project: Path) -> list[str]:
    return [file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in _stack_files(project)]


def simulated_stacks(project: Path) -> list[str]:
    """Names of the stacks that the sandbox's own backend holds."""
    return sorted({file.stem for file in (project / ".provisioner" / "backend").glob(".pulumi/stacks/*/*.json")})


def _is_abandoned(lock: Path) -> bool:
    """Whether the engine that a lock file names is gone. One of another machine may live."""
    try:
        owner = json.loads(lock.read_text(encoding="utf-8"))
        pid, machine = int(owner["pid"]), str(owner["hostname"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    if machine != socket.gethostname():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _link_plugin(home: Path) -> None:
    """Install this interpreter's provider plugin where the engine looks: one found on PATH makes it warn at every run."""
    name = "pulumi-resource-provisioner"
    target = Path(sys.executable).parent / name
    link = home / "plugins" / f"resource-provisioner-v{version('provisioner')}" / name
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink() or link.readlink() != target:
        link.unlink(missing_ok=True)
        link.symlink_to(target)


def _named(command: Sequence[str]) -> str | None:
    for word, following in zip(command, (*command[1:], ""), strict=True):
        if word in ("--stack", "-s"):
            return following
        if word.startswith("--stack="):
            return word.partition("=")[2]
    return None


def _stack_files(project: Path) -> list[Path]:
    """`Pulumi.STACK.yaml` beside the project file or in its `stackConfigDir`."""
    settings = project / "Pulumi.yaml"
    if not settings.is_file():
        return []
    stated = re.search(r"^stackConfigDir:\s*(\S+)", settings.read_text(encoding="utf-8"), re.MULTILINE)
    return sorted((project / stated[1] if stated else project).glob("Pulumi.*.yaml"))


def _is_mine(project: Path, file: Path, text: str) -> bool:
    found, kept = _SALT.search(text), _kept(project, file)
    return found is None or (kept.exists() and kept.read_text(encoding="utf-8") == found[0])


def _kept(project: Path, file: Path) -> Path:
    return project / ".provisioner" / "salts" / file.name


def _take_salt(project: Path, file: Path) -> None:
    if _keep_salt(project, file):
        _write(file, _SALT.sub("", file.read_text(encoding="utf-8")))


def _keep_salt(project: Path, file: Path) -> bool:
    """Note the salt of a stack file as the sandbox's own; gives whether there is one."""
    salt = _SALT.search(file.read_text(encoding="utf-8"))
    if salt is not None:
        kept = _kept(project, file)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(salt[0], encoding="utf-8")
    return salt is not None


def _write(file: Path, text: str) -> None:
    """Whole or not at all, with the file's own permissions."""
    partial = file.with_name(f".{file.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.chmod(file.stat().st_mode)
    partial.replace(file)
