"""The shell scripts that run on hosts. Each is sent with every use: nothing of them stays there."""

import shlex
from functools import cache
from importlib import resources


def script(name: str, *arguments: str) -> str:
    """The command that runs `remote/NAME.sh`; its first line says what it is, for messages."""
    given = " ".join(map(shlex.quote, arguments))
    return f"# {name} {given}\nset -- {given}\n{_text('common')}{_text(name)}"


@cache
def _text(name: str) -> str:
    return resources.files("provisioner.deploy.hosts").joinpath("remote", f"{name}.sh").read_text("utf-8")
