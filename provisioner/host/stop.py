"""How a container ends: where its first process takes no notice of the stop signal, at once instead of after ten seconds."""

from pathlib import Path
from typing import Final

from provisioner.host.model import HostFile

SCRIPT: Final = "/etc/provisioner/stop.sh"

COMMAND: Final = f"-{SCRIPT} %N"
"""A unit's `ExecStop=`, to which Quadlet adds Podman's own. The unit's name without its ending is the container's."""


def stop_script() -> HostFile:
    """The script that every container's unit of a bundle runs."""
    text = (Path(__file__).parent / "machine" / "stop.sh").read_text(encoding="utf-8")
    return HostFile(path=SCRIPT, contents=text, mode=0o700)
