"""Images come to a host before anything there is stopped: from their registry, or from an archive for hosts without one."""

import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.hosts.shell import Answer, Shell
from provisioner.errors import HostError

Archives = Mapping[str, str]
"""Image to the path, on this machine, of an archive that holds it."""

NO_ARCHIVES: Final[Archives] = {}
PULL_SECONDS: Final = 1800


def bring(shell: Shell, lacking: Iterable[str], archives: Archives, progress: Progress) -> None:
    """Raises `HostError` for an image that cannot be had, or whose digest is not the one that is asked for."""
    for image in lacking:
        progress.check()
        if image in archives:
            _load(shell, image, Path(archives[image]), progress)
        else:
            _pull(shell, image, progress)


def expect(answer: Answer, otherwise: str) -> None:
    """Raises `HostError` with the last lines of a command that failed, where nothing was changed yet."""
    if not answer.ok:
        words = answer.errors.decode(errors="replace").strip().splitlines()
        told = words[-5:] or [f"status {answer.status}"]
        raise HostError("\n  ".join((f"{otherwise}; what served before serves on", *told)))


def _pull(shell: Shell, image: str, progress: Progress) -> None:
    """Podman itself refuses contents that a digest does not name."""
    progress.tell(f"pulling {image}")
    command = f"podman pull -q --retry 1 {shlex.quote(image)} >/dev/null"
    expect(shell.run(command, seconds=PULL_SECONDS), f"the image {image} cannot be pulled")


def _load(shell: Shell, image: str, archive: Path, progress: Progress) -> None:
    try:
        contents = archive.read_bytes()
    except OSError as error:
        raise HostError(f"the archive of {image} cannot be read: {error}; what served before serves on") from None
    progress.tell(f"loading {image} from {archive.name}")
    refusal = f"the image {image} cannot be loaded from {archive}"
    loaded = shell.run("podman load -q", input=contents, seconds=PULL_SECONDS)
    expect(loaded, refusal)
    if not shell.run(f"podman image exists {shlex.quote(image)}").ok:
        found = ", ".join(loaded.text.replace("Loaded image:", "").split())
        raise HostError(f"{refusal}: it holds {found or 'no image with a name'}; what served before serves on")
