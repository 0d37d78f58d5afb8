"""What is attached to a container: mounts, ports, files."""

from dataclasses import dataclass

from provisioner.script.values import Parts

Text = str | Parts
"""A value for a container: known text, or text with secrets or later values in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """A bind mount, or with `volume` a mount of the runnable's or blueprint's named volume."""

    host: str
    container: str
    options: str = ""
    volume: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A container port; `host` is the port on the machine (None: overlay only); `published` opens it to the outside."""

    container: int
    host: int | None = None
    protocol: str = "tcp"
    published: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file written into a container before it starts. `mode` is the permission bits as an integer (0o600)."""

    name: str
    container: str
    path: str
    contents: Text
    mode: int = 0o600
