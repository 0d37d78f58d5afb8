"""Which Pulumi CLI is used, and how to get one: PATH, the official download, or a build from Go modules.

The built engine needs a Python language host beside it; `engine/` in the source tree (`_engine/` in the wheel) holds one
`go.mod` for each. Binaries are kept outside the project, by version, under the user's cache folder.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from provisioner.errors import EngineError

MINIMUM = (3, 219, 0)
"""The first version that knows every key of our `Pulumi.yaml` (`requiredPulumiVersion`)."""
VERSION = "3.256.0"
"""The version that `install` gets: the newest whose command is a Go module."""

Progress = Callable[[str], None]
Source = Literal["PATH", "download", "build"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A usable Pulumi CLI. `folder` holds `pulumi` and, unless it is on PATH already, the language host."""

    folder: Path
    version: str
    source: Source


def find() -> Engine | None:
    """The engine that will be used: `pulumi` on PATH from 3.219 on, else one that `install` got before."""
    on_path = shutil.which("pulumi")
    candidates: list[tuple[Path, Source]] = [
        (_download_root() / "bin" / "pulumi", "download"),
        (_build_root() / "pulumi", "build"),
    ]
    if on_path is not None:
        candidates.insert(0, (Path(on_path).resolve(), "PATH"))
    return next(_usable(candidates), None)


def require() -> Engine:
    engine = find()
    if engine is None:
        raise EngineError("no Pulumi CLI from 3.219 on was found; `provisioner engine install` gets one")
    return engine


def install(progress: Progress) -> Engine:
    """The engine in use, got first where there is none. `progress` receives one line per step."""
    found = find()
    if found is not None:
        return found
    reason = _download(progress)
    if reason:
        progress(f"official download not possible here ({reason})")
        _build(progress)
    return require()


def environment(engine: Engine) -> dict[str, str]:
    """This process's environment with PATH leading to the running interpreter's programs, then to the engine.

    The program and our provider plugin must run with the packages of this interpreter, whatever else is installed.
    """
    folders = [str(Path(sys.executable).parent), str(engine.folder), os.environ.get("PATH", "")]
    return {**os.environ, "PATH": os.pathsep.join(folders), "PULUMI_SKIP_UPDATE_CHECK": "true"}


def cache_folder() -> Path:
    """`$PROVISIONER_CACHE`, else `provisioner` in the user's cache folder."""
    stated = os.environ.get("PROVISIONER_CACHE")
    if stated:
        return Path(stated)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "provisioner"


def _usable(candidates: list[tuple[Path, Source]]) -> Iterator[Engine]:
    for path, source in candidates:
        version = _version(path)
        if version >= MINIMUM:
            yield Engine(folder=path.parent, version=".".join(map(str, version)), source=source)


def _version(binary: Path) -> tuple[int, ...]:
    """`(3, 256, 0)`; empty where there is no such program or it does not answer."""
    if not binary.is_file():
        return ()
    try:
        answer = subprocess.run([str(binary), "version"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    match = re.search(r"(\d+)\.(\d+)\.(\d+)", answer.stdout)
    return tuple(int(part) for part in match.groups()) if match else ()


def _download(progress: Progress) -> str:
    """Run the official installer; "" or the reason why it could not."""
    import pulumi.automation as auto
    from semver import VersionInfo

    progress(f"downloading Pulumi {VERSION} with its official installer")
    try:
        auto.PulumiCommand.install(root=str(_download_root()), version=VersionInfo.parse(VERSION))
    except (OSError, subprocess.SubprocessError, auto.InvalidVersionError) as error:
        return str(error).strip().splitlines()[0]
    return ""


def _build(progress: Progress) -> None:
    go = shutil.which("go")
    if go is None:
        raise EngineError("no Pulumi CLI: none on PATH, no download, and no Go (1.25 or newer) to build one with")
    target = _build_root()
    partial = target.with_name(f"{target.name}.partial-{os.getpid()}")
    partial.mkdir(parents=True, exist_ok=True)
    progress(f"building Pulumi {VERSION} from Go modules (about five minutes on two cores, once)")
    flags = f"-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{VERSION}"
    _go("cli", go, partial, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", flags)
    progress("building its Python language host (half a minute)")
    _go("language-python", go, partial, "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python", "-s -w")
    _copy_launcher(go, partial)
    shutil.rmtree(target, ignore_errors=True)
    partial.rename(target)
    progress(f"built into {target}")


def _go(module: str, go: str, out: Path, package: str, flags: str) -> None:
    command = [go, "build", "-trimpath", "-ldflags", flags, "-o", str(out / package.rsplit("/", 1)[1]), package]
    built = subprocess.run(command, cwd=_modules() / module, capture_output=True, text=True, check=False)
    if built.returncode:
        raise EngineError(f"`go build {package}` failed:\n{built.stderr.strip()[-2000:]}")


def _copy_launcher(go: str, out: Path) -> None:
    """The language host starts this script, which lies beside its source in the module."""
    command = [go, "list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"]
    listed = subprocess.run(command, cwd=_modules() / "language-python", capture_output=True, text=True, check=False)
    if listed.returncode:
        raise EngineError(f"`go list` failed:\n{listed.stderr.strip()[-2000:]}")
    name = "pulumi-language-python-exec"
    launcher = out / name
    shutil.copyfile(Path(listed.stdout.strip()) / "python" / "cmd" / name, launcher)
    launcher.chmod(0o755)


def _modules() -> Path:
    """The folder of the Go modules: `_engine` in an installed wheel, `engine` in the source tree."""
    package = Path(__file__).parent.parent
    installed = package / "_engine"
    return installed if installed.is_dir() else package.parent / "engine"


def _download_root() -> Path:
    return cache_folder() / "engine" / f"official-v{VERSION}"


def _build_root() -> Path:
    return cache_folder() / "engine" / f"v{VERSION}"
