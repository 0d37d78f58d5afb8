"""What definitions say and no later stage carries out yet: each is said aloud, with its place."""

from collections.abc import Iterator

from provisioner.errors import Place, Problems
from provisioner.resolve.model import Container, Later, Parts, Resolved, Runnable
from provisioner.resolve.mounts import BLOBS
from provisioner.resolve.recovery import left_out
from provisioner.script.operators.live import KNOWN_TO_HOSTS


def unplanned(resolved: Resolved, problems: Problems) -> None:
    """A warning for each of them."""
    for runnable in resolved.runnables:
        for what, place in _runnable(runnable):
            problems.warning("not-planned", place, f"{what} is read but not carried out yet")
    for entity in resolved.entities:
        message = f"{entity.name} is an entity of type {entity.type}: it is checked, and nothing is created for it yet"
        problems.warning("not-planned", entity.place, message)


def _runnable(runnable: Runnable) -> Iterator[tuple[str, Place]]:
    yield from left_out(runnable)
    for container in runnable.containers:
        yield from ((f"the mount of {mount.host}", container.place) for mount in container.mounts if mount.host.startswith(BLOBS))
        yield from ((what, container.place) for what in _unknown(container))
    if runnable.liveness is not None:
        yield "the liveness check", runnable.liveness.place


def _unknown(container: Container) -> Iterator[str]:
    """What of its texts no deployment gives it, each operator once."""
    found: dict[str, dict[str, None]] = {}
    for what, name, text in _in_pieces(container):
        for piece in text.pieces:
            if isinstance(piece, Later) and piece.operator not in KNOWN_TO_HOSTS:
                found.setdefault(piece.operator, {})[f"{what} {name}"] = None
    for operator, needed in found.items():
        yield f"`{operator}`, which {' and '.join(needed)} of the container {container.name} needs,"


def _in_pieces(container: Container) -> Iterator[tuple[str, object, Parts]]:
    """What each text with secrets or later values is, its name, and the text."""
    words = (*container.entrypoint, *container.command)
    yield from (("the variable", name, text) for name, text in container.environment.items() if isinstance(text, Parts))
    yield from (("the label", name, text) for name, text in container.labels.items() if isinstance(text, Parts))
    yield from (("the file", file.name, file.contents) for file in container.files if isinstance(file.contents, Parts))
    yield from (("word", number, text) for number, text in enumerate(words, 1) if isinstance(text, Parts))
