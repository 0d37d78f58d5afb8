"""What no host could be given, found where it is written: words, paths and names that no unit of the host holds."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from provisioner.errors import Place
from provisioner.package.nodes import Node
from provisioner.resolve.evaluation import Evaluation
from provisioner.resolve.model import Container, File, Mount, Parts, SecretRef, Text
from provisioner.resolve.mounts import BLOBS
from provisioner.resolve.names import hostname, label

RESTARTS: Final = ("no", "on-failure", "unless-stopped", "always")

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def check(container: Container, node: Node, evaluation: Evaluation) -> None:
    """Report it. `node` is what was written of the container, `evaluation` its place."""
    restart = node.entries.get("restart")
    if restart is not None and restart.is_arrow and container.restart not in RESTARTS:
        message = f'expected one of {", ".join(RESTARTS)}, found "{container.restart}"'
        evaluation.problems.error("bad-restart", restart.place(f"{evaluation.path}/restart"), message)
    texts = container.user or container.workdir or container.labels
    if not (texts or container.command or container.entrypoint or container.mounts or container.files):
        return
    for key, code, message, hint in _errors(container):
        evaluation.problems.error(code, _spot(node, key, evaluation), message, hint=hint)
    shown = [("entrypoint", container.entrypoint), ("command", container.command), ("labels", tuple(container.labels.values()))]
    for key, texts in shown:
        secrets = _secrets(texts)
        if secrets:
            message = f"the secret {', '.join(secrets)} would stand where every process of the host reads it: hosts refuse that"
            hint = "give it in an environment variable or a file instead"
            evaluation.problems.warning("visible-secret", _spot(node, key, evaluation), message, hint=hint)


def check_names(containers: Sequence[Container], runnable: str, evaluation: Evaluation) -> None:
    """Containers are reached by their names: no two of a runnable may have the same one."""
    called: dict[str, Container] = {}
    for container in containers:
        one = called.setdefault(label(container.name), container)
        if one is not container:
            message = f"the containers {one.name} and {container.name} would both be called {hostname(one.name, runnable)}"
            evaluation.problems.error("conflict", container.place, message, hint="give one of them another name")


def _errors(container: Container) -> Iterator[tuple[str, str, str, str]]:
    """Key, code, message and hint of each."""
    if any(isinstance(word, str) and (not word or "\x00" in word) for word in container.command):
        message = f"expected words that are not empty and have no NUL characters, found {_listed(container.command)}"
        yield "command", "unwritable-value", message, "a nil word is left out"
    for key, text in (("user", container.user), ("workdir", container.workdir)):
        if _CONTROL.search(text):
            yield key, "unwritable-value", f"expected one line without control characters, found {text!r}", ""
    yield from (("paths", *found) for mount in container.mounts for found in _of_mount(mount))
    yield from (("files", *found) for file in container.files for found in _of_file(file))


def _of_mount(mount: Mount) -> Iterator[tuple[str, str, str]]:
    if _CONTROL.search(f"{mount.host}{mount.container}{mount.options}"):
        message = f"expected paths without control characters, found {mount.host!r}, {mount.container!r}"
        yield "unwritable-value", message, ""
    elif not mount.host.startswith(("/", BLOBS)):
        message = f'expected an absolute path on the host, found "{mount.host}": no user is at home there'
        yield "relative-path", message, "start it with ${monk-volume-path}"


def _of_file(file: File) -> Iterator[tuple[str, str, str]]:
    if ":" in file.path or _CONTROL.search(file.path):
        yield "unwritable-value", f"expected a path without colons and control characters, found {file.path!r}", ""


def _spot(node: Node, key: str, evaluation: Evaluation) -> Place:
    stated = next((name for name in (key, *_ALSO.get(key, ())) if name in node.entries), None)
    return node.key_place(evaluation.path) if stated is None else node.entries[stated].place(f"{evaluation.path}/{stated}")


_ALSO: Final = {"command": ("bash", "cmd"), "paths": ("mounted-volumes",)}


def _secrets(texts: Sequence[Text]) -> tuple[str, ...]:
    pieces = (piece for text in texts if isinstance(text, Parts) for piece in text.pieces)
    return tuple(dict.fromkeys(piece.name for piece in pieces if isinstance(piece, SecretRef)))


def _listed(words: Sequence[Text]) -> str:
    return str([str(word) for word in words])
